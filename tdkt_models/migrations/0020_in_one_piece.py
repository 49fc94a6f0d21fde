"""What is only ever read whole becomes one pressed document: a report's sheets, the repairs of a
file, the payload of a letter. The changes of the roster stay a table, to be searched."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
AT_ONCE = 200  # reports in memory

TEXTS = {
    "work": "cadre name work content fault_excused late_excused proof programme note",
    "general": "cadre name rater note",
    "leaders": "cadre name d dd e evidence",
    "changes": "event cadre name group engagement document note",
    "programme": "code when content product owner status parent note",
}
WHOLES = {
    "work": "coef assigned done faulty fault_times late late_times",
    "general": "total",
    "leaders": "",
    "changes": "share",
    "programme": "",
}
DATES = {
    "work": "due",
    "general": "",
    "leaders": "",
    "changes": "birth on until",
    "programme": "due finished",
}
NAMES = {
    "work": "work_lines",
    "general": "general_marks",
    "leaders": "leader_marks",
    "changes": "roster_changes",
    "programme": "programme_lines",
}
OTHER = "other_lines"
MARKS = [f"c{n}" for n in range(1, 11)]
KEPT = "changes"  # the one sheet whose lines stay a table as well


REPAIR = ("sheet", "cell", "was", "now", "why")


def upgrade() -> None:
    _press("letters", "payload", lambda payload: payload)
    _press("received_files", "repairs", lambda said: [[one[n] for n in REPAIR] for one in said])
    op.add_column("submissions", sa.Column("sheets", sa.LargeBinary()))
    _gather(op.get_bind())
    with op.batch_alter_table("submissions") as table:
        table.alter_column("sheets", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("cover")
        table.drop_column("shape")
    with op.batch_alter_table(NAMES[KEPT]) as table:
        table.drop_column("extra")
    for key, name in NAMES.items():
        if key != KEPT:
            op.drop_table(name)
    op.drop_table(OTHER)


def downgrade() -> None:
    _unpress("letters", "payload", lambda payload: payload)
    _unpress("received_files", "repairs", _repairs_again)
    for key, name in NAMES.items():
        if key != KEPT:
            _make(name, _columns(key))
    _make(OTHER, [sa.Column("sheet", sa.Text(), nullable=False)], "sheet")
    with op.batch_alter_table(NAMES[KEPT]) as table:
        table.add_column(sa.Column("extra", JSON))
    op.add_column("submissions", sa.Column("cover", JSON))
    op.add_column("submissions", sa.Column("shape", JSON))
    _spread(op.get_bind())
    with op.batch_alter_table("submissions") as table:
        table.alter_column("cover", existing_type=JSON, nullable=False)
        table.alter_column("shape", existing_type=JSON, nullable=False)
        table.drop_column("sheets")


def _repairs_again(said: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(REPAIR, one, strict=True)) for one in said]


# Columns of JSON


def _press(name: str, column: str, changed: Callable[[Any], Any]) -> None:
    with op.batch_alter_table(name) as table:
        table.alter_column(
            column,
            type_=sa.LargeBinary(),
            existing_type=JSON,
            existing_nullable=False,
            postgresql_using=f"convert_to({column}::text, 'UTF8')",
        )
    _each(name, column, lambda text: _pressed(changed(json.loads(text))))


def _unpress(name: str, column: str, changed: Callable[[Any], Any]) -> None:
    def text(pressed: bytes) -> bytes | str:
        said = json.dumps(changed(json.loads(zlib.decompress(pressed))), ensure_ascii=False)
        return said.encode() if op.get_bind().dialect.name == "postgresql" else said

    _each(name, column, text)
    with op.batch_alter_table(name) as table:
        table.alter_column(
            column,
            type_=JSON,
            existing_type=sa.LargeBinary(),
            existing_nullable=False,
            postgresql_using=f"convert_from({column}, 'UTF8')::jsonb",
        )


def _each(name: str, column: str, changed: Callable[[bytes], Any]) -> None:
    conn = op.get_bind()
    ids = list(conn.exec_driver_sql(f"select id from {name} order by id").scalars())
    mark = "%s" if conn.dialect.name == "postgresql" else "?"
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = f"select id, {column} from {name} where id between {some[0]} and {some[-1]}"
        rows = [(changed(value), number) for number, value in conn.exec_driver_sql(found)]
        conn.exec_driver_sql(f"update {name} set {column} = {mark} where id = {mark}", rows)


# From lines to documents


def _gather(conn: sa.Connection) -> None:
    submissions = _submissions("cover", "shape", "sheets")
    for batch in _batches(conn, submissions, "cover", "shape"):
        lines = _lines_of(conn, [row.id for row in batch])
        for row in batch:
            said = {
                key: _cover(row.cover, columns)
                if key == "cover"
                else _document(key, columns, lines[row.id, key])
                for key, columns in row.shape
            }
            _set(conn, submissions, row.id, sheets=_pressed(said))


def _lines_of(conn: sa.Connection, ids: list[int]) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """By submission and sheet: each line as {column: value}."""
    found: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for key in (*NAMES, OTHER):
        table = _table(key)
        query = sa.select(table).where(table.c.submission.in_(ids))
        for row in conn.execute(query.order_by(table.c.line)).mappings():
            line = {name: value for name, value in row.items() if name not in ("extra", "marks")}
            line |= dict(zip(MARKS, row.get("marks") or (), strict=False))
            line |= {name: _plain(value) for name, value in (row["extra"] or {}).items()}
            found[row["submission"], row.get("sheet", key)].append(line)
    return found


def _plain(value: Any) -> Any:
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def _cover(cover: Mapping[str, Any], columns: list[str]) -> dict[str, Any]:
    if not cover:
        return {"columns": columns, "dates": [], "rows": []}
    values = {name: _plain(value) for name, value in cover.items()}
    return _document("cover", columns, [values | {"line": values.get("")}])


def _document(key: str, columns: list[str], lines: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [[line.get(name) for name in ("line", *columns)] for line in lines]
    dates = {at for row in rows for at, value in enumerate(row) if isinstance(value, date)}
    said = [[v.isoformat() if isinstance(v, date) else v for v in row] for row in rows]
    return {"columns": columns, "dates": sorted(dates), "rows": said}


def _pressed(said: object) -> bytes:
    return zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())


# From documents to lines


def _spread(conn: sa.Connection) -> None:
    submissions = _submissions("cover", "shape", "sheets")
    for batch in _batches(conn, submissions, "sheets"):
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in batch:
            said = json.loads(zlib.decompress(row.sheets))
            shape = [[key, table["columns"]] for key, table in said.items()]
            _set(conn, submissions, row.id, cover=_cover_again(said), shape=shape)
            for key, table in said.items():
                if key not in ("cover", KEPT):
                    rows[key if key in NAMES else OTHER] += _lines_again(row, key, table)
        for key, lines in rows.items():
            conn.execute(sa.insert(_table(key)), lines)


def _cover_again(said: Mapping[str, Any]) -> dict[str, Any]:
    cover = said.get("cover")
    if not cover or not cover["rows"]:
        return {}
    row = _tagged(cover["rows"][0], cover["dates"])
    return dict(zip(("", *cover["columns"]), row, strict=True))


def _tagged(row: list[Any], dates: list[int]) -> list[Any]:
    return [{"date": v} if at in dates and v else v for at, v in enumerate(row)]


def _lines_again(of: Any, key: str, table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    typed = f"{TEXTS.get(key, '')} {WHOLES.get(key, '')} {DATES.get(key, '')}".split()
    for row in table["rows"]:
        values = dict(zip(("line", *table["columns"]), row, strict=True))
        tagged = dict(zip(("line", *table["columns"]), _tagged(row, table["dates"]), strict=True))
        line: dict[str, Any] = {name: values.get(name) for name in ("line", *typed)}
        for name in DATES.get(key, "").split():
            line[name] = date.fromisoformat(line[name]) if line[name] else None
        homes = {*typed, "line", *(MARKS if key == "general" else ())}
        extra = {n: v for n, v in tagged.items() if n not in homes and v is not None}
        line |= {"submission": of.id, "extra": extra or None, "at": of.at, "run": of.run}
        if key == "general":
            line["marks"] = [values.get(name) for name in MARKS]
        if key not in NAMES:
            line["sheet"] = key
        yield line


# Tables as they were


def _columns(key: str) -> list[sa.Column[Any]]:
    columns: list[sa.Column[Any]] = [sa.Column(name, sa.Text()) for name in TEXTS[key].split()]
    columns += [sa.Column(name, WHOLE) for name in WHOLES[key].split()]
    columns += [sa.Column(name, sa.Date()) for name in DATES[key].split()]
    if key == "general":
        columns.append(sa.Column("marks", JSON, nullable=False))
    return columns


def _frame(columns: list[sa.Column[Any]]) -> list[sa.Column[Any]]:
    return [
        sa.Column("submission", WHOLE, nullable=False, autoincrement=False),
        sa.Column("line", WHOLE, nullable=False, autoincrement=False),
        *columns,
        sa.Column("extra", JSON),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
    ]


def _make(name: str, columns: list[sa.Column[Any]], *key: str) -> None:
    op.create_table(
        name,
        *_frame(columns),
        sa.PrimaryKeyConstraint("submission", "line", *key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["submission"], ["submissions.id"], name=f"fk_{name}_submission"),
        sqlite_with_rowid=False,
    )


def _table(key: str) -> sa.Table:
    own = [sa.Column("sheet", sa.Text())] if key == OTHER else _columns(key)
    return sa.Table(NAMES.get(key, OTHER), sa.MetaData(), *_frame(own))


def _submissions(*names: str) -> sa.Table:
    columns: list[sa.Column[Any]] = [
        sa.Column("id", WHOLE),
        sa.Column("at", INSTANT),
        sa.Column("run", sa.Text()),
        *(sa.Column(name, sa.LargeBinary() if name == "sheets" else JSON) for name in names),
    ]
    return sa.Table("submissions", sa.MetaData(), *columns)


def _batches(conn: sa.Connection, table: sa.Table, *names: str) -> Iterator[list[Any]]:
    ids = list(conn.execute(sa.select(table.c.id).order_by(table.c.id)).scalars())
    columns = [table.c[name] for name in ("id", "at", "run", *names)]
    for start in range(0, len(ids), AT_ONCE):
        those = ids[start : start + AT_ONCE]
        query = sa.select(*columns).where(table.c.id.in_(those)).order_by(table.c.id)
        yield list(conn.execute(query))


def _set(conn: sa.Connection, table: sa.Table, number: int, **values: Any) -> None:
    conn.execute(sa.update(table).where(table.c.id == number).values(**values))
