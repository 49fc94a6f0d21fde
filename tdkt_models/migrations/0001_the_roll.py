"""The units that owe a report, their addresses, and their cadres."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def among(table: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'"{column}" in ({allowed})', name=f"ck_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_units"),
        among("units", "kind", "so_nganh co_quan_dang doan_the xa_phuong khac"),
        sa.CheckConstraint("until is null or since <= until", name="ck_units_life"),
    )
    op.create_table(
        "unit_contacts",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("position", WHOLE, nullable=False, autoincrement=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "position", name="pk_unit_contacts"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_unit_contacts_unit"),
    )
    op.create_table(
        "cadres",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("birth", sa.Date()),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("engagement", sa.Text(), nullable=False),
        sa.Column("share", WHOLE, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("ethnicity", sa.Text(), nullable=False),
        sa.Column("education", sa.Text(), nullable=False),
        sa.Column("politics", sa.Text(), nullable=False),
        sa.Column("certificates", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_cadres"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name="fk_cadres_unit"),
        among("cadres", "engagement", "chuyen_trach ban_chuyen_trach kiem_nhiem"),
        among("cadres", "group", "can_bo cong_chuc vien_chuc hdld khong_chuyen_trach"),
        among("cadres", "role", "nhan_vien cap_truong cap_pho"),
        among("cadres", "sex", "nam nu"),
        sa.CheckConstraint("share between 1 and 100", name="ck_cadres_share"),
    )
    op.create_index("ix_cadres_unit", "cadres", ["unit"])


def downgrade() -> None:
    op.drop_table("cadres")
    op.drop_table("unit_contacts")
    op.drop_table("units")
