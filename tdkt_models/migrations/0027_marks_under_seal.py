"""Marks that raters hand in on slips of their own, under seal; their files have a state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATES = "waiting checked set_aside duplicate trial"
KEY = ("period", "cadre", "role", "rater")


MINE = "(unit = any (string_to_array(current_setting('tdkt.units', true), ',')))"  # as in 0025


def _states(words: str) -> None:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    with op.batch_alter_table("received_files") as files:
        files.drop_constraint("ck_received_files_state", type_="check")
        files.create_check_constraint("ck_received_files_state", f'"state" in ({allowed})')


def upgrade() -> None:
    op.create_table(
        "ratings",
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*KEY, "unit", "file")),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("marks", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_ratings"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.code"], name="fk_ratings_cadre"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_ratings_unit"),
        sa.CheckConstraint("(opened_at is null) = (marks is null)", name="ck_ratings_opened"),
        sa.CheckConstraint("role in ('tu_cham', 'quan_ly', 'tham_quyen')", name="ck_ratings_role"),
    )
    op.create_index("ix_ratings_period_unit", "ratings", ["period", "unit"])
    _states(f"{STATES} slip")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table ratings enable row level security")
        op.execute(
            "create policy whole on ratings using (current_user <> 'tdkt_scope') "
            "with check (current_user <> 'tdkt_scope')"
        )
        op.execute(
            "create policy of_these_units on ratings for select "
            f"using (current_user = 'tdkt_scope' and {MINE})"
        )


def downgrade() -> None:
    op.execute("update received_files set state = 'set_aside' where state = 'slip'")
    _states(STATES)
    op.drop_table("ratings")
