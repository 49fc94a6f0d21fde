"""A mail whose sender the office's own server does not vouch for has a state of its own."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

BEFORE = "taken no_report stranger too_many broken automatic loop bounce again settled"


def _states(words: str) -> None:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    with op.batch_alter_table("mails") as mails:
        mails.drop_constraint("ck_mails_state", type_="check")
        mails.create_check_constraint("ck_mails_state", f'"state" in ({allowed})')


def upgrade() -> None:
    _states(f"{BEFORE} unproven")


def downgrade() -> None:
    op.execute("update mails set state = 'stranger' where state = 'unproven'")
    _states(BEFORE)
