"""The scorecards, and the tasks of the units' programmes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "scorecards",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("cadre", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("general", WHOLE),
        sa.Column("a", WHOLE),
        sa.Column("b", WHOLE),
        sa.Column("c", WHOLE),
        sa.Column("d", WHOLE),
        sa.Column("dd", WHOLE),
        sa.Column("e", WHOLE),
        sa.Column("mean", WHOLE),
        sa.Column("task_score", WHOLE),
        sa.Column("total", WHOLE),
        sa.Column("provisional", sa.Text()),
        sa.Column("grade", sa.Text()),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.Column("submission", WHOLE),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "cadre", name="pk_scorecards"),
        sa.ForeignKeyConstraint(["cadre"], ["cadres.code"], name="fk_scorecards_cadre"),
        sa.ForeignKeyConstraint(["period"], ["cycles.period"], name="fk_scorecards_period"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_scorecards_submission"
        ),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_scorecards_unit"),
        among("scorecards", "grade", "HTXSNV HTTNV HTNV KHTNV"),
        among("scorecards", "provisional", "HTXSNV HTTNV HTNV KHTNV"),
        among("scorecards", "status", "OK INSUFFICIENT_DATA EXCLUDED"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_scorecards_period_unit", "scorecards", ["period", "unit"])
    op.create_table(
        "programme_tasks",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("finished", sa.Date()),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("carried", WHOLE, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "period", "code", name="pk_programme_tasks"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_programme_tasks_unit"),
        sa.CheckConstraint("carried >= 0", name="ck_programme_tasks_carried"),
        among("programme_tasks", "status", "chua_lam dang_lam xong dung"),
    )
    op.create_index("ix_programme_tasks_period_unit", "programme_tasks", ["period", "unit"])


def downgrade() -> None:
    op.drop_table("programme_tasks")
    op.drop_table("scorecards")
