"""A year is approved provisionally and finally; a tie is broken by results too; and a person may
decide not to wait for a result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CASES = "kien_nghi dieu_chinh"
STATES = "open upheld dismissed"


def _allow(column: str, words: str) -> None:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    with op.batch_alter_table("appeals") as appeals:
        appeals.drop_constraint(f"ck_appeals_{column}", type_="check")
        appeals.create_check_constraint(f"ck_appeals_{column}", f'"{column}" in ({allowed})')


def upgrade() -> None:
    with op.batch_alter_table("period_scores") as scores:
        scores.add_column(sa.Column("task", WHOLE))
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("basis", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("quota_choices") as choices:
        choices.add_column(sa.Column("about", sa.Text(), nullable=False, server_default="tie"))
        choices.create_check_constraint("ck_quota_choices_about", "\"about\" in ('tie', 'wait')")
    _allow("kind", f"{CASES} tinh_lai ty_le")
    _allow("state", f"{STATES} withdrawn")


def downgrade() -> None:
    op.execute("delete from appeals where kind in ('tinh_lai', 'ty_le') or state = 'withdrawn'")
    _allow("state", STATES)
    _allow("kind", CASES)
    with op.batch_alter_table("quota_choices") as choices:
        choices.drop_constraint("ck_quota_choices_about", type_="check")
        choices.drop_column("about")
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_column("basis")
    with op.batch_alter_table("period_scores") as scores:
        scores.drop_column("task")
