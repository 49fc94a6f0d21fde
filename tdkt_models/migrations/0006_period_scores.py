"""Results of quarters, years and terms; the bounds of a card that still waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def upgrade() -> None:
    for column in ("low", "high"):
        op.add_column("scorecards", sa.Column(column, WHOLE))
    op.create_table(
        "period_scores",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("cadre", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("score", WHOLE),
        sa.Column("so_far", WHOLE),
        sa.Column("low", WHOLE, nullable=False),
        sa.Column("high", WHOLE, nullable=False),
        sa.Column("counted", WHOLE, nullable=False),
        sa.Column("due", WHOLE, nullable=False),
        sa.Column("provisional", sa.Text()),
        sa.Column("grade", sa.Text()),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "basis", "cadre", name="pk_period_scores"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.code"], name="fk_period_scores_cadre"),
        sa.ForeignKeyConstraint(["period"], ["cycles.period"], name="fk_period_scores_period"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_period_scores_unit"),
        among("period_scores", "status", "OK INSUFFICIENT_DATA EXCLUDED"),
        among("period_scores", "basis", "tam_tinh chinh_thuc"),
        among("period_scores", "rule", "MEAN_OF_MONTHS MEAN_OF_QUARTERS"),
        among("period_scores", "provisional", "HTXSNV HTTNV HTNV KHTNV"),
        among("period_scores", "grade", "HTXSNV HTTNV HTNV KHTNV"),
    )
    op.create_index("ix_period_scores_period_unit", "period_scores", ["period", "unit"])


def downgrade() -> None:
    op.drop_table("period_scores")
    for column in ("high", "low"):
        op.drop_column("scorecards", column)
