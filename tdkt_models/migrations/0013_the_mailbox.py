"""The mails that came in, and which files were answered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATES = "taken no_report stranger too_many broken automatic loop bounce again settled"


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("stored_path", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("thread", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("beside", JSON, nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("vouched", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.UniqueConstraint("channel_id", name="uq_mails_natural"),
        sa.CheckConstraint(f'"state" in ({among(STATES)})', name="ck_mails_state"),
    )
    op.create_index("ix_mails_sha256", "mails", ["sha256"])
    op.create_index("ix_mails_sender_received_at", "mails", ["sender", "received_at"])
    op.create_index("ix_mails_state", "mails", ["state"])
    op.create_table(
        "answers",
        sa.Column("file", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("file", name="pk_answers"),
        sa.ForeignKeyConstraint(["file"], ["received_files.id"], name="fk_answers_file"),
    )
    # What was judged before there were answers needs none.
    op.execute(
        "insert into answers (file, kind, person, at, run) "
        "select id, '', '', at, run from received_files where state <> 'waiting'"
    )


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("mails")


def among(words: str) -> str:
    return ", ".join(f"'{word}'" for word in words.split())


def written() -> tuple[sa.Column[Any], ...]:
    return sa.Column("at", INSTANT, nullable=False), sa.Column("run", sa.Text(), nullable=False)
