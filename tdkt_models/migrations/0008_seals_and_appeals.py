"""Regulations frozen once used; appeals and corrections after approval."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "regulation_seals",
        *texts("regulation", "period", "digest"),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *texts("run"),
        sa.PrimaryKeyConstraint("regulation", name="pk_regulation_seals"),
    )
    op.create_table(
        "appeals",
        sa.Column("id", WHOLE, nullable=False),
        *texts("period", "cadre", "unit", "kind", "opened_by", "grounds"),
        sa.Column("snapshot", JSON, nullable=False),
        sa.Column("closes_on", sa.Date()),
        *texts("state", "decided_by", "note"),
        sa.Column("outcome", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *texts("run"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.code"], name="fk_appeals_cadre"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_appeals_unit"),
        among("appeals", "kind", "kien_nghi dieu_chinh"),
        among("appeals", "state", "open upheld dismissed"),
    )
    op.create_index("ix_appeals_period_cadre", "appeals", ["period", "cadre"])


def downgrade() -> None:
    op.drop_table("appeals")
    op.drop_table("regulation_seals")
