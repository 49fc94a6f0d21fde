"""What is needed to answer units: acts on files and periods, explanations, a report's substance,
and the letters that say so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.post import LetterKind

revision = "0010"
down_revision = "0009"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIRST_KINDS = ("unit_returned", "unit_result", "unit_reminder", "cadre_result", "office_digest")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def letter_kinds(kinds: tuple[str, ...]) -> None:
    """The kinds of letters are those of the program: several steps add some, in any order."""
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint("ck_letters_kind", type_="check")
        letters.create_check_constraint("ck_letters_kind", f'"kind" in ({allowed})')


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
    letter_kinds(tuple(kind.value for kind in LetterKind))


def downgrade() -> None:
    letter_kinds(FIRST_KINDS)
    op.drop_table("explanations")
    op.drop_table("acts")
    op.drop_index("ix_submissions_period_substance", "submissions")
    op.drop_column("submissions", "substance")
