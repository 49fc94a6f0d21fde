"""What is known of each unit for the tables of clusters and agencies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    key = ("period", "rubric", "unit", "measure")
    op.create_table(
        "unit_figures",
        *(sa.Column(name, sa.Text(), nullable=False) for name in key),
        *(sa.Column(name, WHOLE) for name in ("actual", "target", "own", "reviewed")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("proof", "source")),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name="pk_unit_figures"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_unit_figures_unit"),
    )


def downgrade() -> None:
    op.drop_table("unit_figures")
