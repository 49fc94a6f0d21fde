"""A decision asked of a person: a typed form in Prefect's screen, a code of their own, asked again
until it is right; days may pass, and the worker may be started anew, while it waits.

    return decided(occasion, question=…, act=…)

The run is suspended, not paused: its process ends, and when the form is sent it begins again from
its first line. What was typed before is found judged in our book (tasks/cards.py), so that nothing
is judged or done twice. `question` looks at the book each time; where there is nothing to decide
any more (somebody used the command line) the run ends well and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from prefect import suspend_flow_run
from prefect.client.schemas.objects import State
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field, create_model

from channels.board_markdown import plain
from channels.errors import ChannelRefused
from flows.fields import told
from flows.holding import AtWork
from review.letters_desk import Asked, decision_asked
from review.powers import Power, Proof
from tasks.asking import past_outcome, put_question, settle_asking
from tasks.cards import Wanted, give_back_codes, judge_code
from tasks.house_letters import write_house_letters
from tasks.occasion import Occasion
from tdkt_models.askings import DONE

Ending = dict[str, object] | State
MOST_FACTS = 40
WHO, CODE = "Người quyết định", "Mã xác nhận"
NOBODY = (
    "Chưa ai được cấp thẻ mã xác nhận để quyết định việc này. Người quản trị cấp bằng lệnh: "
    'tdkt token issue "HỌ TÊN" --email ĐỊA-CHỈ --may {power} --by NGƯỜI-CẤP'
)


class NobodyMayDecide(Exception):
    """No card in force has the power; the message says how to issue one."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A field of a form: what may stand in it, what stands there first (... : nothing), help."""

    kind: Any
    default: Any = ...
    help: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided now. `fields` are those of the form beside name, code and note, by the
    title that the person reads; `note` is the title of the note, and whether it may stay empty;
    `but` are people who may not answer; with `again` there may be more to decide after this."""

    power: Power
    matter: str
    facts: tuple[str, ...]
    fields: Mapping[str, Blank] = field(default_factory=dict)
    note: str = "Ý kiến, lý do"
    note_needed: bool = True
    but: frozenset[str] = frozenset()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """There is nothing to decide; why, in words."""

    says: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gave: who they proved to be, their words, the fields by title."""

    who: str
    note: str
    given: Mapping[str, Any]


def decided(
    occasion: Occasion,
    question: Callable[[], Question | Settled],
    act: Callable[[Answer], dict[str, object]],
) -> Ending:
    """Asks until an answer holds; returns what it came to. Raises NobodyMayDecide."""
    attempt, said, done = 0, "", None
    while True:
        now = question()
        if isinstance(now, Settled):
            give_back_codes(occasion.office, occasion.run)
            return done or Completed(message=now.says)
        attempt += 1
        asking = f"{occasion.run}/{attempt}"
        past = past_outcome(occasion, asking)
        if past == DONE and not now.again:
            return Completed(message="Quyết định đã được ghi.")
        if past:  # answered when this run was last awake
            said = "" if past == DONE else past
            continue
        put = put_question(occasion, asking, now.power, now.matter, now.facts)
        people = [one for one in put.people if one.approver.name not in now.but]
        if not people:
            raise NobodyMayDecide(NOBODY.format(power=now.power.value))
        if put.new and not said:
            _announce(occasion, now, people)
        typed = suspend_flow_run(wait_for_input=form_of(now, people, said), key=str(attempt))
        done, said = _answered(occasion, asking, now, put.same, typed, act)
        if done is not None and not now.again:
            give_back_codes(occasion.office, occasion.run)
            return done


def _answered(
    occasion: Occasion,
    asking: str,
    question: Question,
    same: bool,
    typed: Any,
    act: Callable[[Answer], dict[str, object]],
) -> tuple[dict[str, object] | None, str]:
    """What an answer came to, or why it has to be asked for again; either is kept."""
    judged = judge_code(occasion, asking, typed.who, typed.code)
    done, said = None, judged.says
    if judged.proof is Proof.RIGHT and not same:
        said = "Số liệu đã thay đổi từ lúc biểu mẫu được mở; đề nghị xem lại rồi quyết định."
    elif judged.proof is Proof.RIGHT:
        given = {title: getattr(typed, _named(n)) for n, title in enumerate(question.fields)}
        try:
            done = {**act(Answer(judged.who, typed.note.strip(), given)), "who": judged.who}
        except (ChannelRefused, AtWork, ValueError) as wrong:
            said = f"Chưa ghi được: {wrong}"
    settle_asking(occasion, asking, judged.who, DONE if done is not None else said)
    return done, said


def _named(n: int) -> str:
    return f"field_{n}"


def form_of(question: Question, people: Sequence[Wanted], said: str) -> type[RunInput]:
    """The form as the person sees it: titles are its keys, so that what the server says of one left
    empty names it as the person knows it."""
    names = tuple(one.approver.name for one in people)
    fields: dict[str, Any] = {
        _named(n): (
            blank.kind,
            Field(
                blank.default,
                alias=told(title),
                title=told(title),
                description=told(blank.help) or None,
            ),
        )
        for n, (title, blank) in enumerate(question.fields.items())
    }
    fields["who"] = (
        Literal[names],
        Field(  # of one name pydantic makes a constant, which would be a box to type in
            alias=told(WHO), title=told(WHO), json_schema_extra={"enum": list(names)}
        ),
    )
    wanted = "; ".join(f"{one.approver.name}: mã số {one.n}" for one in people)
    whose = told(f"Trên thẻ của người quyết định – {wanted}. Mỗi mã chỉ gõ một lần.")
    fields["code"] = (
        str,
        Field(
            alias=told(CODE),
            title=told(CODE),
            description=whose,
            min_length=1,
            json_schema_extra={"format": "password"},
        ),
    )
    least = 1 if question.note_needed else 0
    default = ... if question.note_needed else ""
    fields["note"] = (
        str,
        Field(default, alias=told(question.note), title=told(question.note), min_length=least),
    )
    made = create_model("Decision", __base__=RunInput, **fields)
    return made.with_initial_data(description=_description(question, people, said))


def _description(question: Question, people: Sequence[Wanted], said: str) -> str:
    warned = [f"**⚠ {plain(told(said))}**"] if said else []
    facts = "\n".join(f"- {plain(told(fact))}" for fact in question.facts[:MOST_FACTS])
    more = len(question.facts) - MOST_FACTS
    rest = [told(f"… và {more} dòng nữa.")] if more > 0 else []
    rows = "\n".join(f"| {plain(one.approver.name)} | {one.n} |" for one in people)
    table = f"| {told(WHO)} | {told('Mã số mấy trên thẻ')} |\n|---|---:|\n{rows}"
    return "\n\n".join((f"### {plain(told(question.matter))}", *warned, facts, *rest, table))


def _announce(occasion: Occasion, question: Question, people: Sequence[Wanted]) -> None:
    """Whoever may decide gets a letter with a link to the form."""
    link = f"{occasion.office.screen}/v2/runs/flow-run/{flow_run.id}"
    letters = [
        decision_asked(
            occasion.office.settings,
            occasion.period_text,
            Asked(
                f"{str(flow_run.id)[:8]}-{one.approver.id}",
                question.matter,
                question.facts,
                link,
                one.approver.name,
                one.approver.email,
            ),
        )
        for one in people
    ]
    write_house_letters(occasion, letters)
