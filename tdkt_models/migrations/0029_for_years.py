"""Indexes for the tenth year: what a month asks for is found without going through all years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

WAITING = sa.text("state = 'queued'")


def upgrade() -> None:
    op.create_index("ix_received_files_state", "received_files", ["state"])
    op.create_index("ix_roster_changes_until", "roster_changes", ["until"])
    op.create_index("ix_audit_what", "audit", ["what"])
    op.create_index(
        "ix_letters_expiring",
        "letters",
        ["expires_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_letters_expiring", "letters")
    op.drop_index("ix_audit_what", "audit")
    op.drop_index("ix_roster_changes_until", "roster_changes")
    op.drop_index("ix_received_files_state", "received_files")
