"""What the cards of each unit were made from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "card_bases",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "unit", name="pk_card_bases"),
        sa.ForeignKeyConstraint(["period"], ["cycles.period"], name="fk_card_bases_period"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_card_bases_unit"),
    )


def downgrade() -> None:
    op.drop_table("card_bases")
