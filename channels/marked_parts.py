"""A unit's own workbook taken apart for small changes: its parts, relations and content types.

    parts = Parts(data)
    page = parts.page("xl/worksheets/sheet2.xml")    the sheet without its rows, as a tree
    parts.put_page(page)
    parts.packed()                                   -> the workbook; untouched parts byte for byte

The rows of a sheet are never parsed: they are cut out as bytes and put back as they were, so that
a large sheet costs nothing and no value can change. Only for what the guard let pass; a part is
inflated no further than the size its zip states.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from channels.errors import ChannelRefused
from channels.zip_patch import BROKEN, Package

Tree = Any  # an lxml element; lxml has no types of its own

TYPES = "[Content_Types].xml"
_TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_ROWS = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^<>]{0,200})?(?<!/)>")
_PLACE_OF_ROWS = b"@rows@"
MOST_OF_A_TREE = 8 << 20  # bytes; a tree takes ten times that, and rows are never in one
_BROKEN = (
    "Không đánh dấu được vào tệp này. Mở tệp bằng Excel, lưu thành tệp .xlsx mới rồi kiểm tra lại."
)


@dataclass(slots=True)
class Page:
    """One sheet: its tree with a token in place of its rows, and the rows as they lay."""

    part: str
    root: Tree
    rows: bytes


def broken() -> ChannelRefused:
    return ChannelRefused(_BROKEN)


def maker(root: Tree, tag: str, /, **attributes: str) -> Tree:
    """A new element in the namespace of `root`, with these attributes."""
    namespace = etree.QName(root).namespace
    made = etree.Element(f"{{{namespace}}}{tag}", nsmap={None: namespace})
    for key, value in attributes.items():
        made.set(key, value)
    return made


def child(root: Tree, name: str) -> Tree | None:
    """The first child of that name in the namespace of `root`."""
    return root.find(f"{{{etree.QName(root).namespace}}}{name}")


def insert_before(root: Tree, new: Tree, followers: tuple[str, ...]) -> None:
    """Puts a child where the schema wants it: before the first of those that come after it."""
    for at, other in enumerate(root):
        if isinstance(other.tag, str) and etree.QName(other).localname in followers:
            root.insert(at, new)
            return
    root.append(new)


def relation_id(root: Tree) -> str:
    """The name of the attribute r:id, which strict files have in another namespace."""
    return f"{{{_office(root)}}}id"


def _office(root: Tree) -> str:
    strict = (etree.QName(root).namespace or "").startswith("http://purl.oclc.org/")
    return _STRICT_OFFICE if strict else _OFFICE


class Parts:
    """The parts of one .xlsx; what was put is kept until `packed`. Raises ChannelRefused for what
    cannot be taken apart, also from every method."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as wrong:
            raise broken() from wrong
        self._data = data
        self._changed: dict[str, bytes] = {}
        self._trees: dict[str, Tree] = {}

    def __contains__(self, part: str) -> bool:
        return part in self._changed or part in self._zip.NameToInfo

    def read(self, part: str) -> bytes:
        if part in self._changed:
            return self._changed[part]
        try:
            member = self._zip.getinfo(part)
            with self._zip.open(member) as stream:
                return stream.read(member.file_size)
        except (*BROKEN, KeyError, RuntimeError) as wrong:  # a password on this member alone, too
            raise broken() from wrong

    def put(self, part: str, content: bytes) -> None:
        self._changed[part] = content

    def tree(self, part: str) -> Tree:
        """The tree of a part, to be changed in place: it is written when the file is packed."""
        if part not in self._trees:
            self._trees[part] = parsed(self.read(part))
        return self._trees[part]

    def put_tree(self, part: str, root: Tree) -> None:
        self._trees[part] = root

    def page(self, part: str) -> Page:
        xml = self.read(part)
        found = _ROWS.search(xml)
        end = xml.rfind(b"</" + found[1] + b"sheetData") if found else -1
        if not found or end < found.end():
            return Page(part, parsed(xml), b"")
        bare = xml[: found.end()] + _PLACE_OF_ROWS + xml[end:]
        return Page(part, parsed(bare), xml[found.end() : end])

    def put_page(self, page: Page) -> None:
        self.put(page.part, written(page.root).replace(_PLACE_OF_ROWS, page.rows, 1))

    def packed(self) -> bytes:
        trees = {part: written(root) for part, root in self._trees.items()}
        try:
            return Package(self._data).with_parts(self._changed | trees)
        except BROKEN as wrong:
            raise broken() from wrong

    # Relations and content types

    def targets(self, part: str, kind: str) -> dict[str, str]:
        """The parts that `part` points to, by relation id; `kind` such as "comments"."""
        where = _relations_of(part)
        if where not in self and where not in self._trees:
            return {}
        return {
            relation.get("Id", ""): _resolved(part, relation.get("Target", ""))
            for relation in self.tree(where)
            if relation.get("Type", "").endswith(f"/{kind}")
            and relation.get("TargetMode") != "External"
        }

    def relate(self, part: str, root: Tree, kind: str, target: str) -> str:
        """A new relation from `part`, whose tree is `root`, to `target`; returns its id."""
        where = _relations_of(part)
        if where not in self and where not in self._trees:
            self.put_tree(
                where,
                etree.Element(f"{{{_RELATIONS_NS}}}Relationships", nsmap={None: _RELATIONS_NS}),
            )
        relations = self.tree(where)
        taken = {relation.get("Id") for relation in relations}
        own = next(i for i in (f"rIdTdkt{n}" for n in range(1, 10_000)) if i not in taken)
        new = maker(relations, "Relationship", Id=own, Type=f"{_office(root)}/{kind}")
        new.set("Target", f"/{target}")
        relations.append(new)
        return own

    def declare(self, part: str, content_type: str) -> None:
        types = self.tree(TYPES)
        types.append(maker(types, "Override", PartName=f"/{part}", ContentType=content_type))

    def declare_extension(self, extension: str, content_type: str) -> None:
        types = self.tree(TYPES)
        known = {d.get("Extension", "").lower() for d in types.findall(f"{{{_TYPES_NS}}}Default")}
        if extension not in known:
            new = maker(types, "Default", Extension=extension, ContentType=content_type)
            types.insert(0, new)

    def free_name(self, pattern: str) -> str:
        """The first part name of that pattern, such as "xl/comments{}.xml", that nobody has."""
        taken = {name.lower() for name in (*self._zip.namelist(), *self._changed, *self._trees)}
        names = (pattern.format(number) for number in range(1, 100_000))
        return next(name for name in names if name.lower() not in taken)


def parsed(xml: bytes) -> Tree:
    if len(xml) > MOST_OF_A_TREE:
        raise broken()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise broken() from wrong


def written(root: Tree) -> bytes:
    """In the encoding it came in: the rows that are put back are still in it."""
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding=encoding, standalone=True)
    return xml


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
