"""Who may decide at the desk, and the cards of codes that prove it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PROOFS = "right wrong locked revoked"


def written() -> tuple[sa.Column[Any], ...]:
    return sa.Column("at", INSTANT, nullable=False), sa.Column("run", sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "approvers",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("may", JSON, nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("revoked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("id", name="pk_approvers"),
    )
    op.create_index("ix_approvers_name", "approvers", ["name"])
    allowed = ", ".join(f"'{proof}'" for proof in PROOFS.split())
    op.create_table(
        "approver_codes",
        sa.Column("approver", WHOLE, nullable=False, autoincrement=False),
        sa.Column("n", WHOLE, nullable=False, autoincrement=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("hashed", sa.Text(), nullable=False),
        sa.Column("asking", sa.Text(), nullable=False),
        sa.Column("typed_at", INSTANT),
        sa.Column("proof", sa.Text(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("approver", "n", name="pk_approver_codes"),
        sa.ForeignKeyConstraint(["approver"], ["approvers.id"], name="fk_approver_codes_approver"),
        sa.CheckConstraint(
            f"\"proof\" in ({allowed}) or proof in ('', 'seen')", name="ck_approver_codes_proof"
        ),
    )
    op.create_index("ix_approver_codes_asking", "approver_codes", ["asking"])

    op.create_table(
        "askings",
        sa.Column("asking", sa.Text(), nullable=False),
        sa.Column("power", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        *written(),
        sa.PrimaryKeyConstraint("asking", name="pk_askings"),
    )


def downgrade() -> None:
    op.drop_table("askings")
    op.drop_table("approver_codes")
    op.drop_table("approvers")
