"""The letters of a reader are found without going through those of the whole period."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_index("ix_letters_period_person", "letters", ["period", "person"])


def downgrade() -> None:
    op.drop_index("ix_letters_period_person", "letters")
