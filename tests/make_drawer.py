"""Makes the folder of awkward files, tests/drawer/, each named by what is wrong with it.

python -m tests.make_drawer             writes those that any machine can make
python -m tests.make_drawer --office    also those that LibreOffice saves

The files are kept: a test walks the folder (tests/test_drawer.py) and holds each to what
tests/drawer/answers.toml says of it.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from xlsxwriter.workbook import Workbook

from channels.plain_writing import as_csv, as_json
from review.form import HEADING_ROW
from tests.drawer import HOSTILE, NBSP, Desk, moved_down, patched, reordered
from tests.google_like import google_sheets
from tests.old_fonts import tcvn3, vni
from tests.xlsb import xlsb

FOLDER = Path(__file__).resolve().parent / "drawer"
DESK = Desk()
FORM = DESK.form
WORK, GENERAL = FORM.sheet("work"), FORM.sheet("general")
Rows = list[list[Any]]
Dress = Callable[[Workbook, dict[str, Any]], None]
AT = HEADING_ROW - 1


def pages(**changed: Callable[[Rows], Rows]) -> dict[str, Rows]:
    """The good report by sheets; some changed, by key."""
    kept = {sheet.name: DESK.rows(sheet.key) for sheet in FORM.sheets}
    for key, change in changed.items():
        kept[FORM.sheet(key).name] = change(kept[FORM.sheet(key).name])
    return kept


def typed(
    told: Mapping[str, Sequence[Sequence[Any]]],
    dress: Dress | None = None,
    font: str = "Times New Roman",
) -> bytes:
    """A plain workbook of these rows, always the same bytes; `dress` may add to its sheets."""
    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": __import__("datetime").datetime(2026, 10, 26)})
    plain = book.add_format({"font_name": font, "font_size": 12})
    day = book.add_format({"num_format": "dd/mm/yyyy", "font_name": font})
    sheets = {}
    for name, rows in told.items():
        sheets[name] = page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, day)
                elif value not in ("", None):
                    page.write(at, column, value, plain)
    if dress:
        dress(book, sheets)
    book.close()
    return kept.getvalue()


def each(change: Callable[[Any], Any], first: int = HEADING_ROW) -> Callable[[Rows], Rows]:
    """A change of every text below the headings."""
    return lambda rows: [
        *rows[:first],
        *([change(v) if isinstance(v, str) else v for v in row] for row in rows[first:]),
    ]


def renamed(names: Mapping[str, str]) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        rows[AT] = [names.get(cell, cell) for cell in rows[AT]]
        return rows

    return change


def in_two_rows(rows: Rows) -> Rows:
    """“Số lượng” over two columns, what of it below; every other heading merged downwards."""
    upper, lower = list(rows[AT]), [""] * len(rows[AT])
    for name, below in (("assigned", "được giao"), ("done", "hoàn thành")):
        lower[WORK.at(name)] = below
        upper[WORK.at(name)] = ""
    upper[WORK.at("assigned")] = "Số lượng"
    return [*rows[:AT], upper, lower, *rows[AT + 1 :]]


def merged_heads(book: Workbook, sheets: dict[str, Any]) -> None:
    page, look = sheets[WORK.name], book.add_format({"align": "center", "bold": True})
    first = WORK.at("assigned")
    page.merge_range(AT, first, AT, first + 1, "Số lượng", look)
    for n, field in enumerate(WORK.fields):
        if field.name not in ("assigned", "done"):
            page.merge_range(AT, n, AT + 1, n, field.label, look)


def signed(rows: Rows) -> Rows:
    """A sum and the signatures below the lines, as on paper."""
    last = max(n for n, row in enumerate(rows) if row[WORK.at("work")]) + 1
    blank = [""] * len(rows[AT])
    total, place, names = list(blank), list(blank), list(blank)
    total[WORK.at("content")], total[WORK.at("assigned")] = "Tổng cộng", 21.0
    place[WORK.at("proof")] = "Lai Châu, ngày 26 tháng 10 năm 2026"
    names[WORK.at("name")], names[WORK.at("proof")] = "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"
    return [*rows[:last], total, blank, place, names]


def numbered(rows: Rows) -> Rows:
    """The row (1) (2) (3) … that official tables have below their headings."""
    return [*rows[: AT + 1], [f"({n + 1})" for n in range(len(rows[AT]))], *rows[AT + 1 :]]


def numbers_as_text(rows: Rows) -> Rows:
    def change(value: Any) -> Any:
        return f"{value:g}{NBSP}".replace(".", ",") if isinstance(value, float) else value

    return [*rows[: AT + 1], *([row[0], *map(change, row[1:])] for row in rows[AT + 1 :])]


def days_as_text(rows: Rows) -> Rows:
    def change(value: Any) -> Any:
        return (
            f"ngày {value:%d} tháng {value:%m} năm {value:%Y}" if hasattr(value, "year") else value
        )

    return [*rows[: AT + 1], *(list(map(change, row)) for row in rows[AT + 1 :])]


def hidden_line(_: Workbook, sheets: dict[str, Any]) -> None:
    sheets[WORK.name].set_row(AT + 1, None, None, {"hidden": True})


def hidden_sheet(_: Workbook, sheets: dict[str, Any]) -> None:
    sheets[FORM.sheet("programme").name].hide()


def cell(name: str, line: int = HEADING_ROW + 1) -> str:
    return WORK.cell(name, line)


def with_formula(formula: str, value: Any) -> Dress:
    return lambda _, sheets: sheets[WORK.name].write_formula(cell("done"), formula, None, value)


def uncalculated(data: bytes) -> bytes:
    """The same formula as a script leaves it: without its value."""
    name = f"xl/worksheets/sheet{[s.key for s in FORM.sheets].index('work') + 1}.xml"
    return patched(data, {name: lambda xml: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", xml)})


def with_link(data: bytes) -> bytes:
    """The formula looks into another workbook, which the file names as Excel does."""
    name = f"xl/worksheets/sheet{[s.key for s in FORM.sheets].index('work') + 1}.xml"
    return patched(data, {name: lambda xml: xml.replace(b"LINK+0", b"[1]Sheet1!$A$1")})


def as_wps(data: bytes) -> bytes:
    """Signs of WPS Office: its name, its own parts, figures kept as text with an apostrophe."""
    changes = {
        "docProps/app.xml": lambda xml: xml.replace(b"Microsoft Excel", b"WPS Spreadsheets"),
        "xl/workbook.xml": lambda xml: xml.replace(
            b'<fileVersion appName="xl"', b'<fileVersion appName="xl" codeName="{WPS-ET-11.2.0}"'
        ),
    }
    return patched(data, changes)


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 26, 9, 0, 0)), content, 8)
    return out.getvalue()


def csv_text() -> str:
    return as_csv(DESK.good(), FORM).decode("utf-8-sig")


def csv_by_sheet() -> dict[str, bytes]:
    parts = re.split(r"^\[([^\]]+)\]\r\n", csv_text(), flags=re.M)[1:]
    names, texts = parts[::2], parts[1::2]
    return {
        f"{name}.csv": text.encode("utf-8-sig") for name, text in zip(names, texts, strict=True)
    }


def with_comma(text: str) -> str:
    """Parted by commas, as programs of other countries write."""
    import csv

    out = io.StringIO(newline="")
    csv.writer(out).writerows(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    return out.getvalue()


def in_code_page(text: str) -> bytes:
    """Windows-1258 writes many letters as two: the letter and its tone."""
    out = bytearray()
    for letter in text:
        for form in (letter, *_parted(letter)):
            try:
                out += form.encode("cp1258")
                break
            except UnicodeEncodeError:
                continue
        else:
            out += {"“": b"\x93", "”": b"\x94", "–": b"\x96"}.get(letter, b"?")
    return bytes(out)


def _parted(letter: str) -> list[str]:
    import unicodedata

    marks = unicodedata.normalize("NFD", letter)
    tones = [c for c in marks if c in "\u0300\u0301\u0303\u0309\u0323"]
    rest = unicodedata.normalize("NFC", "".join(c for c in marks if c not in tones))
    return [rest + "".join(tones)]


def wrong_key(text: str) -> str:
    return text.replace('"Số lượng hoàn thành"', '"Đã làm được"')


GOOD = "bao-cao-dung.xlsx"
ERROR = with_formula("=1/0", "#DIV/0!")
SHEETS = {sheet.name: sheet for sheet in FORM.sheets}

DRAWER: dict[str, Callable[[], bytes]] = {
    # the good report that the others were made from
    GOOD: lambda: DESK.good(),
    # mended, and said
    "go-lai-tay-khong-trang-an.xlsx": lambda: typed(pages()),
    "dong-tieu-de-bi-day-xuong.xlsx": lambda: typed(pages(work=moved_down, cover=moved_down)),
    "cot-dao-thu-tu.xlsx": lambda: typed(pages(work=reordered)),
    "cot-doi-ten.xlsx": lambda: typed(
        pages(work=renamed({"Số lượng được giao": "Số lượng đã được giao",
                            "Văn bản xác nhận khách quan": "VB xác nhận khách quan"}))
    ),
    "tieu-de-gop-o-hai-dong.xlsx": lambda: typed(pages(work=in_two_rows), merged_heads),
    "tieu-de-phong-VnTime.xlsx": lambda: typed(
        pages(work=lambda r: [*r[:AT], [tcvn3(c) for c in r[AT]], *r[AT + 1 :]])
    ),
    "trang-tinh-doi-ten.xlsx": lambda: typed(
        {{"S3 Công việc – sản phẩm": "S3 - Cong viec san pham",
          "S8 Biến động": "Biến động (S8)"}.get(n, n): r for n, r in pages().items()}
    ),
    "dong-tong-va-chu-ky-cuoi-bang.xlsx": lambda: typed(pages(work=signed)),
    "dong-so-thu-tu-cot.xlsx": lambda: typed(pages(work=numbered)),
    "so-go-dang-chu-dau-phay-NBSP.xlsx": lambda: typed(
        pages(general=numbers_as_text, work=numbers_as_text)
    ),
    "ngay-go-dang-chu.xlsx": lambda: typed(pages(work=days_as_text, programme=days_as_text)),
    "chu-to-hop-NFD.xlsx": lambda: typed(
        pages(work=each(lambda t: __import__("unicodedata").normalize("NFD", t)))
    ),
    "chu-TCVN3-phong-VnTime.xlsx": lambda: typed(
        pages(work=each(tcvn3), programme=each(tcvn3), leaders=each(tcvn3)), font=".VnTime"
    ),
    "chu-TCVN3-khong-ro-phong.xlsx": lambda: typed(
        pages(work=each(tcvn3), programme=each(tcvn3), general=each(tcvn3))
    ),
    "chu-VNI-phong-VNI-Times.xlsx": lambda: typed(
        pages(work=each(vni), programme=each(vni), general=each(vni)), font="VNI-Times"
    ),
    "chu-VNI-khong-ro-phong.xlsx": lambda: typed(pages(work=each(vni), programme=each(vni))),
    # taken as it is, and said
    "dong-bi-an.xlsx": lambda: typed(pages(), hidden_line),
    "trang-tinh-bi-an.xlsx": lambda: typed(pages(), hidden_sheet),
    "cong-thuc-trong-o-so-lieu.xlsx": lambda: typed(pages(), with_formula("=1+2", 3)),
    "o-lay-so-tu-tep-khac.xlsx": lambda: with_link(typed(pages(), with_formula("=LINK+0", 3))),
    # what changes the meaning is refused, and said where
    "hai-cot-cung-mot-tieu-de.xlsx": lambda: typed(
        pages(work=lambda r: [*r[:AT], [*r[AT], "Số lượng hoàn thành"],
                              *([*row, 1.0] for row in r[AT + 1 :])])
    ),
    "cot-doi-ten-khong-ro-cot-nao.xlsx": lambda: typed(
        pages(work=renamed({"Số lượng hoàn thành": "SL hoàn thành"}))
    ),
    "thieu-trang-S5.xlsx": lambda: typed(
        {name: rows for name, rows in pages().items() if SHEETS[name].key != "leaders"}
    ),
    "cong-thuc-chua-tinh.xlsx": lambda: uncalculated(typed(pages(), with_formula("=1+2", 3))),
    "o-loi-chia-cho-0.xlsx": lambda: typed(pages(), ERROR),
    "o-loi-chia-cho-0.xlsb": lambda: xlsb(pages(), {(WORK.name, cell("done")): 0x07}),
    # other programs, other kinds
    "google-trang-tinh-xuat-ra.xlsx": lambda: google_sheets(pages()),
    "WPS-luu.xlsx": lambda: as_wps(typed(pages(work=numbers_as_text))),
    "Excel-nhi-phan.xlsb": lambda: xlsb(pages(), {}),
    "CSV-cham-phay-UTF8-BOM.csv": lambda: as_csv(DESK.good(), FORM),
    "CSV-dau-phay.csv": lambda: with_comma(csv_text()).encode(),
    "CSV-UTF16.csv": lambda: csv_text().encode("utf-16"),
    "CSV-windows-1258.csv": lambda: in_code_page(csv_text()),
    "CSV-chu-TCVN3.csv": lambda: tcvn3(plain_quotes(csv_text())).encode("latin-1"),
    "CSV-chu-VNI.csv": lambda: vni(plain_quotes(csv_text())).encode("latin-1"),
    "CSV-moi-trang-mot-tep.zip": lambda: zipped(csv_by_sheet()),
    "JSON.json": lambda: as_json(DESK.good(), FORM),
    "JSON-ten-cot-sai.json": lambda: wrong_key(as_json(DESK.good(), FORM).decode()).encode(),
}  # fmt: skip


def plain_quotes(text: str) -> str:
    """The old fonts have neither typographic quotes nor the long dash."""
    return text.replace("“", "'").replace("”", "'").replace("–", "-")


SMALL = 120_000  # bytes; larger hostile files are made by tests/drawer.py when they are tried


@cache
def hostile() -> dict[str, bytes]:
    """The small ones; what is refused for its size is not made to find that it is large."""
    large = ("ZIP_BOMB", "TOO_LARGE")
    made = {name: make(DESK) for name, (make, why) in HOSTILE.items() if why not in large}
    return {f"{_slug(name)}.xlsx": data for name, data in made.items() if len(data) <= SMALL}


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


OFFICE = {
    "LibreOffice-luu.xlsx": ("xlsx", lambda: DESK.good()),
    "LibreOffice-luu.ods": ("ods", lambda: DESK.good()),
    "LibreOffice-luu-Excel-97.xls": ("xls", lambda: DESK.good()),
    "o-loi-chia-cho-0.ods": ("ods", lambda: typed(pages(), ERROR)),
    "o-loi-chia-cho-0.xls": ("xls", lambda: typed(pages(), ERROR)),
    "dong-bi-an.ods": ("ods", lambda: typed(pages(), hidden_line)),
    "dong-bi-an.xls": ("xls", lambda: typed(pages(), hidden_line)),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, make in DRAWER.items():
        (FOLDER / name).write_bytes(make())
    for name, data in hostile().items():
        (FOLDER / name).write_bytes(data)
    if "--office" in sys.argv:
        from tests.office_suite import converted

        for name, (kind, make) in OFFICE.items():
            with tempfile.TemporaryDirectory() as folder:
                again = converted(make(), Path(folder), kind).read_bytes()
            (FOLDER / name).write_bytes(again)


if __name__ == "__main__":
    main()
