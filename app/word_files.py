"""Files for a word processor: text, numbered where it must be quotable, and nothing of who made it, where or when."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from lxml.etree import SubElement

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NO_TIME = (1980, 1, 1, 0, 0, 0)
TELLING = ("core-properties", "extended-properties", "custom-properties", "thumbnail", "customXml", "stylesWithEffects")
"""Ends of the names of relations to parts that tell of author, program, times, or show a small picture."""
WASHED = {qn(name) for name in ("w:rsids", "w:rsid", "w:attachedTemplate", "w:docVars")}

HEADING, BULLET, NOTE, NUMBERED = "heading", "bullet", "note", "numbered"
STYLES = {BULLET: "List Bullet", HEADING: "Heading 3", NOTE: "Intense Quote"}
A4 = (Cm(21), Cm(29.7))
MARGIN = Cm(2.5)
FACES = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")
BY_THEME = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")
SMALLER = 0.75
"""Text in tables, beside that of paragraphs."""
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NUMBERS_AT = Cm(1.25)
"""How far the text of a numbered paragraph stands from its number."""


@dataclass(frozen=True)
class Text:
    """A paragraph. A numbered one carries a number that the word processor counts, on through the whole file."""

    words: str
    style: str = ""
    """"": plain; bullet; heading; note; numbered."""


@dataclass(frozen=True)
class Facts:
    """Names and values, a line each."""

    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Section:
    """A title with what stands under it."""

    title: str | None
    blocks: list[Any]
    level: int = 2
    on_new_page: bool = False
    is_wide: bool = False
    """On a page of its own that lies on its side."""


@dataclass(frozen=True)
class Look:
    """How a file is set, where it is more than a letter."""

    face: str | None = None
    """Name of the typeface for everything."""
    size: float | None = None
    """In points."""
    header: str | None = None
    """Stands at the head of each page."""
    page_words: str | None = None
    """Before the number of the page at its foot; None: pages carry no number."""


def word_file(title: str, sections: Iterable[Section], language: str, look: Look | None = None) -> bytes:
    """The same content gives the same bytes."""
    document = Document()
    look = look or Look()
    _set_page(document, language)
    _set_face(document, look)
    _set_head_and_foot(document, look)
    document.add_heading(_clean(title), 1)
    numbering = _Numbering(document)
    is_wide = False
    for section in sections:
        if section.is_wide != is_wide:
            _turn_page(document, section.is_wide)
            is_wide = section.is_wide
        elif section.on_new_page:
            document.add_page_break()
        if section.title:
            document.add_heading(_clean(section.title), section.level)
        for block in section.blocks:
            _write(document, block, numbering, look)
    return _without_traces(document)


def word_count(blocks: Iterable[Any]) -> int:
    """As a word processor counts plain text: what stands between blanks. Headings and lists count, tables do not."""
    return sum(len(block.words.split()) for block in blocks if isinstance(block, Text))


def _write(document: Any, block: Any, numbering: _Numbering, look: Look) -> None:
    if isinstance(block, Text):
        paragraph = document.add_paragraph(_clean(block.words), style=STYLES.get(block.style))
        if block.style == NUMBERED:
            numbering.number(paragraph)
    elif isinstance(block, Facts):
        for words, value in block.pairs:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.add_run(f"{_clean(words)}: ").bold = True
            paragraph.add_run(_clean(value))
    elif isinstance(block, Table):
        _write_table(document, block, look)


def _write_table(document: Any, block: Table, look: Look) -> None:
    """Written as XML: the library takes a hundred times as long, and a submission has thousands of cells."""
    table = document.add_table(rows=0, cols=len(block.heads), style="Table Grid")._tbl
    size = str(round(look.size * SMALLER * 2)) if look.size else None
    _add_row(table, block.heads, size, is_head=True)
    for row in block.rows:
        _add_row(table, row, size)


def _add_row(table: Any, cells: list[str], size: str | None, *, is_head: bool = False) -> None:
    row = SubElement(table, qn("w:tr"))
    properties = SubElement(row, qn("w:trPr"))
    SubElement(properties, qn("w:cantSplit"))
    if is_head:
        SubElement(properties, qn("w:tblHeader"))
    for words in cells:
        paragraph = SubElement(SubElement(row, qn("w:tc")), qn("w:p"))
        SubElement(SubElement(paragraph, qn("w:pPr")), qn("w:spacing"), {qn("w:after"): "0"})
        run = SubElement(paragraph, qn("w:r"))
        look = SubElement(run, qn("w:rPr")) if size or is_head else None
        if look is not None and is_head:
            SubElement(look, qn("w:b"))
        if look is not None and size:
            SubElement(look, qn("w:sz"), {qn("w:val"): size})  # in half points
        for number, line in enumerate(_clean(words).split("\n")):
            if number:
                SubElement(run, qn("w:br"))
            text = SubElement(run, qn("w:t"))
            text.text = line
            text.set(SPACE, "preserve")


def _clean(words: str) -> str:
    """Without the control signs that no XML can hold."""
    return "".join(sign for sign in words if sign in "\t\n" or sign >= " ").replace("\ufffe", "").replace("\uffff", "")


class _Numbering:
    """One list of numbers for the whole file, which the word processor counts itself: so paragraphs can be quoted."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.number_id: int | None = None

    def number(self, paragraph: Any) -> None:
        if self.number_id is None:
            self.number_id = self._make()
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = self.number_id

    def _make(self) -> int:
        root = self.document.part.numbering_part.element
        known = root.findall(qn("w:abstractNum"))
        number = 1 + max((int(one.get(qn("w:abstractNumId"))) for one in known), default=0)
        abstract = _element("w:abstractNum", {"w:abstractNumId": str(number)})
        abstract.append(_element("w:multiLevelType", {"w:val": "singleLevel"}))
        level = _element("w:lvl", {"w:ilvl": "0"})
        for name, value in (("w:start", "1"), ("w:numFmt", "decimal"), ("w:lvlText", "%1."), ("w:lvlJc", "left")):
            level.append(_element(name, {"w:val": value}))
        indent = _element("w:pPr", {})
        indent.append(_element("w:ind", {"w:left": str(NUMBERS_AT.twips), "w:hanging": str(NUMBERS_AT.twips)}))
        level.append(indent)
        abstract.append(level)
        # The schema wants all of these before the first w:num.
        root.insert(list(root).index(known[-1]) + 1 if known else 0, abstract)
        made: int = root.add_num(number).numId
        return made


def _element(name: str, attributes: dict[str, str]) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


# --- how it is set -------------------------------------------------------------------------------


def _set_page(document: Any, language: str) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = A4
    page.left_margin = page.right_margin = MARGIN
    for name in ("Heading 1", "Heading 2", "Heading 3", "Intense Quote"):
        style = document.styles[name]
        style.font.color.rgb = None
        style.font.color.theme_color = None
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    lang = defaults.find(qn("w:lang"))
    lang.set(qn("w:val"), {"es": "es-PE"}.get(language, "en-GB"))


def _set_face(document: Any, look: Look) -> None:
    if look.face is None:
        return
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Intense Quote", "Header", "Footer"):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in BY_THEME:
            fonts.attrib.pop(qn(attribute), None)
        for attribute in FACES:
            fonts.set(qn(attribute), look.face)
    if look.size:
        document.styles["Normal"].font.size = Pt(look.size)


def _set_head_and_foot(document: Any, look: Look) -> None:
    page = document.sections[0]
    if look.header:
        page.header.paragraphs[0].add_run(_clean(look.header)).bold = True
    if look.page_words is not None:
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if look.page_words:
            foot.add_run(f"{_clean(look.page_words)} ")
        counted = _element("w:fldSimple", {"w:instr": " PAGE "})
        run = OxmlElement("w:r")
        shown = OxmlElement("w:t")
        shown.text = "1"
        run.append(shown)
        counted.append(run)
        foot._p.append(counted)


def _turn_page(document: Any, is_wide: bool) -> None:
    page = document.add_section(WD_SECTION.NEW_PAGE)
    page.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = A4[::-1] if is_wide else A4


# --- what it does not tell -----------------------------------------------------------------------


def _without_traces(document: Any) -> bytes:
    for rels in (document.part.package.rels, document.part.rels):
        for number in [key for key, rel in rels.items() if rel.reltype.endswith(TELLING)]:
            del rels[number]
    for part in document.part.package.iter_parts():
        _wash(getattr(part, "element", None))
    made = io.BytesIO()
    document.save(made)
    return _without_times(made)


def _wash(root: Any) -> None:
    """Take out the numbers of editing sessions and the way to a template on somebody's disk."""
    for element in list(root.iter()) if root is not None else []:
        for name in [key for key in element.attrib if key.startswith(qn("w:rsid"))]:
            del element.attrib[name]
        if element.tag in WASHED and element.getparent() is not None:
            element.getparent().remove(element)


def _without_times(made: io.BytesIO) -> bytes:
    """The same parts, all of one day long ago: the archive would note the clock of this machine."""
    clean = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, parts.read(part))
    return clean.getvalue()
