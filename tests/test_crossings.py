"""Nobody reads what is another's: scopes, the veil, what the gate reads in a finished message, and
thousands of letters, each with a canary, over several posters."""

from __future__ import annotations

import email
import email.policy
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from letter_samples import CADRES, CARD, INH, MUONG_TE, MY, OFFICE, OTHER, PHONG_THO, own_result

from channels.capture import CaptureServer
from channels.composing import compose
from channels.message_words import Unreadable, words_of
from channels.rendering import Enclosed, Rendered, render
from channels.smtp import Relay, Server
from review.findings import Finding, Severity
from review.letterhead import message_id
from review.scope import (
    VEIL,
    Directory,
    Reader,
    crossings,
    directory_of,
    own_of,
    scope_of,
    veiled_finding,
)
from review.watched import Watch, watch_over, with_totals

OTHERS_CARD = CARD._replace(cadre=OTHER.code, unit=OTHER.unit, total=8761)
DIRECTORY = directory_of([MUONG_TE, PHONG_THO], [*CADRES, OTHER], OFFICE)


def watch_on(directory: Directory) -> Watch:
    people = [(cadre.code, cadre.name) for cadre in directory.cadres.values()]
    return with_totals(
        watch_over(directory.units, people), (CARD.total or 0, OTHERS_CARD.total or 0)
    )


WATCH = watch_on(DIRECTORY)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CANARIES = int(os.environ.get("SOAK_CANARIES", "400"))


def finished(*files: Enclosed, text: str = "Chữ.\n", html: str = "<p>Chữ.</p>") -> EmailMessage:
    rendered = Rendered("Thư thử", text, html, files=files)
    made = message_id("k", 1, OFFICE.email)
    return compose(rendered, sender=OFFICE.email, to="a@x.vn", message_id=made)


def seen(message: EmailMessage, person: str = MUONG_TE.code) -> tuple[str, ...]:
    scope = scope_of(person, DIRECTORY)
    assert scope
    return crossings(words_of(message), scope, WATCH)


def test_a_scope_follows_from_who_reads() -> None:
    person, unit = scope_of(INH.code, DIRECTORY), scope_of(MUONG_TE.code, DIRECTORY)
    assert person and unit
    assert person.reader is Reader.PERSON and person.cadres == {INH.code}
    assert unit.cadres == {cadre.code for cadre in CADRES} and unit.units == {MUONG_TE.code}
    leader, cluster = scope_of("leader", DIRECTORY), scope_of("cluster:Cụm thi đua số 2", DIRECTORY)
    assert leader and leader.units == {"03637", "03549"} and not leader.cadres
    assert cluster and cluster.units == {PHONG_THO.code} and not cluster.cadres
    office = scope_of("office-2", DIRECTORY)
    assert office and office.sees_all and scope_of("99999", DIRECTORY) is None


def test_the_finished_message_is_read_in_every_part() -> None:
    secret = f"{OTHER.name} {OTHER.code}"
    for message in (
        finished(text=f"Xin xem {secret}.\n"),
        finished(html=f'<p title="{secret}">x</p>'),
        finished(html=f"<p>{OTHER.name.replace(' ', '&nbsp;')} <b>{OTHER.code}</b></p>"),
        finished(workbook(secret)),
        finished(document(OTHER.name, OTHER.code)),
        finished(Enclosed(f"{OTHER.code}.csv", b"x", "text/csv")),
        finished(Enclosed("a.csv", secret.encode(), "text/csv")),
    ):
        assert any(OTHER.code in one for one in seen(message)), message.as_string()[:300]


def workbook(secret: str) -> Enclosed:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Trang 1")
    sheet.write_string("A1", "Tổng hợp")
    sheet.write_comment("A1", secret)
    sheet.write_number("B2", 87.61)
    book.close()
    return Enclosed("bang.xlsx", content.getvalue(), XLSX)


def document(name: str, code: str) -> Enclosed:
    import docx

    content = io.BytesIO()
    made = docx.Document()
    paragraph = made.add_paragraph()
    for piece in (name[:3], name[3:], f" {code}"):
        paragraph.add_run(piece).bold = piece.startswith(" ")
    made.save(content)
    return Enclosed("bang.docx", content.getvalue(), DOCX)


def test_a_score_of_another_is_found_even_as_a_number_of_a_workbook() -> None:
    found = seen(finished(workbook("x")), INH.code)
    assert found == ("điểm 87,61 của người khác",)


def test_a_name_broken_by_type_is_still_a_name() -> None:
    assert any("Chẻo Thị Mẩy" in one for one in seen(finished(document(OTHER.name, "x"))))


def test_a_code_that_is_also_a_bodys_name_is_no_secret_as_a_word() -> None:
    unit = replace(PHONG_THO, code="UBKT", name="Ủy ban Kiểm tra")
    theirs = OTHER._replace(code="UBKT-01", unit="UBKT")
    watch = watch_on(directory_of([MUONG_TE, unit], [*CADRES, theirs], OFFICE))
    scope = scope_of(MUONG_TE.code, DIRECTORY)
    assert scope and crossings("Gửi UBKT Tỉnh ủy một bản; UBKT đã nhận.", scope, watch) == ()
    for told in ("đơn vị (mã UBKT)", "tệp UBKT_2026-10.xlsx", "cán bộ UBKT-01"):
        assert crossings(f"Gửi UBKT: {told}", scope, watch), told


def test_what_the_gate_cannot_read_does_not_pass() -> None:
    for kind in (XLSX, DOCX, "application/pdf", "application/zip"):
        with pytest.raises(Unreadable):
            words_of(finished(Enclosed("a.bin", b"\x00\x01", kind)))


def test_ones_own_letter_passes() -> None:
    scope = scope_of(INH.code, DIRECTORY)
    rendered = render(own_result())
    words = rendered.subject + rendered.text + rendered.html
    assert scope and crossings(words, scope, WATCH, own_of([CARD], ())) == ()


def test_a_homonym_of_somebody_in_scope_is_no_secret() -> None:
    twin = OTHER._replace(name=MY.name)
    watch = watch_on(directory_of([MUONG_TE, PHONG_THO], [*CADRES, twin], OFFICE))
    scope = scope_of(MUONG_TE.code, DIRECTORY)
    assert scope and crossings(f"Gửi {MY.name}", scope, watch) == ()


def test_what_a_unit_typed_itself_is_no_secret_from_it() -> None:
    scope = scope_of(MUONG_TE.code, DIRECTORY)
    typed = [f"Khen thưởng bà {OTHER.name}, mã {OTHER.code}"]
    assert scope and crossings(typed[0], scope, WATCH)
    assert crossings(typed[0], scope, WATCH, own_of((), typed)) == ()


def test_a_finding_about_two_persons_covers_the_one_of_another_unit() -> None:
    scope = scope_of(MUONG_TE.code, DIRECTORY)
    says = f"{INH.name}, sinh 12/3/1988 có ở mã {INH.code} và {OTHER.code} ({OTHER.name})."
    finding = Finding("NGHI_TRUNG", Severity.MUST_EXPLAIN, "S8", "C7", INH.name, says, "Xem lại.")
    assert scope
    covered = veiled_finding(finding, scope, WATCH).says
    assert INH.code in covered and VEIL in covered
    assert OTHER.code not in covered and OTHER.name not in covered
    assert crossings(covered, scope, WATCH) == ()


def test_thousands_of_letters_over_several_posters_and_none_crosses(tmp_path: Path) -> None:
    template = own_result()

    def canary(n: int) -> str:
        return f"canary{n:06}z"

    def post_some(worker: int, port: int) -> int:
        server = Server("127.0.0.1", port, security="none")
        sent = 0
        with Relay(server, sender=OFFICE.email) as relay:  # one line a poster (D9)
            for n in range(worker, CANARIES, 8):
                cadre = {**template.payload["cadre"], "name": canary(n), "code": canary(n)}
                letter = replace(
                    template, person=canary(n), payload={**template.payload, "cadre": cadre}
                )
                file = Enclosed("phieu.csv", f"mã;{canary(n)}".encode(), "text/csv")
                rendered = replace(render(letter), files=(file,))
                name = message_id(letter.key, 1, OFFICE.email)
                sent += relay.post(rendered, f"{canary(n)}@x.vn", name).sent
        return sent

    with CaptureServer(tmp_path) as server, ThreadPoolExecutor(8) as pool:
        sent = sum(pool.map(post_some, range(8), [server.port] * 8))
        assert sent == len(server.letters) == CANARIES
        for path in server.letters:
            message = email.message_from_bytes(
                path.read_bytes(), EmailMessage, policy=email.policy.default
            )
            own = str(message["To"]).partition("@")[0]
            found = set(words_of(message).split("canary")[1:])
            assert {f"canary{word[:7]}" for word in found} == {own}
