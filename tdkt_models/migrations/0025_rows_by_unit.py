"""On PostgreSQL, policies by which a narrowed reader sees the rows of some units only.

They bind only whoever takes on the role tdkt_scope (tdkt_models/row_scope.py); for all others the
tables are as they were. SQLite has nothing of the kind.
"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"

MINE = "(unit = any (string_to_array(current_setting('tdkt.units', true), ',')))"
BY_UNIT = [
    *("cadres", "unit_contacts", "roll_entries", "received_files", "submissions", "scorecards"),
    *("results", "period_scores", "programme_tasks", "explanations", "extensions", "appeals"),
    *("unit_figures", "card_bases", "acts", "postings"),
]
BY_FILE = ("findings", "answers", "quieted_findings")
POLICIES = {
    **dict.fromkeys(BY_UNIT, MINE),
    **dict.fromkeys(BY_FILE, "(exists (select 1 from received_files of where of.id = file))"),
    "roster_changes": "(exists (select 1 from submissions of where of.id = submission))",
    "units": MINE.replace("unit", "code", 1),
    "acts": f"(unit = '' or {MINE})",  # those on a whole period concern everybody
    "mails": """(exists (select 1 from received_files of
        where starts_with(of.channel_id, mails.channel_id || '|')))""",
    "letters": f"""({MINE.replace("unit", "split_part(person, '/', 1)", 1)}
        or exists (select 1 from cadres where code = person))""",
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, mine in POLICIES.items():
        op.execute(f'alter table "{table}" enable row level security')
        op.execute(
            f"create policy whole on \"{table}\" using (current_user <> 'tdkt_scope') "
            "with check (current_user <> 'tdkt_scope')"
        )
        op.execute(
            f'create policy of_these_units on "{table}" for select '
            f"using (current_user = 'tdkt_scope' and {mine})"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in POLICIES:
        op.execute(f'drop policy of_these_units on "{table}"')
        op.execute(f'drop policy whole on "{table}"')
        op.execute(f'alter table "{table}" disable row level security')
