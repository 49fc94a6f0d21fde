"""Results that another office sent, for the roll-up of those who came from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outside_results",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("cadre", sa.Text(), nullable=False),
        sa.Column("total", WHOLE, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "cadre", name="pk_outside_results"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.code"], name="fk_outside_results_cadre"),
        sa.CheckConstraint("total between 0 and 10000", name="ck_outside_results_total"),
    )


def downgrade() -> None:
    op.drop_table("outside_results")
