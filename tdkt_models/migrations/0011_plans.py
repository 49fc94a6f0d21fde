"""The plans with their versions, the changes proposed to them, the figures these rest on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = (
    "dao_tao chuong_trinh to_chuc quy_hoach tao_nguon kiem_tra tu_ren_luyen phong_trao "
    "khen_thuong luan_chuyen"
)


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False)


def stamped() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("at", INSTANT, nullable=False), text("run")


def upgrade() -> None:
    op.create_table(
        "plan_versions",
        *(text("kind"), text("period"), whole("version"), text("who"), text("note")),
        *stamped(),
        sa.PrimaryKeyConstraint("kind", "period", "version", name="pk_plan_versions"),
        among("plan_versions", "kind", KINDS),
    )
    op.create_table(
        "plan_lines",
        *(text("kind"), text("period"), text("unit"), text("key"), whole("since_version")),
        sa.Column("until_version", WHOLE),
        *(text("content"), text("subject"), text("product"), text("owner")),
        sa.Column("due", sa.Date()),
        text("form"),
        sa.Column("quantity", WHOLE),
        sa.Column("cost", WHOLE),
        *(whole("carried"), text("outcome"), text("outcome_says")),
        *stamped(),
        sa.PrimaryKeyConstraint(
            "kind", "period", "unit", "key", "since_version", name="pk_plan_lines"
        ),
        among("plan_lines", "kind", KINDS),
        among("plan_lines", "outcome", "done not_done unknown"),
        sa.CheckConstraint(
            "until_version is null or until_version > since_version", name="ck_plan_lines_life"
        ),
    )
    op.create_table(
        "plan_changes",
        *(whole("id"), text("kind"), text("period"), text("source"), text("unit"), text("key")),
        *(text("action"), text("state"), text("measure"), text("says")),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("line", JSON, nullable=False),
        *(text("reason"), text("who")),
        sa.Column("decided_at", INSTANT),
        *stamped(),
        sa.PrimaryKeyConstraint("id", name="pk_plan_changes"),
        sa.UniqueConstraint(
            "kind", "period", "source", "unit", "key", name="uq_plan_changes_natural"
        ),
        among("plan_changes", "kind", KINDS),
        among("plan_changes", "action", "add change remove"),
        among("plan_changes", "state", "proposed accepted refused taken_back"),
        sa.CheckConstraint("state != 'refused' or reason != ''", name="ck_plan_changes_refused"),
    )
    op.create_index("ix_plan_changes_source_unit", "plan_changes", ["source", "unit"])
    op.create_table(
        "plan_measures",
        *(text("period"), text("kind"), text("code"), text("label")),
        sa.Column("value", WHOLE),
        *(text("unit"), text("says")),
        sa.Column("low", WHOLE),
        sa.Column("high", WHOLE),
        sa.Column("alarm", sa.Boolean(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        *stamped(),
        sa.PrimaryKeyConstraint("period", "kind", "code", name="pk_plan_measures"),
        among("plan_measures", "kind", KINDS),
    )


def downgrade() -> None:
    for table in ("plan_measures", "plan_changes", "plan_lines", "plan_versions"):
        op.drop_table(table)
