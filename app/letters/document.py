"""The letter as a file for a word processor: the text and nothing of who made it, on which machine or when."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from app.letters.blocks import Facts, Section, Table, Text

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NO_TIME = (1980, 1, 1, 0, 0, 0)
TELLING = ("core-properties", "extended-properties", "custom-properties", "thumbnail", "customXml", "stylesWithEffects")
"""Ends of the names of relations to parts that tell of author, program, times, or show a small picture."""
WASHED = {qn(name) for name in ("w:rsids", "w:rsid", "w:attachedTemplate", "w:docVars")}
STYLES = {"bullet": "List Bullet", "heading": "Heading 3", "note": "Intense Quote"}


def letter_file(title: str, sections: Iterable[Section], language: str) -> bytes:
    document = Document()
    _set_page(document, language)
    document.add_heading(title, 1)
    for section in sections:
        if section.title:
            document.add_heading(section.title, 2)
        for block in section.blocks:
            _write(document, block)
    return _without_traces(document)


def _write(document: Any, block: Any) -> None:
    if isinstance(block, Text):
        document.add_paragraph(_clean(block.words), style=STYLES.get(block.style))
    elif isinstance(block, Facts):
        for words, value in block.pairs:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.add_run(f"{words}: ").bold = True
            paragraph.add_run(_clean(value))
    elif isinstance(block, Table):
        table = document.add_table(rows=1, cols=len(block.heads), style="Table Grid")
        for cell, words in zip(table.rows[0].cells, block.heads, strict=True):
            cell.paragraphs[0].add_run(words).bold = True
        for row in block.rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = _clean(words)


def _clean(words: str) -> str:
    """Without the control signs that no XML can hold."""
    return "".join(sign for sign in words if sign in "\t\n" or sign >= " ").replace("\ufffe", "").replace("\uffff", "")


def _set_page(document: Any, language: str) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Intense Quote"):
        style = document.styles[name]
        style.font.color.rgb = None
        style.font.color.theme_color = None
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    lang = defaults.find(qn("w:lang"))
    lang.set(qn("w:val"), {"es": "es-PE"}.get(language, "en-GB"))


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
