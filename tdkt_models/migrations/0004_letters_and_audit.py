"""The ledger of letters with its attempts, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("letter_key", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("payload_sha", sa.Text(), nullable=False),
        sa.Column("template_sha", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("not_before", INSTANT),
        sa.Column("expires_at", INSTANT),
        sa.Column("lease_token", sa.Text()),
        sa.Column("lease_until", INSTANT),
        sa.Column("smtp_code", WHOLE),
        sa.Column("smtp_text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("message_id", name="uq_letters_message_id"),
        sa.UniqueConstraint("period", "kind", "person", "revision", name="uq_letters_natural"),
        among(
            "letters", "kind", "unit_returned unit_result unit_reminder cadre_result office_digest"
        ),
        sa.CheckConstraint(
            "(lease_token is not null) = (state in ('claimed', 'sending'))", name="ck_letters_lease"
        ),
        sa.CheckConstraint("revision >= 1", name="ck_letters_revision"),
        among(
            "letters",
            "state",
            "written queued claimed sending sent failed "
            "in_doubt bounced held cancelled expired suppressed",
        ),
    )
    op.create_index(
        "ix_letters_due",
        "letters",
        ["not_before", "id"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_letters_lease_token", "letters", ["lease_token"])
    op.create_table(
        "letter_attempts",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("letter", WHOLE, nullable=False),
        sa.Column("n", WHOLE, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("smtp_code", WHOLE),
        sa.Column("smtp_text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter_attempts"),
        sa.ForeignKeyConstraint(["letter"], ["letters.id"], name="fk_letter_attempts_letter"),
    )
    op.create_index("ix_letter_attempts_letter", "letter_attempts", ["letter"])
    op.create_table(
        "audit",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("letter_attempts")
    op.drop_table("letters")
