"""Every table of the book, whatever part of the program has been loaded so far.

all_tables()                     -> [Table("units"), Table("cadres"), …], those pointed to first

A table is known only once its module is imported: a command that goes by the tables known at the
moment would pass over the others without a word.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import Table

from tdkt_models.base import Base

STEPS = "migrations"


@cache
def _load() -> None:
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name != STEPS:
            import_module(f"tdkt_models.{module.name}")


def all_tables() -> list[Table]:
    """In an order that their keys allow."""
    _load()
    return list(Base.metadata.sorted_tables)


def table_named(name: str) -> Table:
    _load()
    return Base.metadata.tables[name]
