"""Where a cadre served before: a line of the roll that ended, kept beside the one that stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = {
    "sex": "nam nu",
    "group": "can_bo cong_chuc vien_chuc hdld khong_chuyen_trach",
    "engagement": "chuyen_trach ban_chuyen_trach kiem_nhiem",
    "role": "nhan_vien cap_truong cap_pho",
}


def among(column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_postings_{column}")


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "postings",
        text("code"),
        sa.Column("until", sa.Date(), nullable=False),
        *(text("unit"), text("name")),
        sa.Column("birth", sa.Date()),
        *(text("sex"), text("group"), text("engagement")),
        sa.Column("share", WHOLE, nullable=False),
        *map(text, ("role", "post", "field", "duties", "ethnicity", "education")),
        *map(text, ("politics", "certificates", "email")),
        sa.Column("since", sa.Date()),
        sa.Column("at", INSTANT, nullable=False),
        text("run"),
        sa.PrimaryKeyConstraint("code", "until", name="pk_postings"),
        sa.ForeignKeyConstraint(["code"], ["cadres.code"], name="fk_postings_code"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_postings_unit"),
        *(among(column, words) for column, words in WORDS.items()),
    )
    op.create_index("ix_postings_unit", "postings", ["unit"])


def downgrade() -> None:
    op.drop_table("postings")
