"""OHCHR's thematic list of a review: a Word table of four columns, its rows grouped under «Theme: …»."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from app.db import fold
from app.places.countries import names_of_country
from app.recommendations.telling import (
    MATRIX,
    FileProblem,
    RowProblem,
    Telling,
    Told,
    folded_text,
    gather,
    plain_text,
    read_position,
    states_named,
    with_paragraph,
)
from app.recommendations.uhri import language_of
from app.sheets import Grid

COLUMNS = 4
_THEME = re.compile(r"\s*(?:theme|tema)\s*:\s*", re.IGNORECASE)
_SOURCE = re.compile(r"source of position\s*:?\s*([^\n]*)", re.IGNORECASE)
_SYMBOL = re.compile(r"A/HRC/\d+/\d+(?:/Add\.\d+)?")
_SESSION = re.compile(r"(\d{1,2})\s*(?:st|nd|rd|th|º|o|ª)?\s*(?:upr\s+)?(?:session|periodo de sesiones)")
_STATES = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*[;.,]?\s*$")
_PERSONS = re.compile(r"(?:affected persons|groups? of persons|personas afectadas)\s*:?\s*", re.IGNORECASE)
_GOALS = re.compile(r"sdgs?\b\s*:?\s*", re.IGNORECASE)
_GOAL = re.compile(r"\d{1,2}(?:\.[\da-z]{1,2})?")


def read(grid: Grid, country: str, session: int | None) -> Telling:
    """*session* is what the user said; else the document itself must name it. Raises FileProblem."""
    telling = Telling(MATRIX)
    header = next((place for place, (_number, row) in enumerate(grid.lines) if _is_header(row)), None)
    if header is None:
        raise FileProblem(
            _("The document holds no table with the columns Recommendation, Position and themes. Choose OHCHR's list.")
        )
    about = " ".join([*grid.paragraphs, *(cell for _number, row in grid.lines[:header] for cell in row)])
    session = session or _session_named(about)
    if session is None:
        raise FileProblem(_("The document does not say of which session it is. Write its number beside the file."))
    if not any(fold(name) in fold(about) for name in names_of_country(country)):
        telling.remarks.append(_("The document does not name the State: please check that it is the right one."))
    has_goals = "sdg" in folded_text(grid.lines[header][1][3])
    theme = ""
    told: list[Told] = []
    for number, row in grid.lines[header + 1 :]:
        cells = [cell for cell in row if cell]
        if not cells or _is_header(row):
            continue
        if _THEME.match(cells[0]) and len(cells) == 1:
            theme = plain_text(_THEME.sub("", cells[0], count=1))
            continue
        try:
            told.append(_told(number, row, country, session, theme, has_goals))
        except RowProblem as problem:
            telling.refuse(number, str(problem))
    telling.told = gather(told)
    return telling


def _is_header(row: list[str]) -> bool:
    heads = [folded_text(cell) for cell in row]
    return len(heads) == COLUMNS and heads[0].startswith(("recommendation", "recomendacion")) and "posi" in heads[1]


def _session_named(text: str) -> int | None:
    found = _SESSION.search(fold(text))
    return int(found[1]) if found and 1 <= int(found[1]) <= 99 else None


def _told(number: int, row: list[str], country: str, session: int, theme: str, has_goals: bool) -> Told:
    cells = [*row, "", "", "", ""][:COLUMNS]
    source = _SOURCE.search("\n".join(cells))
    cells = [_SOURCE.sub("", cell) for cell in cells]
    paragraph, text = with_paragraph(plain_text(cells[0]))
    if paragraph is None:
        raise RowProblem(_("Its text does not begin with the number of a paragraph."))
    where = plain_text(source[1]) if source else ""
    symbol = _SYMBOL.search(where)
    if symbol is None:
        raise RowProblem(_("It does not say in which document the position stands."))
    text, states = _with_states(text)
    if not folded_text(text):
        raise RowProblem(_("It has no text."))
    themes, persons, goals = _themes(cells[2])
    if has_goals:
        goals += _goals(cells[3])
    scheme = "OHCHR 2025" if has_goals else "OHCHR 2014"
    return Told(
        row=number,
        country=country,
        session=session,
        text=text,
        # The recommendations stand in the report; an addendum says what the State answered.
        symbol=symbol[0].partition("/Add.")[0],
        paragraph=paragraph,
        text_language=language_of(text),
        position=read_position(plain_text(cells[1])),
        position_source=where[:300],
        states=states,
        themes=[f"{one}@{scheme}" for one in dict.fromkeys([*([theme] if theme else []), *themes])],
        affected_persons=persons,
        sdgs=list(dict.fromkeys(goals)),
    )


def _with_states(text: str) -> tuple[str, list[str]]:
    """The States that stand in brackets at the end, and the text before them. Raises RowProblem."""
    names: list[str] = []
    while found := _STATES.search(text):
        parts = [part.strip() for part in re.split(r"[;,]", found[1]) if part.strip()]
        try:
            states_named(parts)
        except RowProblem:
            if names:
                break
            raise
        names += parts
        text = text[: found.start()].rstrip()
    return text.rstrip(" ;"), states_named(names)


def _themes(cell: str) -> tuple[list[str], list[str], list[str]]:
    """Themes, affected persons and goals of a cell that holds all of them, each part under its word."""
    found: dict[str, list[str]] = {"themes": [], "persons": [], "goals": []}
    part = "themes"
    for line in cell.splitlines():
        words = plain_text(re.sub(r"^\s*[-–•]\s+", "", line))
        for name, mark in (("persons", _PERSONS), ("goals", _GOALS)):
            if begun := mark.match(words):
                part, words = name, words[begun.end() :]
        if words:
            found[part] += _goals(words) if part == "goals" else [words]
    return found["themes"], found["persons"], found["goals"]


def _goals(words: str) -> list[str]:
    return _GOAL.findall(words)
