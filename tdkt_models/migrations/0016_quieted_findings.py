"""What an accepted explanation keeps quiet is kept, so that taking it back brings it back; an
explanation of something about a whole file holds for that period's files only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "quieted_findings",
        sa.Column("file", WHOLE, nullable=False, autoincrement=False),
        sa.Column("n", WHOLE, nullable=False, autoincrement=False),
        sa.Column("explanation", WHOLE, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("check", "severity", "sheet", "cell", "value", "says", "fix")
        ),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file", "n", name="pk_quieted_findings"),
        sa.ForeignKeyConstraint(["file"], ["received_files.id"], name="fk_quieted_findings_file"),
        sa.ForeignKeyConstraint(
            ["explanation"], ["explanations.id"], name="fk_quieted_findings_explanation"
        ),
        sa.CheckConstraint(
            "\"severity\" in ('must_fix', 'must_explain', 'note')",
            name="ck_quieted_findings_severity",
        ),
    )
    op.create_index("ix_quieted_findings_explanation", "quieted_findings", ["explanation"])
    op.execute("update explanations set subject = 'file:' || period where subject = ''")


def downgrade() -> None:
    op.execute("update explanations set subject = '' where subject = 'file:' || period")
    op.drop_table("quieted_findings")
