"""Letters are pressed with the phrases they share. Those that are there stay as they are: their
bytes say that they were pressed without. Going back, all are."""

from __future__ import annotations

from alembic import op

from tdkt_models.packed import WITH_PHRASES, opened, pressed

revision = "0032"
down_revision = "0031"
AT_ONCE = 500


def upgrade() -> None:
    pass


def downgrade() -> None:
    conn = op.get_bind()
    mark = "%s" if conn.dialect.name == "postgresql" else "?"
    ids = list(conn.exec_driver_sql("select id from letters order by id").scalars())
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = f"select id, payload from letters where id between {some[0]} and {some[-1]}"
        rows = [
            (pressed(opened(bytes(small))), number)
            for number, small in conn.exec_driver_sql(found)
            if small[1] & WITH_PHRASES
        ]
        if rows:
            conn.exec_driver_sql(f"update letters set payload = {mark} where id = {mark}", rows)
