"""The steps that make the book's tables: up, down and up again, on both engines."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from traceback import format_exception
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

import tdkt_models
from tdkt_models.base import (
    Base,
    Book,
    BookError,
    BookMissing,
    BookNotMigrated,
    downgrade,
    heads,
    is_current,
    upgrade,
)
from tdkt_models.engine import engine_for
from tdkt_models.errors import parsed
from tdkt_models.schema import FOLDER, HEAD
from tdkt_models.spelt_out import spell_out

Urls = Callable[[], str]
for module in pkgutil.iter_modules(tdkt_models.__path__, "tdkt_models."):
    importlib.import_module(module.name)  # loads every table

for module in pkgutil.iter_modules(tdkt_models.__path__):  # every table there is
    importlib.import_module(f"tdkt_models.{module.name}")


def test_there_is_one_head_and_the_program_knows_it() -> None:
    assert heads() == (HEAD,)


def test_the_folder_reads_in_order() -> None:
    steps = sorted(path.stem for path in FOLDER.glob("0*.py"))
    numbers = [step[:4] for step in steps]
    assert numbers == sorted(set(numbers)) and numbers[-1] == HEAD


def test_up_down_and_up_again_leaves_the_same_tables(fresh_url: Urls) -> None:
    url = fresh_url()
    upgrade(url)
    first = _tables(url)
    downgrade(url, "base")
    assert _tables(url) == {"alembic_version"}
    upgrade(url)
    assert _tables(url) == first == {"alembic_version", *Base.metadata.tables}


def test_each_step_goes_down_alone(fresh_url: Urls) -> None:
    url = fresh_url()
    upgrade(url)
    for step in ("0004", "0003", "0002", "0001"):
        downgrade(url, step)
        assert not is_current(url)
    upgrade(url)
    assert is_current(url)


def test_upgrading_twice_changes_nothing(book_url: str) -> None:
    upgrade(book_url)
    assert is_current(book_url)


def test_the_steps_make_what_the_models_say(book_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = engine_for(parsed(book_url))
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_steps_make_the_conditions_and_keys_of_the_models(fresh_url: Urls) -> None:
    # compare_metadata does not look at CHECKs, names or partial indexes.
    by_steps, by_models = fresh_url(), fresh_url()
    upgrade(by_steps)
    engine = engine_for(parsed(by_models))
    Base.metadata.create_all(engine)
    engine.dispose()
    for table in Base.metadata.tables:
        assert _rules(by_steps, table) == _rules(by_models, table)


def test_a_step_that_fails_leaves_the_book_as_it_was(fresh_url: Urls) -> None:
    url = fresh_url()
    upgrade(url, "0002")
    before = _tables(url)
    engine = engine_for(parsed(url))
    with engine.begin() as conn:
        conn.execute(text("create table letters (x integer)"))  # in the way of step 0004
    with pytest.raises(BookError):
        upgrade(url)
    assert _tables(url) == before | {"letters"}
    with engine.connect() as conn:
        assert conn.execute(text("select version_num from alembic_version")).scalar() == "0002"
    engine.dispose()


def test_an_older_book_s_lists_of_words_are_spelt_out_and_say_the_same(tmp_path: Any) -> None:
    engine = engine_for(parsed(f"sqlite:///{tmp_path}/cu.db"))
    said = """create table t ("a" text, "b" text, check ("a" in ('x', 'y''s', 'z')))"""
    others = """create table u ("a" text, check ("a" not in ('x', 'y') or a in ('p', 'q')))"""
    with engine.begin() as conn, engine.connect() as reader:
        conn.exec_driver_sql(said)
        conn.exec_driver_sql(others)
        conn.exec_driver_sql("insert into t values ('x', 'o')")
        spell_out(conn)
        conn.commit()
        assert reader.exec_driver_sql("select a, b from t").all() == [("x", "o")]
    with engine.begin() as conn:
        texts = conn.exec_driver_sql("select sql from sqlite_master order by name").scalars().all()
        assert """check (("a" = 'x' or "a" = 'y''s' or "a" = 'z')))""" in texts[0]
        assert texts[1].lower() == others
        for word in ("x", "y's", "z", None):
            conn.exec_driver_sql("insert into t values (?, '')", (word,))
        for word in ("", "X", "y''s", 3):
            with pytest.raises(IntegrityError):
                conn.exec_driver_sql("insert into t values (?, '')", (word,))
        assert conn.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    engine.dispose()


def test_a_book_without_its_tables_says_to_run_init(fresh_url: Urls) -> None:
    url = fresh_url()
    upgrade(url)
    downgrade(url, "base")
    with pytest.raises(BookNotMigrated, match=r"tdkt init"):
        Book.open(url)
    upgrade(url, "0003")
    with pytest.raises(BookNotMigrated, match=r"0003.*tdkt init"):
        Book.open(url)


def test_a_missing_file_says_where_it_should_be(tmp_path: Any) -> None:
    with pytest.raises(BookMissing, match=r"khong-co\.db.*tdkt init"):
        Book.open(f"sqlite:///{tmp_path}/khong-co.db")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_book_is_named(tmp_path: Any) -> None:
    (tmp_path / "office.db").write_text("không phải sổ" * 100, encoding="utf-8")
    with pytest.raises(BookMissing, match=r"office\.db"):
        Book.open(f"sqlite:///{tmp_path}/office.db")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://tdkt:bi-mat@127.0.0.1:9/office",
        "postgresql+psycopg://tdkt@127.0.0.1:9/office?password=bi-mat",
        "mysql://tdkt:bi-mat@may/office",
        "khong-phai-dia-chi bi-mat",
        "postgresql+psycopg://tdkt:bi-mat@127.0.0.1:abc/office",
    ],
)
def test_no_message_shows_the_password(url: str) -> None:
    for attempt in (Book.open, upgrade):
        with pytest.raises(BookError) as caught:
            attempt(url)
        assert "bi-mat" not in "".join(format_exception(caught.value))


def _tables(url: str) -> set[str]:
    engine = engine_for(parsed(url))
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def _rules(url: str, table: str) -> dict[str, Any]:
    engine: Engine = engine_for(parsed(url))
    look = inspect(engine)
    rules = {
        "checks": sorted((c["name"], c["sqltext"]) for c in look.get_check_constraints(table)),
        "foreign": sorted(str(f["name"]) for f in look.get_foreign_keys(table)),
        "unique": sorted(str(u["name"]) for u in look.get_unique_constraints(table)),
        "indexes": sorted(
            (i["name"], bool(i["unique"]), i["column_names"], _only(i))
            for i in look.get_indexes(table)
        ),
        "key": look.get_pk_constraint(table),
        "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)],
    }
    engine.dispose()
    return rules


def _only(index: Any) -> list[str]:
    return [str(part) for part in index.get("dialect_options", {}).values()]
