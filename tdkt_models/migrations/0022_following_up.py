"""What each review saw of the lines of plans; what units add to figures, kept to be summed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = (
    "dao_tao chuong_trinh to_chuc quy_hoach tao_nguon kiem_tra tu_ren_luyen phong_trao "
    "khen_thuong luan_chuyen"
)
OUTCOMES = "done not_done unknown"


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def stamped() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("at", INSTANT, nullable=False), text("run")


def upgrade() -> None:
    key = ("kind", "period", "unit", "key", "review")
    op.create_table(
        "plan_outcomes",
        *map(text, key),
        *(text("outcome"), text("says")),
        *stamped(),
        sa.PrimaryKeyConstraint(*key, name="pk_plan_outcomes"),
        among("plan_outcomes", "kind", KINDS),
        among("plan_outcomes", "outcome", OUTCOMES),
    )
    op.create_index("ix_plan_outcomes_review_unit", "plan_outcomes", ["review", "unit"])
    op.create_table(
        "plan_tallies",
        *(text("period"), text("unit")),
        sa.Column("tallies", JSON, nullable=False),
        *stamped(),
        sa.PrimaryKeyConstraint("period", "unit", name="pk_plan_tallies"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_plan_tallies_unit"),
    )
    with op.batch_alter_table("plan_lines") as lines:
        lines.drop_constraint("ck_plan_lines_outcome", type_="check")
        lines.drop_column("outcome")
        lines.drop_column("outcome_says")
    op.create_index("ix_plan_lines_period_unit", "plan_lines", ["period", "unit"])


def downgrade() -> None:
    op.drop_index("ix_plan_lines_period_unit", "plan_lines")
    with op.batch_alter_table("plan_lines") as lines:
        lines.add_column(sa.Column("outcome", sa.Text(), nullable=False, server_default="unknown"))
        lines.add_column(sa.Column("outcome_says", sa.Text(), nullable=False, server_default=""))
        lines.create_check_constraint(
            "ck_plan_lines_outcome", "\"outcome\" in ('done', 'not_done', 'unknown')"
        )
    op.drop_table("plan_tallies")
    op.drop_table("plan_outcomes")
