"""Measures put into a template of the office's as it is read: what a letter may still use.

    measured(tree)                 the same template, paying for each text, turn and list as it goes
    MEASURES                       the filters that it pays through

What would take too much raises TemplateRefused with the reason, before it is made wherever its size
is known before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

import jinja2
from jinja2 import nodes
from markupsafe import escape

from channels.errors import ChannelRefused

MOST_TEXT = 2_000_000  # characters made in one letter, all that is thrown away again included
MOST_TURNS = 50_000  # of all loops and macros of one letter
MOST_SECONDS = 2.0  # of this process's own work
MOST_NUMBER = 10_000  # given to a filter or a function: a width, a length, a count
DEEPEST = 4  # lists in lists
COUNTED, JOINED, TURNED, LISTED, CUT = (
    f"tdkt {n}" for n in ("counted", "joined", "turned", "listed", "cut")
)
SCALARS = (str, int, float, type(None), jinja2.Undefined)


class TemplateRefused(ChannelRefused):
    """A template of the office's cannot be used; the message names the file and what to do."""


@dataclass
class Budget:
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


BUDGET: ContextVar[Budget] = ContextVar("budget")


def budget() -> Budget:
    """Of the letter that is being worded; constants folded while compiling have a small one."""
    return BUDGET.get(None) or Budget(until=time.thread_time() + MOST_SECONDS)


def measured(template: nodes.Template) -> nodes.Template:
    """Raises TemplateRefused where the template would leave its texts unescaped."""
    for one in template.find_all(nodes.EvalContextModifier):
        raise TemplateRefused(f"tắt việc giữ an toàn chữ (dòng {one.lineno})")
    for loop in template.find_all(nodes.For):
        loop.iter = _through(TURNED, loop.iter)
    for output in template.find_all(nodes.Output):
        output.nodes = [_output(one) for one in output.nodes]
    _replace_below(template)
    return template


def _output(one: nodes.Expr) -> nodes.Expr:
    """What stands there as it is costs as much as what is computed: a loop shows it many times."""
    if isinstance(one, nodes.TemplateData):
        plain = nodes.Const(one.data, lineno=one.lineno)
        return nodes.MarkSafe(_through(COUNTED, plain), lineno=one.lineno)
    return _through(COUNTED, one)


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
    if isinstance(one, nodes.Getitem) and isinstance(one.arg, nodes.Slice):
        return _through(CUT, one)
    return one


def _through(name: str, value: Any) -> nodes.Expr:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


@jinja2.pass_context  # so that it is not folded into a constant, which would be shown for nothing
def _shown(_: Any, value: Any) -> Any:
    return counted(value)


def _cut(value: Any) -> Any:
    return counted(value, scalar=False)


def counted(value: Any, *, scalar: bool = True) -> Any:
    """Text is paid for; a list shown whole may be endless while it takes no room."""
    if isinstance(value, str):
        budget().spend(len(value))
    elif scalar and not isinstance(value, SCALARS):
        raise TemplateRefused(f"in cả một {type(value).__name__}; hãy in từng mục")
    elif isinstance(value, list | tuple | dict):
        budget().spend(len(value))
    return value


@jinja2.pass_eval_context
def _joined(context: nodes.EvalContext, parts: Iterable[Any], by: Any = "") -> str:
    said = [part if isinstance(part, str) else str(counted(part)) for part in parts]
    budget().spend(sum(map(len, said)) + len(by) * len(said))
    if context.autoescape:
        return escape(by).join(map(escape, said))
    return str(by).join(said)


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise TemplateRefused("thay một chữ rỗng")
    budget().spend(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _sum(values: Iterable[Any]) -> Any:
    numbers = list(values)
    if not all(map(is_number, numbers)):
        raise TemplateRefused("cộng những thứ không phải là số")
    return sum(numbers)


def _turned(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        budget().turn()
        yield value


def _listed(values: Any, left: int = DEEPEST) -> Any:
    if not left:
        raise TemplateRefused("danh sách lồng nhau quá sâu")
    for value in values.values() if isinstance(values, dict) else values:
        if isinstance(value, list | tuple | dict):
            _listed(value, left - 1)
    return values


def weighed(one: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that holds a copy of every text it is given."""

    def once_weighed(environment: Any, values: Any, *args: Any, **kwargs: Any) -> Any:
        kept = values if isinstance(values, str | dict) else list(values)
        budget().spend(_weight(kept))
        return one(environment, kept, *args, **kwargs)

    once_weighed.jinja_pass_arg = one.jinja_pass_arg  # type: ignore[attr-defined]
    return once_weighed


def _weight(value: Any, left: int = DEEPEST + 1) -> int:
    """How many characters are in it, as deep as lists may go."""
    if isinstance(value, str) or not left:
        return len(value) if isinstance(value, str) else 1
    if isinstance(value, dict):
        return _weight([*value.keys(), *value.values()], left)
    return sum(_weight(one, left - 1) for one in value) if isinstance(value, list | tuple) else 1


def turning(one: Callable[..., Any]) -> Callable[..., Any]:
    """A test, each use of which is a turn: `select` makes as many as its list is long."""

    @wraps(one)
    def once_turned(*args: Any, **kwargs: Any) -> Any:
        budget().turn()
        return one(*args, **kwargs)

    return once_turned


def bounded(one: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose numbers are bounded and whose text is counted."""
    arg = getattr(one, "jinja_pass_arg", None)

    def within_bounds(*args: Any, **kwargs: Any) -> Any:
        within(args[1 if arg is None else 2 :], kwargs)
        budget().turn()
        return counted(one(*args, **kwargs), scalar=False)

    if arg is not None:
        within_bounds.jinja_pass_arg = arg  # type: ignore[attr-defined]
    return within_bounds


def within(args: Iterable[Any], kwargs: dict[str, Any]) -> None:
    """A number asks for so many places, and pays for them."""
    for value in (*args, *kwargs.values()):
        if is_number(value) and not isinstance(value, bool):
            if not abs(value) <= MOST_NUMBER:
                raise TemplateRefused(f"dùng số {value} quá lớn")
            budget().spend(int(abs(value)))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float)


# Those whose names no template can write, and those that take the place of Jinja's own.
MEASURES: dict[str, Callable[..., Any]] = {
    **{COUNTED: _shown, JOINED: _joined, TURNED: _turned, LISTED: _listed, CUT: _cut},
    **{"join": _joined, "replace": _replace, "sum": _sum},
}
