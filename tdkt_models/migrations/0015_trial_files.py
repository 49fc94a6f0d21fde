"""A file on a form that is on trial has a state of its own."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"

BEFORE = "waiting checked set_aside duplicate"


def _states(words: str) -> None:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    with op.batch_alter_table("received_files") as files:
        files.drop_constraint("ck_received_files_state", type_="check")
        files.create_check_constraint("ck_received_files_state", f'"state" in ({allowed})')


def upgrade() -> None:
    _states(f"{BEFORE} trial")


def downgrade() -> None:
    op.execute("update received_files set state = 'set_aside' where state = 'trial'")
    _states(BEFORE)
