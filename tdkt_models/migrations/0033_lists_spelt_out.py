"""On SQLite the conditions on words of a list are spelt out (tdkt_models/spelt_out.py). They say
what they said, so that nothing is to be done on the way back."""

from __future__ import annotations

from alembic import op

from tdkt_models.spelt_out import spell_out

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    conn = op.get_bind()
    if conn.dialect.name == "sqlite":
        spell_out(conn)


def downgrade() -> None:
    pass
