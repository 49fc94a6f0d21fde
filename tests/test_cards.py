"""Cards of codes: who decides proves it; what was typed is worth nothing to whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from unicodedata import normalize

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from channels.errors import ChannelRefused
from cli.main import tdkt
from review.powers import ALPHABET, Power, Proof, normal, same_person, spaced
from tasks.asking import answered_by, past_outcome, put_question, settle_asking
from tasks.cards import (
    CODES,
    MOST_WRONG,
    Card,
    give_back_codes,
    issue_card,
    judge_code,
    revoke_card,
    wanted_codes,
    who_may,
)
from tasks.occasion import Occasion
from tdkt_models.alarms import recall_alarms
from tdkt_models.approvers import CODES as KEPT
from tdkt_models.approvers import recall_approvers
from tdkt_models.askings import DONE
from tdkt_models.audit import recall_audit
from tests.small_office import small_office

INH, MY = "Lò Văn Inh", "Sùng Thị Mỷ"
RUNS = (f"run-{n}" for n in count(1))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Occasion, Card]:
    """An office with one card, from which each test takes codes of its own."""
    occasion = small_office(tmp_path_factory.mktemp("cards"), units=("SYT",)).occasion
    card = issue_card(occasion.office, INH, "inh@x.vn", {Power.APPROVE, Power.TIES}, by=MY)
    return occasion, card


@pytest.fixture
def occasion(desk: tuple[Occasion, Card]) -> Iterator[Occasion]:
    occasion = replace(desk[0], run=next(RUNS))
    yield occasion
    with occasion.office.book() as book, book.writing() as conn:  # no lock is left to the next test
        conn.execute(
            update(KEPT).where(KEPT.c.proof == "wrong").values(typed_at=None, proof="seen")
        )


@pytest.fixture
def card(desk: tuple[Occasion, Card]) -> Card:
    return desk[1]


def asked(occasion: Occasion, attempt: int = 1) -> int:
    """The number of the card that this asking wants."""
    (wanted,) = wanted_codes(occasion, Power.APPROVE, f"{occasion.run}/{attempt}")
    return wanted.n


def judged(occasion: Occasion, typed: str, attempt: int = 1, name: str = INH) -> Proof:
    return judge_code(occasion, f"{occasion.run}/{attempt}", name, typed).proof


def test_codes_cannot_be_read_wrong_and_are_all_different(card: Card) -> None:
    assert len(set(card.codes)) == CODES
    assert all(set(normal(code)) <= set(ALPHABET) for code in card.codes)
    code = card.codes[0]
    assert spaced(normal(f"  {code.lower()} ")) == code
    assert normal("oO-iIlL") == "001111"


def test_the_book_and_its_audit_hold_no_code(occasion: Occasion, card: Card) -> None:
    raw = (occasion.office.folder / "office.db").read_bytes()
    raw += b"".join(path.read_bytes() for path in occasion.office.folder.glob("office.db-*"))
    for code in card.codes:
        assert code.encode() not in raw and normal(code).encode() not in raw
    with occasion.office.book() as book, book.reading() as conn:
        (entry,) = recall_audit(conn, what="card.issued")
        hashes = conn.execute(text("select count(distinct hashed) from approver_codes")).scalar()
    assert (entry.who, entry.subject) == (MY, INH) and hashes == CODES


def test_the_right_code_proves_who_it_is_once(occasion: Occasion, card: Card) -> None:
    code = card.codes[asked(occasion) - 1]
    assert judged(occasion, f" {code.lower()} ") is Proof.RIGHT
    assert judged(occasion, code) is Proof.RIGHT, "a run begun anew reads what was judged before"
    other = replace(occasion, run=next(RUNS))
    assert asked(other) != asked(occasion)
    assert judged(other, code) is Proof.WRONG, "what lies in Prefect's database opens nothing"


@pytest.mark.parametrize(
    "typed", [normalize("NFD", INH), "Lò\u200b Văn Inh\u202c", INH.upper(), " Lò\u00a0Văn  Inh"]
)
def test_a_name_typed_otherwise_is_no_other_person(typed: str) -> None:
    """Nor a second one, where two must let a letter leave."""
    assert same_person(INH, typed) and not same_person(INH, "Lo Van Inh")


def test_an_asking_wants_the_same_number_until_it_is_typed(occasion: Occasion) -> None:
    first = asked(occasion)
    assert asked(occasion) == first
    assert judged(occasion, "WRONG") is Proof.WRONG
    assert asked(occasion, attempt=2) != first, "a number that was typed is used up, right or wrong"


def test_two_askings_at_once_want_different_numbers(occasion: Occasion) -> None:
    other = replace(occasion, run=next(RUNS))
    first = asked(occasion)
    assert asked(other) != first
    give_back_codes(occasion.office, occasion.run)
    third = replace(occasion, run=next(RUNS))
    assert asked(third) == first, "what nobody typed is asked for again"


def test_a_code_typed_at_the_wrong_number_is_used_up_too(occasion: Occasion, card: Card) -> None:
    other = replace(occasion, run=next(RUNS))
    asked(occasion)
    shown = card.codes[asked(other) - 1]
    assert judged(occasion, shown) is Proof.WRONG
    assert judged(other, shown) is Proof.WRONG, "it lay open between the two"
    third = replace(occasion, run=next(RUNS))
    assert card.codes[asked(third) - 1] != shown


def test_nobody_else_can_use_it(occasion: Occasion, card: Card) -> None:
    code = card.codes[asked(occasion) - 1]
    assert judged(occasion, code, name=MY) is Proof.REVOKED, "no card of that name was asked"
    assert who_may(occasion.office, Power.ARM) == []
    assert wanted_codes(occasion, Power.ARM, f"{occasion.run}/9") == ()


def test_an_asking_keeps_what_became_of_it(occasion: Occasion) -> None:
    asking = f"{occasion.run}/1"
    put = put_question(occasion, asking, Power.APPROVE, "Kết quả", ("60 đơn vị",))
    assert put.new and put.same and [one.approver.name for one in put.people] == [INH]
    again = put_question(occasion, asking, Power.APPROVE, "Kết quả", ("60 đơn vị",))
    assert not again.new and again.same
    changed = put_question(occasion, asking, Power.APPROVE, "Kết quả", ("59 đơn vị",))
    assert not changed.same, "what is to be approved is not what was shown"
    assert past_outcome(occasion, asking) == "" and answered_by(occasion) == []
    settle_asking(occasion, asking, INH, DONE)
    assert past_outcome(occasion, asking) == DONE and answered_by(occasion) == [INH]


def test_five_wrong_codes_lock_a_name_out_and_the_office_hears_of_it(tmp_path: Path) -> None:
    occasion = small_office(tmp_path, units=("SYT",)).occasion
    card = issue_card(occasion.office, INH, "inh@x.vn", {Power.APPROVE}, by=MY)
    for attempt in range(1, MOST_WRONG + 1):
        asked(occasion, attempt)
        assert judged(occasion, "WRONG", attempt) is Proof.WRONG
    right = card.codes[asked(occasion, 9) - 1]
    assert judged(occasion, right, 9) is Proof.LOCKED
    with occasion.office.book() as book, book.reading() as conn:
        (alarm,) = recall_alarms(conn)
        typed = [entry.detail["proof"] for entry in recall_audit(conn, what="code.typed")]
    issue_card(occasion.office, INH.upper(), "inh@x.vn", {Power.APPROVE}, by=MY)
    asked(occasion, 10)
    assert judged(occasion, right, 10) is Proof.LOCKED, "a new card does not end it"
    assert INH in alarm.matter and "tdkt token revoke" not in alarm.matter
    assert typed == ["wrong"] * MOST_WRONG + ["locked"]


def test_a_new_card_ends_the_old_one_and_a_revoked_one_proves_nothing(tmp_path: Path) -> None:
    occasion = small_office(tmp_path, units=("SYT",)).occasion
    office = occasion.office
    old = issue_card(office, INH, "inh@x.vn", {Power.APPROVE}, by=MY)
    on_the_old = old.codes[asked(occasion) - 1]
    apart = normalize("NFD", "lò  văn inh")  # as some keyboards type it
    new = issue_card(office, apart, "inh@x.vn", {Power.APPROVE}, by=MY)
    assert judged(occasion, on_the_old) is Proof.REVOKED
    assert [one.card for one in who_may(office, Power.APPROVE)] == [new.approver.card]
    on_the_new = new.codes[asked(occasion, 2) - 1]
    assert revoke_card(office, INH, by=MY, reason="Chuyển công tác").card == new.approver.card
    assert judged(occasion, on_the_new, 2) is Proof.REVOKED
    with office.book() as book, book.reading() as conn:
        assert len(recall_approvers(conn, every=True)) == 2 and recall_approvers(conn) == []
    with pytest.raises(ChannelRefused, match="Không có thẻ"):
        revoke_card(office, INH, by=MY, reason="lần nữa")


@pytest.mark.parametrize("given", [("I", "a@x.vn"), ("Inh", "khong-co"), ("Inh", "")])
def test_a_card_needs_a_name_and_an_address(occasion: Occasion, given: tuple[str, str]) -> None:
    with pytest.raises(ChannelRefused, match="Cấp thẻ cần"):
        issue_card(occasion.office, *given, {Power.ARM}, by=MY)


def run(home: str, *words: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(tdkt, [*words, "--home", home], input=typed, standalone_mode=False)
    said = done.output + str(done.exception or "")
    return (done.return_value if done.exception is None else 2), said


def test_a_decision_at_the_command_line_asks_for_the_code_once_there_are_cards(
    tmp_path: Path,
) -> None:
    occasion = small_office(tmp_path, units=("SYT",)).occasion
    office = occasion.office
    assert run(office.home, "arm", "--by", INH)[0] == 0, "no card was ever issued: the account goes"
    card = issue_card(office, INH, "inh@x.vn", {Power.ARM}, by=MY)
    code, said = run(office.home, "arm", "--by", INH, typed=f"{card.codes[0]}\n")
    assert code == 0 and f"Mã số 1 trên thẻ của {INH}" in said and card.codes[0] not in said
    code, said = run(office.home, "arm", "--by", INH, typed=f"{card.codes[0]}\n")
    assert code == 2 and "Mã số 2" in said and "không đúng" in said
    code, said = run(office.home, "arm", "--by", MY, typed="x\n")
    assert code == 2 and "không có thẻ" in said


def test_a_card_is_written_once_for_its_owner_alone(tmp_path: Path) -> None:
    home = small_office(tmp_path, units=("SYT",)).occasion.office.home
    for name in ("the.pdf", "the.txt"):
        path = tmp_path / name
        words = ("token", "issue", INH, "--email", "inh@x.vn", "--by", MY, "--to", str(path))
        assert run(home, *words)[0] == 0
        assert path.stat().st_mode & 0o077 == 0
        code, said = run(home, *words)
        assert code == 2 and "đã có" in said, "a card is never written over"
    assert (tmp_path / "the.pdf").read_bytes().startswith(b"%PDF")
    assert "T-0002" in (tmp_path / "the.txt").read_text()
    code, said = run(home, "token", "list")
    assert code == 0 and "T-0002" in said and "T-0001" not in said
