"""A review of one period: its roll, the files that came, what they say and what was wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "cycles",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("regulation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", name="pk_cycles"),
        among("cycles", "cadence", "month quarter half year term"),
        among("cycles", "state", "open reviewed approved closed"),
    )
    op.create_table(
        "received_files",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("stored_path", sa.Text(), nullable=False),
        sa.Column("period", sa.Text()),
        sa.Column("unit", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("version", WHOLE),
        sa.Column("findings", WHOLE, nullable=False),
        sa.Column("repairs", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_received_files"),
        sa.UniqueConstraint("channel", "channel_id", name="uq_received_files_natural"),
        among("received_files", "state", "waiting checked set_aside duplicate"),
        among("received_files", "verdict", "accepted remarked partial returned unreadable"),
    )
    op.create_index("ix_received_files_period_unit", "received_files", ["period", "unit"])
    op.create_index("ix_received_files_sha256", "received_files", ["sha256"])
    op.create_table(
        "submissions",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("file", WHOLE, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("cover", JSON, nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("shape", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.ForeignKeyConstraint(["file"], ["received_files.id"], name="fk_submissions_file"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_submissions_unit"),
        sa.UniqueConstraint("file", name="uq_submissions_natural"),
        sa.CheckConstraint("not (standing and digest = '')", name="ck_submissions_standing"),
    )
    op.create_index("ix_submissions_period_unit", "submissions", ["period", "unit"])
    op.create_index(
        "ux_submissions_standing",
        "submissions",
        ["period", "unit", "form"],
        unique=True,
        sqlite_where=sa.text("standing"),
        postgresql_where=sa.text("standing"),
    )
    op.create_table(
        "roll_entries",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("received", sa.Boolean(), nullable=False),
        sa.Column("received_at", INSTANT),
        sa.Column("late_days", WHOLE, nullable=False),
        sa.Column("counted", WHOLE),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "unit", name="pk_roll_entries"),
        sa.ForeignKeyConstraint(["counted"], ["submissions.id"], name="fk_roll_entries_counted"),
        sa.ForeignKeyConstraint(["period"], ["cycles.period"], name="fk_roll_entries_period"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_roll_entries_unit"),
        among("roll_entries", "state", "missing accepted returned nil set_aside"),
        among("roll_entries", "verdict", "accepted remarked partial returned unreadable"),
    )
    op.create_table(
        "extensions",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("days", WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", "unit", name="pk_extensions"),
        sa.ForeignKeyConstraint(["period"], ["cycles.period"], name="fk_extensions_period"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_extensions_unit"),
        sa.CheckConstraint("days > 0", name="ck_extensions_days"),
    )
    op.create_table(
        "findings",
        sa.Column("file", WHOLE, nullable=False, autoincrement=False),
        sa.Column("n", WHOLE, nullable=False, autoincrement=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file", "n", name="pk_findings"),
        sa.ForeignKeyConstraint(["file"], ["received_files.id"], name="fk_findings_file"),
        among("findings", "severity", "must_fix must_explain note"),
    )
    op.create_table(
        "work_lines",
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("cadre", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("work", sa.Text()),
        sa.Column("content", sa.Text()),
        sa.Column("coef", WHOLE),
        sa.Column("due", sa.Date()),
        sa.Column("assigned", WHOLE),
        sa.Column("done", WHOLE),
        sa.Column("faulty", WHOLE),
        sa.Column("fault_times", WHOLE),
        sa.Column("fault_excused", sa.Text()),
        sa.Column("late", WHOLE),
        sa.Column("late_times", WHOLE),
        sa.Column("late_excused", sa.Text()),
        sa.Column("proof", sa.Text()),
        sa.Column("programme", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line", name="pk_work_lines"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_work_lines_submission"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "general_marks",
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("cadre", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("rater", sa.Text()),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("total", WHOLE),
        sa.Column("note", sa.Text()),
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line", name="pk_general_marks"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_general_marks_submission"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leader_marks",
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("cadre", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("d", sa.Text()),
        sa.Column("dd", sa.Text()),
        sa.Column("e", sa.Text()),
        sa.Column("evidence", sa.Text()),
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line", name="pk_leader_marks"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_leader_marks_submission"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "roster_changes",
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("event", sa.Text()),
        sa.Column("cadre", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("birth", sa.Date()),
        sa.Column("group", sa.Text()),
        sa.Column("engagement", sa.Text()),
        sa.Column("share", WHOLE),
        sa.Column("on", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("document", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line", name="pk_roster_changes"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_roster_changes_submission"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "programme_lines",
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("code", sa.Text()),
        sa.Column("when", sa.Text()),
        sa.Column("content", sa.Text()),
        sa.Column("product", sa.Text()),
        sa.Column("owner", sa.Text()),
        sa.Column("due", sa.Date()),
        sa.Column("status", sa.Text()),
        sa.Column("finished", sa.Date()),
        sa.Column("parent", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line", name="pk_programme_lines"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_programme_lines_submission"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "other_lines",
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line", "sheet", name="pk_other_lines"),
        sa.ForeignKeyConstraint(
            ["submission"], ["submissions.id"], name="fk_other_lines_submission"
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("other_lines")
    op.drop_table("programme_lines")
    op.drop_table("roster_changes")
    op.drop_table("leader_marks")
    op.drop_table("general_marks")
    op.drop_table("work_lines")
    op.drop_table("findings")
    op.drop_table("extensions")
    op.drop_table("roll_entries")
    op.drop_table("submissions")
    op.drop_table("received_files")
    op.drop_table("cycles")
