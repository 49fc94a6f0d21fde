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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from channels.errors import ChannelRefused

MOST_TEMPLATE = 256 * 1024  # bytes of one file
MOST_TEXT = 2_000_000  # characters made in one letter, all that is thrown away again included
MOST_TURNS = 50_000  # of all loops and macros of one letter
MOST_SECONDS = 2.0  # of this process's own work
MOST_NUMBER = 10_000  # given to a filter or a function: a width, a length, a count
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
DEEPEST = 4  # lists in lists
COUNTED, JOINED, TURNED, LISTED = (f"tdkt {n}" for n in ("counted", "joined", "turned", "listed"))
ITSELF = (Macro, LoopContext, BlockReference)  # what is called when a template calls its own parts
SCALARS = (str, int, float, type(None), jinja2.Undefined)


class TemplateRefused(ChannelRefused):
    """A template of the office's cannot be used; the message names the file and what to do."""


@dataclass
class _Budget:
    """What one letter may still use."""

    text: int = MOST_TEXT
    turns: int = MOST_TURNS
    until: float = 0.0

    def spend(self, characters: int) -> None:
        self.text -= characters
        if self.text < 0:
            raise TemplateRefused("làm ra quá nhiều chữ")

    def turn(self) -> None:
        self.turns -= 1
        if self.turns < 0 or time.thread_time() > self.until:
            raise TemplateRefused("chạy quá lâu: lặp quá nhiều lần")


_BUDGET: ContextVar[_Budget] = ContextVar("budget")


def _budget() -> _Budget:
    """Of the letter that is being worded; constants folded while compiling have a small one."""
    return _BUDGET.get(None) or _Budget(until=time.thread_time() + MOST_SECONDS)


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
        self.filters = {name: _bounded(one) for name, one in {**usual, **filters}.items()}
        # Those whose names no template can write are put in as it is read.
        self.filters |= {COUNTED: _counted, JOINED: _joined, TURNED: _turned, LISTED: _listed}
        self.filters |= {"join": _joined, "replace": _replace, "sum": _sum}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _measured(super()._parse(source, name, filename))

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
        _within(args, kwargs)
        _budget().turn()
        return _counted(super().call(__context, __obj, *args, **kwargs), scalar=False)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not (_is_number(left) and _is_number(right)):
            raise TemplateRefused(f"dùng {operator} với chữ hay danh sách; muốn nối chữ thì dùng ~")
        if operator == "**" or max(abs(left), abs(right)) > 10**12:
            raise TemplateRefused("tính với số quá lớn")
        return super().call_binop(context, operator, left, right)


def worded(template: jinja2.Template, *payload: Any, **more: Any) -> str:
    """The template's text, within its measures. Raises TemplateRefused."""
    mark = _BUDGET.set(_Budget(until=time.thread_time() + MOST_SECONDS))
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
        _BUDGET.reset(mark)


def template_of(words: OfficeWords, name: str) -> jinja2.Template:
    """Raises TemplateRefused for one that cannot be read."""
    try:
        return words.get_template(name)
    except jinja2.TemplateSyntaxError as wrong:
        why = f"sai cú pháp ở dòng {wrong.lineno}: {wrong.message}"
        raise _refused(wrong.name or name, why) from None
    except (jinja2.TemplateNotFound, OSError, UnicodeDecodeError, RecursionError) as wrong:
        raise _refused(name, f"không đọc được ({type(wrong).__name__})") from None
    except TemplateRefused as wrong:
        raise _refused(name, str(wrong)) from None


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
        path = Path(self.searchpath[0]) / template
        if path.is_symlink() or (path.is_file() and path.stat().st_size > MOST_TEMPLATE):
            raise TemplateRefused("là liên kết, hoặc quá lớn")
        return super().get_source(environment, template)


# Measures, put into a template as it is read


def _measured(template: nodes.Template) -> nodes.Template:
    for one in template.find_all(nodes.EvalContextModifier):
        raise TemplateRefused(f"tắt việc giữ an toàn chữ (dòng {one.lineno})")
    for loop in template.find_all(nodes.For):
        loop.iter = _through(TURNED, loop.iter)
    for output in template.find_all(nodes.Output):
        output.nodes = [_output(one) for one in output.nodes]
    _replace_below(template)
    return template


def _output(one: nodes.Expr) -> nodes.Expr:
    return one if isinstance(one, nodes.TemplateData) else _through(COUNTED, one)


def _replace_below(parent: nodes.Node) -> None:
    """Every joining of texts and every list is measured, wherever it stands."""
    for name, value in list(parent.iter_fields()):
        if isinstance(value, nodes.Node):
            setattr(parent, name, _replaced(value))
        elif isinstance(value, list):
            some = [_replaced(one) if isinstance(one, nodes.Node) else one for one in value]
            setattr(parent, name, some)


def _replaced(one: nodes.Node) -> nodes.Node:
    _replace_below(one)
    if isinstance(one, nodes.Concat):
        return _through(JOINED, nodes.List(one.nodes, lineno=one.lineno))
    if isinstance(one, nodes.List | nodes.Dict) or (
        isinstance(one, nodes.Tuple) and one.ctx == "load"
    ):
        return _through(LISTED, one)
    return one


def _through(name: str, value: Any) -> nodes.Expr:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


def _counted(value: Any, *, scalar: bool = True) -> Any:
    """Text is paid for; a list shown whole may be endless while it takes no room."""
    if isinstance(value, str):
        _budget().spend(len(value))
    elif scalar and not isinstance(value, SCALARS):
        raise TemplateRefused(f"in cả một {type(value).__name__}; hãy in từng mục")
    elif isinstance(value, list | tuple | dict):
        _budget().spend(len(value))
    return value


@jinja2.pass_eval_context
def _joined(context: nodes.EvalContext, parts: Iterable[Any], by: Any = "") -> str:
    said = [part if isinstance(part, str) else str(_counted(part)) for part in parts]
    _budget().spend(sum(map(len, said)) + len(by) * len(said))
    if context.autoescape:
        return escape(by).join(map(escape, said))
    return str(by).join(said)


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise TemplateRefused("thay một chữ rỗng")
    _budget().spend(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _sum(values: Iterable[Any]) -> Any:
    numbers = list(values)
    if not all(map(_is_number, numbers)):
        raise TemplateRefused("cộng những thứ không phải là số")
    return sum(numbers)


def _turned(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        _budget().turn()
        yield value


def _listed(values: Any, left: int = DEEPEST) -> Any:
    if not left:
        raise TemplateRefused("danh sách lồng nhau quá sâu")
    for value in values.values() if isinstance(values, dict) else values:
        if isinstance(value, list | tuple | dict):
            _listed(value, left - 1)
    return values


def _bounded(one: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose numbers are bounded and whose text is counted."""
    arg = getattr(one, "jinja_pass_arg", None)

    def bounded(*args: Any, **kwargs: Any) -> Any:
        _within(args[1 if arg is None else 2 :], kwargs)
        _budget().turn()
        return _counted(one(*args, **kwargs), scalar=False)

    if arg is not None:
        bounded.jinja_pass_arg = arg  # type: ignore[attr-defined]
    return bounded


def _within(args: Iterable[Any], kwargs: dict[str, Any]) -> None:
    for value in (*args, *kwargs.values()):
        if _is_number(value) and not isinstance(value, bool) and abs(value) > MOST_NUMBER:
            raise TemplateRefused(f"dùng số {value} quá lớn")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
