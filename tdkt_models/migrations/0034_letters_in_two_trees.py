"""A letter is written into the table and one index: by its reader. By Message-ID only what left the
house is found, by its token only what a sender holds (decision 0033)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

POSTED = sa.text("state = 'sent' or state = 'in_doubt'")
HELD = sa.text("lease_token is not null")


def upgrade() -> None:
    op.drop_index("ix_letters_lease_token", "letters")
    op.drop_index("ix_letters_period_person", "letters")
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint("uq_letters_natural", type_="unique")
        letters.drop_constraint("uq_letters_message_id", type_="unique")
    natural = ["period", "person", "kind", "revision"]
    op.create_index("uq_letters_natural", "letters", natural, unique=True)
    for name, column, only, unique in (
        ("uq_letters_posted", "message_id", POSTED, True),
        ("ix_letters_lease_token", "lease_token", HELD, False),
    ):
        op.create_index(
            name, "letters", [column], unique=unique, sqlite_where=only, postgresql_where=only
        )


def downgrade() -> None:
    for name in ("uq_letters_natural", "uq_letters_posted", "ix_letters_lease_token"):
        op.drop_index(name, "letters")
    natural = ["period", "kind", "person", "revision"]
    with op.batch_alter_table("letters") as letters:
        letters.create_unique_constraint("uq_letters_natural", natural)
        letters.create_unique_constraint("uq_letters_message_id", ["message_id"])
    op.create_index("ix_letters_lease_token", "letters", ["lease_token"])
    op.create_index("ix_letters_period_person", "letters", ["period", "person"])
