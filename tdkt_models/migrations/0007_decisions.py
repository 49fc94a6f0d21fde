"""Approvals, approved results, and the quota with the choices made in ties."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
GRADES = "HTXSNV HTTNV HTNV KHTNV"


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def stamped() -> list[sa.Column[Any]]:
    return [sa.Column("at", INSTANT, nullable=False), *texts("run")]


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", WHOLE, nullable=False),
        *texts("period", "stage", "ruling", "who", "note", "unit", "digest"),
        *stamped(),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        among("decisions", "stage", "unit office council"),
        among("decisions", "ruling", "approved refused"),
    )
    op.create_index("ix_decisions_period", "decisions", ["period"])
    op.create_table(
        "results",
        *texts("period", "cadre"),
        sa.Column("version", WHOLE, nullable=False),
        *texts("unit", "status"),
        sa.Column("total", WHOLE),
        sa.Column("by_points", sa.Text()),
        sa.Column("grade", sa.Text()),
        *texts("why"),
        *stamped(),
        sa.PrimaryKeyConstraint("period", "cadre", "version", name="pk_results"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.code"], name="fk_results_cadre"),
        sa.ForeignKeyConstraint(["period"], ["cycles.period"], name="fk_results_period"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_results_unit"),
        among("results", "status", "OK INSUFFICIENT_DATA EXCLUDED"),
        among("results", "by_points", GRADES),
        among("results", "grade", GRADES),
        sa.CheckConstraint("version >= 1", name="ck_results_version"),
    )
    op.create_index("ix_results_period_unit", "results", ["period", "unit"])
    lists = ("chosen", "tied", "displaced", "waiting", "unsettled", "flags", "seats_by_reading")
    op.create_table(
        "quota_lists",
        *texts("period", "scope", "name", "reading"),
        *(
            sa.Column(name, WHOLE, nullable=False)
            for name in ("percent", "rated", "good", "candidates", "seats")
        ),
        *(sa.Column(name, JSON, nullable=False) for name in lists),
        *stamped(),
        sa.PrimaryKeyConstraint("period", "scope", "name", name="pk_quota_lists"),
        among("quota_lists", "scope", "nhom co_quan"),
        among("quota_lists", "reading", "GOOD_ONLY GOOD_OR_BETTER ALL_RATED"),
        sa.CheckConstraint("seats >= 0 and seats <= rated", name="ck_quota_lists_seats"),
    )
    op.create_table(
        "quota_choices",
        sa.Column("id", WHOLE, nullable=False),
        *texts("period", "cadre"),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        *texts("who", "why"),
        *stamped(),
        sa.PrimaryKeyConstraint("id", name="pk_quota_choices"),
    )
    op.create_index("ix_quota_choices_period", "quota_choices", ["period"])


def downgrade() -> None:
    for table in ("quota_choices", "quota_lists", "results", "decisions"):
        op.drop_table(table)
