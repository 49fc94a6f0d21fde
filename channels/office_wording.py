"""The office's own words for letters, in a sandbox: a folder of templates that the office may edit.

    words = OfficeWords(home / "templates" / "letters", program, filters)
    words.get_template("unit_reminder.txt.j2").render(payload)

What the office has no template for comes from the program. A template of the office's reads what
the letter says and nothing else of this process; it can change nothing, and what would take too
long or too much memory is refused (`TemplateRefused`), whatever it does it with: loops are counted,
texts are measured before they are made, numbers given to filters and functions are bounded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from channels.wording_measures import (
    BUDGET,
    MEASURES,
    MOST_SECONDS,
    Budget,
    TemplateRefused,
    bounded,
    budget,
    counted,
    is_number,
    measured,
    turning,
    weighed,
    within,
)

MOST_TEMPLATE = 256 * 1024  # bytes of one file
# What a template may do to a value; none of these escapes less, or makes more than it is given.
KEPT_FILTERS = (
    *(
        "abs",
        "batch",
        "capitalize",
        "count",
        "d",
        "default",
        "e",
        "escape",
        "first",
        "float",
        "int",
        "last",
    ),
    *("length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round"),
    *("select", "selectattr", "sort", "title", "trim", "unique", "upper"),
)
KEPT_METHODS = (
    *("endswith", "get", "items", "keys", "lower", "partition", "startswith", "strip", "title"),
    *("upper", "values"),
)
KEPT_GLOBALS = ("range", "namespace")
COMPARING = ("sort", "unique", "min", "max")  # each text is made small first, all are kept at once
ITSELF = (Macro, LoopContext, BlockReference)  # what is called when a template calls its own parts


class OfficeWords(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with measures."""

    intercepted_binops = frozenset(["*", "**", "%", "+"])

    def __init__(
        self, folder: Path, program: Path, filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        super().__init__(
            loader=jinja2.ChoiceLoader([_Small(folder), jinja2.FileSystemLoader(program)]),
            autoescape=lambda name: bool(name) and ".html" in str(name),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.globals = {name: self.globals[name] for name in KEPT_GLOBALS}
        usual = {name: self.filters[name] for name in KEPT_FILTERS}
        usual |= {name: weighed(usual[name]) for name in COMPARING}
        self.filters = {name: bounded(one) for name, one in {**usual, **filters}.items()}
        self.filters |= MEASURES
        self.tests = {name: turning(cast(Any, one)) for name, one in self.tests.items()}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return measured(super()._parse(source, name, filename))

    def call(self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        own = getattr(__obj, "__self__", None)
        known = (
            isinstance(__obj, ITSELF)
            or isinstance(own, LoopContext)
            or __obj in self.globals.values()
            or (isinstance(own, str | dict) and __obj.__name__ in KEPT_METHODS)
        )
        if not known:
            raise TemplateRefused(
                f"gọi {getattr(__obj, '__name__', 'hàm')}, là việc không cho phép"
            )
        within(args, kwargs)
        budget().turn()
        return counted(super().call(__context, __obj, *args, **kwargs), scalar=False)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not (is_number(left) and is_number(right)):
            raise TemplateRefused(f"dùng {operator} với chữ hay danh sách; muốn nối chữ thì dùng ~")
        if operator == "**" or max(abs(left), abs(right)) > 10**12:
            raise TemplateRefused("tính với số quá lớn")
        return super().call_binop(context, operator, left, right)


def worded(template: jinja2.Template, *payload: Any, **more: Any) -> str:
    """The template's text, within its measures. Raises TemplateRefused."""
    mark = BUDGET.set(Budget(until=time.thread_time() + MOST_SECONDS))
    try:
        return template.render(*payload, **more)
    except TemplateRefused as wrong:
        raise _refused(template.name, str(wrong)) from None
    except jinja2.UndefinedError as wrong:
        raise _refused(template.name, f"dùng cái mà thư không có ({wrong.message})") from None
    except RecursionError:
        raise _refused(template.name, "tự gọi mình mãi không dừng") from None
    except jinja2.TemplateSyntaxError as wrong:
        raise _refused(wrong.name, f"sai cú pháp ở dòng {wrong.lineno}") from None
    except Exception as wrong:
        raise _refused(template.name, f"{type(wrong).__name__}: {str(wrong)[:200]}") from None
    finally:
        BUDGET.reset(mark)


def template_of(words: OfficeWords, name: str) -> jinja2.Template:
    """Raises TemplateRefused for one that cannot be read."""
    try:
        return words.get_template(name)
    except jinja2.TemplateSyntaxError as wrong:
        why = f"sai cú pháp ở dòng {wrong.lineno}: {wrong.message}"
        raise _refused(wrong.name or name, why) from None
    except TemplateRefused as wrong:
        raise _refused(name, str(wrong)) from None
    except Exception as wrong:  # what Python's own compiler finds too much is a SyntaxError to it
        raise _refused(name, f"không đọc được ({type(wrong).__name__})") from None


def _refused(name: str | None, why: str) -> TemplateRefused:
    return TemplateRefused(
        f"Mẫu thư {name} của cơ quan không dùng được: {why}. "
        "Hãy sửa mẫu trong templates/letters của văn phòng, hoặc xóa nó để dùng mẫu có sẵn."
    )


class _Small(jinja2.FileSystemLoader):
    """The office's folder; a file in it is no larger than a template may be, and a plain one."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        folder = Path(self.searchpath[0])
        path = folder / template
        linked = path.resolve() != folder.resolve() / template  # itself, or a folder on the way
        if linked or (path.is_file() and path.stat().st_size > MOST_TEMPLATE):
            raise TemplateRefused("là liên kết, hoặc quá lớn")
        return super().get_source(environment, template)
