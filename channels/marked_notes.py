"""The notes of one sheet: ours beside the unit's own, in the comments part and its drawing.

    put_notes(parts, page, {"D12": "[Phải sửa] Tổng ghi 31…"})

Excel allows one note a cell, so ours goes below what the unit wrote there, under the heading
HEADING; everything from that heading on is taken away in the next round. A note is a comment (its
words) and a shape (its box, in VML, which Excel wants although it is older than the format).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from channels.cell_patch import place
from channels.marked_parts import (
    MOST_OF_A_TREE,
    Page,
    Parts,
    Tree,
    broken,
    child,
    insert_before,
    maker,
    relation_id,
)

AUTHOR = "Kiểm tra TĐKT"
HEADING = "▼ KẾT QUẢ KIỂM TRA"

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_DRAWING = (
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)
_THREADED = "tc="  # the author that Excel gives to the shadow of a threaded comment
_SHAPE = re.compile(rb"<(?:\w{1,20}:)?shape\b")
_SHAPE_END = re.compile(rb"</(?:\w{1,20}:)?shape>")
_SHAPE_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)")
_SHAPE_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)")
_SHAPE_ID = re.compile(rb"_x0000_s(\d{1,9})")
_END_OF_VML = re.compile(rb"</xml\s*>\s*$")
_SPACES = (
    b'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_EMPTY_VML = (
    b'<xml %s><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
    % _SPACES
)
_HAS_BOX = re.compile(rb"""\bid=["']_x0000_t202["']""")
_BOX = (
    b'<v:shapetype %s id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    b'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>' % _SPACES
)
_NEW_SHAPE = (
    '<v:shape {spaces} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
    'visibility:hidden;z-index:{order}" fillcolor="#fff4ce" o:insetmode="auto">'
    '<v:fill color2="#fff4ce"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_LETTERS_A_LINE, _MOST_LINES = 42, 24


def put_notes(parts: Parts, page: Page, notes: Mapping[str, str]) -> None:
    """Replaces our notes of an earlier round by these, text by cell address; the unit's stay."""
    part = next(iter(parts.targets(page.part, "comments").values()), "")
    if not part and not notes:
        return
    comments = parts.tree(part) if part else _new_comments(parts, page)
    gone = _without_ours(comments)
    _with_ours(comments, notes)
    there = {comment.get("ref", "") for comment in _list(comments)}
    _draw(parts, page, gone, [cell for cell in notes if cell in there], notes)


# Words


def _new_comments(parts: Parts, page: Page) -> Tree:
    part = parts.free_name("xl/comments{}.xml")
    root = maker(page.root, "comments")
    root.extend([maker(root, "authors"), maker(root, "commentList")])
    parts.put_tree(part, root)
    parts.declare(part, _COMMENTS)
    parts.relate(page.part, page.root, "comments", part)
    return root


def _list(comments: Tree) -> Tree:
    found = child(comments, "commentList")
    if found is None:
        raise broken()
    return found


def _without_ours(comments: Tree) -> set[str]:
    """Takes our words away; returns the cells whose note was ours alone."""
    gone = set()
    for comment in list(_list(comments)):
        texts = [text for text in comment.iter() if _is_text(text)]
        whole = "".join(text.text or "" for text in texts)
        at = whole.find(HEADING)
        if at < 0:
            continue
        if not whole[:at].strip():
            comment.getparent().remove(comment)
            gone.add(comment.get("ref", ""))
        else:
            _cut(texts, len(whole[:at].rstrip("\n")))
    return gone


def _is_text(element: Tree) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname == "t"


def _cut(texts: Sequence[Tree], length: int) -> None:
    """Keeps the first `length` letters of these runs; a run left without any goes."""
    for text in texts:
        kept = (text.text or "")[:length]
        length -= len(kept)
        text.text = kept
        run = text.getparent()
        if not kept and etree.QName(run).localname == "r":
            run.getparent().remove(run)


def _with_ours(comments: Tree, notes: Mapping[str, str]) -> None:
    authors = child(comments, "authors")
    if authors is None:
        raise broken()
    names = [author.text or "" for author in authors]
    own = {comment.get("ref", ""): comment for comment in _list(comments)}
    for cell, words in notes.items():
        comment = own.get(cell)
        if comment is None:
            _list(comments).append(_comment(comments, cell, words, _author(authors)))
        elif not _author_of(comment, names).startswith(_THREADED):
            _append(comment, comments, f"\n\n{HEADING}\n", words)


def _author(authors: Tree) -> int:
    names = [author.text for author in authors]
    if AUTHOR not in names:
        names.append(AUTHOR)
        new = maker(authors, "author")
        new.text = AUTHOR
        authors.append(new)
    return names.index(AUTHOR)


def _author_of(comment: Tree, names: Sequence[str]) -> str:
    number = comment.get("authorId", "")
    return names[int(number)] if number.isdigit() and int(number) < len(names) else ""


def _comment(comments: Tree, cell: str, words: str, author: int) -> Tree:
    comment = maker(comments, "comment", ref=cell, authorId=str(author))
    comment.append(maker(comments, "text"))
    _append(comment, comments, f"{HEADING}\n", words)
    return comment


def _append(comment: Tree, comments: Tree, heading: str, words: str) -> None:
    text = child(comment, "text")
    if text is None:
        raise broken()
    plain = child(text, "t")
    if plain is not None:  # text and runs do not stand side by side
        run = maker(comments, "r")
        text.replace(plain, run)
        run.append(plain)
    text.append(_run(comments, heading, bold=True))
    text.append(_run(comments, words, bold=False))


def _run(comments: Tree, words: str, bold: bool) -> Tree:
    run, look, text = (maker(comments, name) for name in ("r", "rPr", "t"))
    if bold:
        look.append(maker(comments, "b"))
    look.append(maker(comments, "sz", val="10"))
    look.append(maker(comments, "rFont", val="Tahoma"))
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.extend([look, text])
    return run


# Boxes


def _draw(
    parts: Parts, page: Page, gone: set[str], wanted: Sequence[str], notes: Mapping[str, str]
) -> None:
    """Takes away the boxes of notes that are gone; draws those that are missing."""
    drawing = child(page.root, "legacyDrawing")
    own = drawing.get(relation_id(page.root), "") if drawing is not None else ""
    part = parts.targets(page.part, "vmlDrawing").get(own, "")
    if not part and not wanted:
        return
    vml = parts.read(part) if part else _EMPTY_VML
    if len(vml) > MOST_OF_A_TREE:
        raise broken()
    vml = _without_shapes(vml, {place(cell) for cell in gone})
    drawn = {_cell_of(vml[start:end]) for start, end in _shapes(vml)}
    vml = _with_shapes(vml, [cell for cell in wanted if place(cell) not in drawn], notes)
    parts.put(part or _new_drawing(parts, page), vml)


def _shapes(vml: bytes) -> Iterator[tuple[int, int]]:
    """Where each shape lies. VML need not be XML, and one pattern for all of a shape would look for
    the end of each unfinished one to the end of the file."""
    at = 0
    while (start := _SHAPE.search(vml, at)) and (end := _SHAPE_END.search(vml, start.end())):
        at = end.end()
        yield start.start(), at


def _without_shapes(vml: bytes, gone: set[tuple[int, int]]) -> bytes:
    kept, at = [], 0
    for start, end in _shapes(vml):
        if _cell_of(vml[start:end]) in gone:
            kept.append(vml[at:start])
            at = end
    return b"".join((*kept, vml[at:]))


def _cell_of(shape: bytes) -> tuple[int, int] | None:
    row, column = _SHAPE_ROW.search(shape), _SHAPE_COLUMN.search(shape)
    if b"Note" not in shape or not row or not column:
        return None
    return int(row[1]) + 1, int(column[1]) + 1


def _new_drawing(parts: Parts, page: Page) -> str:
    part = parts.free_name("xl/drawings/vmlDrawing{}.vml")
    parts.put(part, b"")
    parts.declare_extension("vml", _VML)
    drawing = maker(page.root, "legacyDrawing")
    own = parts.relate(page.part, page.root, "vmlDrawing", part)
    drawing.set(relation_id(page.root), own)
    insert_before(page.root, drawing, _AFTER_DRAWING)
    return part


def _with_shapes(vml: bytes, cells: Sequence[str], notes: Mapping[str, str]) -> bytes:
    if not cells:
        return vml
    end = _END_OF_VML.search(vml)
    if not end:
        raise broken()
    first = max((int(number) for number in _SHAPE_ID.findall(vml)), default=1024) + 1
    box = b"" if _HAS_BOX.search(vml) else _BOX
    shapes = [_shape(cell, notes[cell], first + order) for order, cell in enumerate(cells)]
    return vml[: end.start()] + box + b"".join(shapes) + vml[end.start() :]


def _shape(cell: str, words: str, number: int) -> bytes:
    row, column = (at - 1 for at in place(cell))
    lines = 2 + sum(1 + len(line) // _LETTERS_A_LINE for line in words.split("\n"))
    top = max(row - 1, 0)
    anchor = f"{column + 1}, 15, {top}, 4, {column + 4}, 15, {top + min(lines, _MOST_LINES)}, 4"
    return _NEW_SHAPE.format(
        spaces=_SPACES.decode(), number=number, order=number, anchor=anchor, row=row, column=column
    ).encode()
