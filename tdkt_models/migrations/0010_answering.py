"""What is needed to answer units: acts on files and periods, explanations, a report's substance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def upgrade() -> None:
    op.add_column("submissions", sa.Column("substance", sa.Text()))
    op.create_index("ix_submissions_period_substance", "submissions", ["period", "substance"])
    op.create_table(
        "acts",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("file", WHOLE),
        sa.Column("until", INSTANT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acts"),
        sa.ForeignKeyConstraint(["file"], ["received_files.id"], name="fk_acts_file"),
        sa.CheckConstraint("reason <> '' and who <> ''", name="ck_acts_reason"),
        among("acts", "kind", "returned recalled set_aside restored locked reopened"),
    )
    op.create_index("ix_acts_period_unit", "acts", ["period", "unit"])
    op.create_table(
        "explanations",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("file", WHOLE, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_explanations"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_explanations_unit"),
        sa.ForeignKeyConstraint(["file"], ["received_files.id"], name="fk_explanations_file"),
        sa.UniqueConstraint("unit", "period", "check", "subject", name="uq_explanations_natural"),
        sa.CheckConstraint(
            "answer <> 'accepted' or until is not null", name="ck_explanations_until"
        ),
        among("explanations", "answer", "waiting accepted refused"),
    )
    op.create_index("ix_explanations_unit_answer", "explanations", ["unit", "answer"])


def downgrade() -> None:
    op.drop_table("explanations")
    op.drop_table("acts")
    op.drop_index("ix_submissions_period_substance", "submissions")
    op.drop_column("submissions", "substance")
