"""What letters leave by: relays with their pace and quota, addresses that refuse, who armed the
mail, the papers enclosed. A new kind of letter no longer needs a step of its own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "unit_returned unit_result unit_reminder cadre_result office_digest"


def written() -> tuple[sa.Column[Any], ...]:
    return sa.Column("at", INSTANT, nullable=False), sa.Column("run", sa.Text(), nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint("ck_letters_kind", type_="check")
        letters.add_column(sa.Column("doubt_token", sa.Text()))
        letters.add_column(sa.Column("corrects_at", INSTANT))
        letters.add_column(sa.Column("corrects_id", sa.Text()))
    op.create_table(
        "mail_relays",
        sa.Column("relay", sa.Text(), nullable=False),
        sa.Column("next_at", INSTANT),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("used", WHOLE, nullable=False),
        sa.Column("paused_until", INSTANT),
        sa.Column("pauses", WHOLE, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("judged_from", WHOLE, nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("relay", name="pk_mail_relays"),
    )
    op.create_table(
        "suppressed_addresses",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("address", name="pk_suppressed_addresses"),
    )
    op.create_table(
        "armings",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Text(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("id", name="pk_armings"),
    )
    op.create_table(
        "papers",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("payload_sha", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("made_with", sa.Text(), nullable=False),
        sa.Column("sha", sa.Text(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.UniqueConstraint(
            "period", "kind", "scope", "payload_sha", "made_with", name="uq_papers_natural"
        ),
    )


def downgrade() -> None:
    for table in ("papers", "armings", "suppressed_addresses", "mail_relays"):
        op.drop_table(table)
    with op.batch_alter_table("letters") as letters:
        for column in ("corrects_id", "corrects_at", "doubt_token"):
            letters.drop_column(column)
        allowed = ", ".join(f"'{kind}'" for kind in KINDS.split())
        letters.create_check_constraint("ck_letters_kind", f'"kind" in ({allowed})')
