"""What longer periods stood on when they were held, and a mark wherever that has changed since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "touched_periods",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_touched_periods"),
    )
    op.create_index("ix_touched_periods_period", "touched_periods", ["period"])
    op.create_table(
        "footings",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("seen", WHOLE, nullable=False),
        sa.Column("held", INSTANT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "part", name="pk_footings"),
    )


def downgrade() -> None:
    op.drop_table("footings")
    op.drop_index("ix_touched_periods_period", "touched_periods")
    op.drop_table("touched_periods")
