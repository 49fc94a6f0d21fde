"""Raters' slips: nobody sees another's marks before all that are needed are in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from by_hand import by_hand
from click.testing import CliRunner
from scoring_makers import FULL_GENERAL, LAW, cadre, job, rating, report, terms

from channels.errors import ChannelRefused
from channels.filling import fill
from channels.sealing import opened, sealed, sealing_key
from cli.main import tdkt
from review.cadres import Cadre, Role
from review.explanation import explain
from review.form import FIRST_ROW
from review.post import LetterKind, LetterState, reader_of
from review.rater_rules import RaterRules, raters_from, raters_of
from review.ratings import Rating, ready, with_ratings
from review.scorecard import CardStatus
from review.scoring import score_unit
from review.slip_form import SLIP_CODE
from tasks.finishing import Finisher
from tasks.gate import judge, open_gate
from tasks.insight import insight
from tasks.invite import post_slips
from tasks.mail_senders import of_another_hand
from tasks.office import Office
from tasks.result_sheets import sheet_payloads
from tasks.score import score
from tasks.seals import open_now, standing_of
from tasks.slips import mail_slips, units_with_slips, write_slips
from tasks.traces import traces
from tdkt_models.audit import recall_audit
from tdkt_models.cadres import keep_cadres
from tdkt_models.files import ReceivedFile
from tdkt_models.letter_ledger import ledger
from tdkt_models.mails import CHANNEL, ReceivedMail, keep_mails
from tdkt_models.ratings import recall_ratings
from tdkt_models.scores import recall_cards
from tests.small_office import Corner, small_office

LOW = dict.fromkeys(FULL_GENERAL, Decimal("1.25"))
HIGH = {c.field: Decimal(c.most) / 100 for c in LAW.general.criteria}
Slips = Mapping[tuple[str, str], Path]  # by rater and role
UNIT, DAY = "SYT", date(2026, 11, 2)


def without_marks(entries: dict) -> None:
    """The unit leaves form 01 to the raters' slips."""
    entries["general"] = []


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Corner:
    """An office that has the unit's report, and the slips that it printed beside."""
    folder = tmp_path_factory.mktemp("seals")
    corner = small_office(folder, (UNIT,))
    sent = corner.sends(UNIT, corner.report(UNIT, without_marks), day=3)
    corner.takes_in()
    sent.unlink()
    write_slips(corner.occasion, folder / "slips")
    return corner


@pytest.fixture
def corner(told: Corner, tmp_path: Path) -> Corner:
    """That office, each test its own."""
    home = shutil.copytree(told.occasion.office.folder, tmp_path / "office")
    return Corner(replace(told.occasion, office=Office.at(home)))


@pytest.fixture(scope="module")
def slips(told: Corner) -> dict[tuple[str, str], Path]:
    """By rater and role."""
    found = {}
    for path in sorted((told.occasion.office.folder.parent / "slips").glob("*.xlsx")):
        page = openpyxl.load_workbook(path)["S1 Thông tin đơn vị"]
        values = {page.cell(row, 1).value: page.cell(row, 2).value for row in range(1, 20)}
        role = {"Cá nhân tự chấm": "tu_cham", "Người quản lý trực tiếp chấm": "quan_ly"}
        said = str(values["Chấm với tư cách"])
        found[str(values["Mã người chấm"]), role.get(said, "tham_quyen")] = path
    return found


def hand_in(
    corner: Corner, path: Path, marks: Mapping[str, Decimal], people: int, note: str
) -> None:
    assert LAW.slip is not None
    cover, sheet = LAW.slip.sheet("cover"), LAW.slip.sheet("general")
    cells: dict[tuple[str, str], object] = {(cover.name, cover.cell("prepared_on")): DAY}
    cells |= {
        (sheet.name, sheet.cell(name, FIRST_ROW + at)): value
        for at in range(people)
        for name, value in marks.items()
    }
    corner.sends(UNIT, fill(path.read_bytes(), cells), day=4, note=note)
    corner.takes_in()


def marked_by(corner: Corner, head: Cadre) -> int:
    people = corner.brief(UNIT).cadres
    return sum(LAW.scores(c.group) for c in people if c.code != head.code)


def printed(corner: Corner) -> str:
    """Everything that the office can look at: explanations, letters, the book's own text."""
    about = corner.occasion
    with about.office.book() as book, book.reading() as conn:
        told = json.dumps(traces(conn, about, UNIT), ensure_ascii=False)
        letters = [json.dumps(dict(o.letter.payload)) for o in ledger(conn, about.period_text)]
    return told + "".join(letters)


def test_marks_stay_under_seal_until_both_are_in(corner: Corner, slips: Slips) -> None:
    staff = next(c for c in corner.brief(UNIT).cadres if c.role is Role.STAFF)
    head = next(c for c in corner.brief(UNIT).cadres if c.role is Role.HEAD)
    hand_in(corner, slips[staff.code, "tu_cham"], LOW, 1, "_a")
    about = corner.occasion
    score.fn(about, (UNIT,))
    with about.office.book() as book, book.reading() as conn:
        (kept,) = recall_ratings(conn, about.period_text)
        (waited,) = standing_of(conn, about)
        card = next(c for c in recall_cards(conn, about.period_text) if c.cadre == staff.code)
        said = [o.letter for o in ledger(conn, about.period_text) if "/phieu-" in o.letter.person]
    assert kept.marks == {} and not waited.opened and card.status is CardStatus.INSUFFICIENT
    assert "12,50" not in printed(corner), "the sum of the marks stands nowhere"
    assert said and said[-1].person.startswith(staff.code) and said[-1].payload["people"] == 1
    received = list((about.office.folder / "received").rglob("*.sealed"))
    assert len(received) == 1 and not received[0].read_bytes().startswith(b"PK")
    assert corner.entry(UNIT).counted is not None, "the unit's own report stands as it was"

    managed = marked_by(corner, head)
    hand_in(corner, slips[head.code, "tham_quyen"], HIGH, managed, "_b")
    score.fn(about, (UNIT,))
    with about.office.book() as book, book.reading() as conn:
        cards = {c.cadre: c for c in recall_cards(conn, about.period_text)}
        entries = recall_audit(conn, what="ratings.opened")
        (trace,) = traces(conn, about, staff.code)
    assert cards[staff.code].general == 3000, "the authority's marks count"
    assert staff.code in {entry.subject for entry in entries}
    seen = insight(about)
    assert [one.rater for one in seen.markers] == [head.code], "each rater is held against others"
    assert [(one.rater, one.people) for one in seen.raters] == [(UNIT, managed)]
    with about.office.book() as book, book.reading() as conn:
        form_01 = sheet_payloads(conn, about, [UNIT])[staff.code]
    assert (form_01["own_sum"], form_01["given_sum"]) == (1250, 3000)
    lines = "\n".join(trace["lines"])
    assert "Cá nhân tự chấm 12,50 điểm" in lines and "phiếu chấm " in lines
    assert by_hand(trace["lines"]).total * 100 == cards[staff.code].total

    hand_in(corner, slips[staff.code, "tu_cham"], HIGH, 1, "_c")
    with about.office.book() as book, book.reading() as conn:
        kept_as = {one.role: sum(one.marks.values()) for one in recall_ratings(conn, "2026-10")
                   if one.cadre == staff.code}  # fmt: skip
        said = [o.letter for o in ledger(conn, about.period_text) if "/phieu-" in o.letter.person]
    assert kept_as["tu_cham"] == 1250, "what was shown is not exchanged"
    answers = [one.payload for one in said if one.person.startswith(staff.code)]
    assert answers[-1]["people"] == 0 and "đã mở niêm phong" in answers[-1]["faults"][0]["says"]


def test_a_person_may_decide_not_to_wait_and_is_named(corner: Corner, slips: Slips) -> None:
    head = next(c for c in corner.brief(UNIT).cadres if c.role is Role.HEAD)
    staff = next(c for c in corner.brief(UNIT).cadres if c.role is Role.STAFF)
    managed = marked_by(corner, head)
    hand_in(corner, slips[head.code, "tham_quyen"], HIGH, managed, "_b")
    about = corner.occasion
    args = ["ratings", "status", about.period_text, "--json", "--home", str(about.office.folder)]
    shown = json.loads(CliRunner().invoke(tdkt, args).output)
    assert {one["opened"] for one in shown} == {False} and len(shown) == managed
    with pytest.raises(ChannelRefused, match="không có phiếu nào"):
        open_now(about, head.code, "Lò Văn A", "vì")
    open_now(about, staff.code, "Lò Văn A", "Đi học dài ngày, không tự chấm")
    score.fn(about, (UNIT,))
    with about.office.book() as book, book.reading() as conn:
        cards = {c.cadre: c for c in recall_cards(conn, about.period_text)}
        (entry,) = recall_audit(conn, what="ratings.opened")
    assert entry.who == "Lò Văn A" and cards[staff.code].general == 3000


def test_a_slip_that_marks_somebody_else_goes_back_to_the_rater_alone(
    corner: Corner, slips: Slips
) -> None:
    staff = next(c for c in corner.brief(UNIT).cadres if c.role is Role.STAFF)
    other = next(c for c in corner.brief(UNIT).cadres if c.code != staff.code)
    assert LAW.slip is not None
    cover, sheet = LAW.slip.sheet("cover"), LAW.slip.sheet("general")
    cells: dict[tuple[str, str], object] = {(cover.name, cover.cell("prepared_on")): DAY}
    cells |= {(sheet.name, sheet.cell("cadre", FIRST_ROW)): other.code}
    cells |= {(sheet.name, sheet.cell(k, FIRST_ROW)): v for k, v in HIGH.items()}
    path = slips[staff.code, "tu_cham"]
    corner.sends(UNIT, fill(path.read_bytes(), cells), day=4, note="_x")
    corner.takes_in()
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert recall_ratings(conn, "2026-10") == []
        letters = [o.letter for o in ledger(conn, "2026-10") if "/phieu-" in o.letter.person]
    assert letters[-1].payload["people"] == 0 and letters[-1].payload["faults"]


def test_an_older_slip_sent_again_does_not_bring_its_marks_back(
    corner: Corner, slips: Slips
) -> None:
    staff = next(c for c in corner.brief(UNIT).cadres if c.role is Role.STAFF)
    kept = []
    for marks, note in ((LOW, "_1"), (HIGH, "_2")):
        hand_in(corner, slips[staff.code, "tu_cham"], marks, people=1, note=note)
        with corner.occasion.office.book() as book, book.reading() as conn:
            kept.append([one.digest for one in recall_ratings(conn, "2026-10")])
    first = Path(corner.occasion.office.inboxes[0]) / f"{UNIT}_2026-10_1.xlsx"
    corner.sends(UNIT, first.read_bytes(), day=5, note="_3")
    corner.takes_in()
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert [one.digest for one in recall_ratings(conn, "2026-10")] == kept[1] != kept[0]


def test_a_slip_mailed_by_somebody_else_waits_for_a_person(corner: Corner) -> None:
    """The rater's own address, the office's, or a person's word; none other of the unit."""
    about, at = corner.occasion, datetime(2026, 11, 4, 2, tzinfo=UTC)
    rater = next(c for c in corner.brief(UNIT).cadres if c.email)
    settings = about.office.settings
    senders = {"own": rater.email.lower(), "office": settings.email.lower(), "head": "la@x.vn"}
    with about.office.book() as book, book.writing() as conn:
        mails = [
            ReceivedMail(name, f"sha-{name}", 1, name, at, sender=sender, vouched=by)
            for name, sender, by in (
                *((name, sender, "") for name, sender in senders.items()),
                ("vouched", "la@x.vn", "Lò Văn A"),
            )
        ]
        keep_mails(conn, mails, about.stamp)
        files = [
            ReceivedFile(CHANNEL, f"{one.channel_id}|phieu.xlsx", one.sha256, "phieu.xlsx", 1, at,
                         one.stored_path, id=n)
            for n, one in enumerate(mails, 1)
        ]  # fmt: skip
        raters = dict.fromkeys((1, 2, 3, 4), rater.code)
        refused = of_another_hand(conn, settings, files, raters)
    assert set(refused) == {3} and rater.code in refused[3] and "la@x.vn" in refused[3]


def test_a_stop_between_keeping_and_dropping_leaves_no_plain_file(
    corner: Corner, slips: Slips
) -> None:
    """Nor does the same file sent once more: its bytes are there again until the next round."""
    staff = next(c for c in corner.brief(UNIT).cadres if c.role is Role.STAFF)
    path = slips[staff.code, "tu_cham"]
    hand_in(corner, path, LOW, 1, "_a")
    folder = corner.occasion.office.folder / "received"
    (copy,) = folder.rglob("*.sealed")
    plain = copy.with_suffix("")
    assert not plain.exists()
    plain.write_bytes(b"as it lay when the power went")
    hand_in(corner, path, LOW, 1, "_again")
    assert not plain.exists() and copy.exists()
    with corner.occasion.office.book() as book, book.reading() as conn:
        assert len(recall_ratings(conn, "2026-10")) == 1


def test_a_unit_that_marks_on_slips_owes_no_marks_in_its_report(
    told: Corner, tmp_path: Path
) -> None:
    office = small_office(tmp_path, (UNIT,))
    toml = office.occasion.office.folder / "office.toml"
    text = toml.read_text("utf-8").replace("slip_units = []", f'slip_units = ["{UNIT}"]')
    toml.write_text(text, "utf-8")
    office.sends(UNIT, office.report(UNIT, without_marks), day=3)
    office.takes_in()
    assert told.checks(UNIT) - office.checks(UNIT) == {"THIEU_CHAM"}


def test_several_who_mark_as_the_authority_count_by_their_exact_mean() -> None:
    """27,50, 28,00 and 26,25: the mean 27,25 is exact; of 27,50, 27,50, 27,25 it is not, and only
    the total is rounded."""
    for sums in ((2750, 2800, 2625), (2750, 2750, 2725)):
        slips = [_slip(f"L{n}", total) for n, total in enumerate(sums)]
        said = with_ratings(report([job(assigned=3, done=2)], [], []), slips, LAW.general)
        (card,) = score_unit(said, [cadre()], LAW)
        assert card.total is not None
        exact = Decimal(sum(sums)) / 3 + Decimal(7000) * 2 / 3
        assert card.total == int(exact + Decimal("0.5"))
        assert (card.general or 0) + (card.task_score or 0) == card.total
        assert sum(r.lost or 0 for r in card.reasons) == 10_000 - card.total
        worked = by_hand(explain(card, LAW))
        assert worked.total * 100 == card.total


def _slip(rater: str, total: int) -> Rating:
    marks, short = dict(FULL_GENERAL), 3000 - total
    for name in marks:
        less = min(short, marks[name])
        marks[name], short = marks[name] - less, short - less
    digest = "d" * 64
    return Rating("2026-10", "03637", "A", "tham_quyen", rater, "f" * 64, 6, digest, marks)


def test_a_manager_s_marks_stand_beside_and_count_for_nothing() -> None:
    beside = replace(_slip("P", 2000), role="quan_ly")
    said = with_ratings(report([job()], [rating()], []), [beside], LAW.general)
    (card,) = score_unit(said, [cadre()], LAW)
    assert card.general == 3000
    assert any("Người quản lý trực tiếp chấm 20,00" in reason.says for reason in card.reasons)


def test_without_the_authority_s_marks_the_own_ones_are_not_shown() -> None:
    (card,) = score_unit(report([job()], [rating(rater="tu_cham", c1=100)], []), [cadre()], LAW)
    words = " ".join(reason.says for reason in card.reasons)
    assert "niêm phong" in words and "26,00" not in words


def test_who_marks_whom_follows_the_posts() -> None:
    head, staff = cadre("H", Role.HEAD), cadre("S")._replace(field="Khen thưởng")
    deputy = cadre("P", Role.DEPUTY)._replace(field="Khen thưởng")
    people = [head, deputy, staff]
    usual = RaterRules()
    assert raters_of(staff, people, usual) == {
        "tu_cham": ("S",), "quan_ly": ("P",), "tham_quyen": ("H",),
    }  # fmt: skip
    assert raters_of(head, people, usual) == {"tu_cham": ("H",)}
    together = raters_from({"collective": True})
    assert raters_of(staff, people, together)["tham_quyen"] == ("H", "P")
    due = raters_of(staff, people, together)
    assert not ready(due, {"tu_cham": {"S"}, "tham_quyen": {"H"}}, together), "P is still to come"
    assert ready(due, {"tu_cham": {"S"}, "tham_quyen": {"H", "P"}}, together)
    with pytest.raises(ValueError, match="không có người chấm"):
        raters_from({"needed": ["ai_do"]})


def test_a_seal_opens_only_what_it_was_put_on(tmp_path: Path) -> None:
    key = sealing_key(tmp_path)
    text = sealed({"c1": 450}, key, "2026-10/A/tu_cham/A")
    assert opened(text, key, "2026-10/A/tu_cham/A") == {"c1": 450} and "450" not in text
    with pytest.raises(ChannelRefused, match="Không mở được niêm phong"):
        opened(text, key, "2026-10/B/tu_cham/B")
    with pytest.raises(ChannelRefused):
        opened(text, sealing_key(tmp_path / "other"), "2026-10/A/tu_cham/A")


def test_the_slip_is_the_month_s_own_sheet_of_form_01() -> None:
    form = LAW.slip
    assert form is not None and form.code == SLIP_CODE
    assert [s.key for s in form.sheets] == ["cover", "general"]
    assert set(LAW.general.fields) <= set(form.sheet("general").columns)
    assert "rater" not in form.sheet("general").columns
    assert terms("A")["cadre"] == "A"


def test_each_rater_is_mailed_their_own_slips_and_may_be_named_those_they_mark(
    corner: Corner,
) -> None:
    """The gate reads the workbooks too: whom a rater marks it has from the roll. A slip of another
    rater in the letter is caught."""
    about = corner.occasion
    people = {c.code: c for c in corner.brief(UNIT).cadres if LAW.scores(c.group)}
    head = next(c for c in people.values() if c.role is Role.HEAD)
    assert mail_slips.fn(about, (UNIT,)) == len(people)
    assert mail_slips.fn(about, (UNIT,)) == 0, "nobody is written to twice"
    kind = LetterKind.SLIP_INVITATION
    with about.office.book() as book, book.reading() as conn:
        letters = {
            reader_of(one.letter.person): one
            for one in ledger(conn, about.period_text)
            if one.letter.kind is kind
        }
        gate, finisher = open_gate(conn, about), Finisher(about.office, book)
        judged = judge(conn, about, gate, list(letters.values()), finisher)
        assert letters.keys() == people.keys()
        assert (judged.held, judged.faults) == ({}, ()) and len(judged.cleared) == len(people)
        own = letters[head.code].letter.payload
        assert own["total"] == len(people) and len(own["slips"]) == len(own["enclosed"]) == 2
        staff = next(c.code for c in people.values() if c.role is Role.STAFF)
        theirs = letters[staff]
        wrong = replace(
            theirs,
            letter=replace(
                theirs.letter, payload={**theirs.letter.payload, "enclosed": own["enclosed"][-1:]}
            ),
        )
        other = judge(conn, about, gate, [wrong], finisher)
        assert head.code in str(other.held) or "không thuộc phạm vi người nhận" in str(other.held)
        few = {**own, "total": 1}
        short = replace(letters[head.code], letter=replace(letters[head.code].letter, payload=few))
        faults = judge(conn, about, gate, [short], finisher).faults
    assert any("số người phải chấm" in fault for fault in faults)


def test_a_rater_who_is_given_more_people_is_told_of_them_once(corner: Corner) -> None:
    """The slip that comes in addition is of these people alone; who has not been told of anybody
    has all of theirs in one letter, also where an earlier one has not left."""
    about = corner.occasion
    people = corner.brief(UNIT).cadres
    head = next(c for c in people if c.role is Role.HEAD)
    staff = next(c for c in people if c.role is Role.STAFF)
    assert mail_slips.fn(about, (UNIT,)) > 1

    def joins(code: str) -> None:
        new = staff._replace(code=code, name="Vàng A Páo", email=f"{code}@laichau.example".lower())
        with about.office.book() as book, book.writing() as conn:
            keep_cadres(conn, [new], about.stamp)
        score.fn(about, (UNIT,))

    joins("SYT-98")
    assert mail_slips.fn(about, (UNIT,)) == 2, "none has left yet: the head's is written anew"
    assert invitation(corner, head.code)["before"] == 0
    assert not post_slips.fn(about).faults
    assert mail_slips.fn(about, (UNIT,)) == 0
    joins("SYT-99")
    assert mail_slips.fn(about, (UNIT,)) == 2 and mail_slips.fn(about, (UNIT,)) == 0
    assert not post_slips.fn(about).faults, "the gate lets it go: figures are the roll's"
    said = invitation(corner, head.code)
    assert said["total"] == 1 and said["before"] == marked_by(corner, head)
    assert [slip["codes"] for slip in said["slips"]] == [["SYT-99"]]
    with about.office.book() as book, book.reading() as conn:
        sent = [one for one in ledger(conn, about.period_text) if one.state is LetterState.SENT]
    assert sum(one.letter.person.startswith(head.code) for one in sent) == 2

    (file,) = said["enclosed"]
    path = about.office.folder / "enclosed" / file["place"]
    hand_in(corner, path, HIGH, 1, "_bo-sung")
    with about.office.book() as book, book.reading() as conn:
        kept = recall_ratings(conn, about.period_text)
    assert [(one.cadre, one.rater) for one in kept] == [("SYT-99", head.code)]


def invitation(corner: Corner, rater: str) -> Mapping[str, Any]:
    """What the latest letter with slips says to a rater."""
    about, kind = corner.occasion, LetterKind.SLIP_INVITATION
    with about.office.book() as book, book.reading() as conn:
        letters = ledger(conn, about.period_text, kind=kind)
    return [o.letter.payload for o in letters if reader_of(o.letter.person) == rater][-1]


def test_slips_are_mailed_where_a_unit_marks_on_slips(corner: Corner) -> None:
    with pytest.raises(ChannelRefused, match="slip_units"):
        units_with_slips(corner.occasion, ())
    with pytest.raises(ChannelRefused, match="KHONG"):
        units_with_slips(corner.occasion, ("KHONG",))
    home = ["--home", str(corner.occasion.office.folder)]
    asked = ["ratings", "slips", corner.occasion.period_text, *home]
    assert CliRunner().invoke(tdkt, asked).exit_code == 2
    said = CliRunner().invoke(tdkt, [*asked, "--mail", "--unit", UNIT]).output
    assert "thư phiếu chấm mới" in said
