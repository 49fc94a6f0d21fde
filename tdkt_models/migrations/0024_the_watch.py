"""Alarms told to the office, when schedules last ran and when they did not, and what was held."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "failed crashed late stuck silent waiting undecided caught_up unwell locked_out"


def written() -> tuple[sa.Column[Any], ...]:
    return sa.Column("at", INSTANT, nullable=False), sa.Column("run", sa.Text(), nullable=False)


def upgrade() -> None:
    allowed = ", ".join(f"'{kind}'" for kind in KINDS.split())
    op.create_table(
        "alarms",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("times", WHOLE, nullable=False),
        sa.Column("over_at", INSTANT),
        *written(),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
        sa.CheckConstraint(f'"kind" in ({allowed})', name="ck_alarms_kind"),
    )
    op.create_index("ix_alarms_kind_key", "alarms", ["kind", "key"])
    op.create_table(
        "beats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", INSTANT, nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("name", name="pk_beats"),
    )
    op.create_table(
        "outages",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("id", name="pk_outages"),
    )
    op.create_table(
        "held_periods",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("ended", INSTANT, nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("period", name="pk_held_periods"),
    )


def downgrade() -> None:
    for table in ("held_periods", "outages", "beats", "alarms"):
        op.drop_table(table)
