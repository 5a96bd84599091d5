"""The workbook of the Universal Human Rights Index: of the recommendations of all bodies we take the review's."""

from __future__ import annotations

from flask_babel import gettext as _

from app.places.countries import country_named
from app.recommendations.telling import (
    UHRI,
    RowProblem,
    Table,
    Telling,
    Told,
    folded_text,
    gather,
    listed,
    plain_text,
    read_position,
    read_session,
    states_named,
    with_paragraph,
)
from app.recommendations.telling_days import read_day

COLUMNS = {
    "text": "text", "texto": "text",
    "countries concerned": "countries", "country concerned": "countries",
    # The export itself spells it so.
    "reccomending body": "body", "recommending body": "body",
    "document symbol": "symbol", "themes": "themes", "affected persons": "persons", "sdgs": "sdgs",
    "document publication date": "published",
    "upr reccomending states": "states", "upr recommending states": "states",
    "upr position": "position", "type": "type", "ohchr annotation id": "annotation", "upr session": "session",
    "regions concerned": "regions", "recommending regions": "regions", "reccomending regions": "regions",
    "date of publication on uhri": "on_uhri",
}  # fmt: skip
NEEDED = frozenset({"text", "countries", "symbol", "type"})
THE_REVIEW = ("upr", "universal periodic review", "examen periodico universal", "epu")


def read(table: Table, country: str) -> Telling:
    telling = Telling(UHRI, unknown_columns=table.unknown)
    told: list[Told] = []
    for number, row in table.rows:
        if why := _not_ours(row, country):
            telling.pass_over(why)
            continue
        try:
            told.append(_told(number, row, country))
        except RowProblem as problem:
            telling.refuse(number, str(problem))
    telling.told = gather(told)
    return telling


def _not_ours(row: dict[str, str], country: str) -> str | None:
    if not _is_of_the_review(row):
        return _("of another body than the review")
    if "recommend" not in folded_text(row.get("type", "")) and "recomend" not in folded_text(row.get("type", "")):
        return _("of another kind than recommendations")
    if country not in {country_named(name) for name in listed(row.get("countries", ""))}:
        return _("to another State")
    return None


def _is_of_the_review(row: dict[str, str]) -> bool:
    body = " ".join(folded_text(name) for name in listed(row.get("body", "")))
    if body:
        return any(name in body.split() or (" " in name and name in body) for name in THE_REVIEW)
    return bool(row.get("session"))


def _told(number: int, row: dict[str, str], country: str) -> Told:
    paragraph, text = with_paragraph(plain_text(row.get("text", "")))
    if paragraph is None:
        raise RowProblem(_("Its text does not begin with the number of a paragraph."))
    if not folded_text(text):
        raise RowProblem(_("It has no text."))
    symbol = " ".join(listed(row.get("symbol", "")))
    if not symbol or len(symbol) > 60:
        raise RowProblem(_("It names no document."))
    published = read_day(row.get("on_uhri", "")) or read_day(row.get("published", ""))
    # The words for themes change every few years: those of a year are told apart from those of another.
    scheme = f"UHRI {published.year}" if published else "UHRI"
    return Told(
        row=number,
        country=country,
        session=read_session(" ".join(listed(row.get("session", "")))),
        text=text,
        symbol=symbol,
        paragraph=paragraph,
        text_language=language_of(text),
        position=read_position(" ".join(listed(row.get("position", "")))),
        position_source="UHRI",
        states=states_named(listed(row.get("states", ""))),
        themes=[f"{theme}@{scheme}" for theme in listed(row.get("themes", ""))],
        affected_persons=listed(row.get("persons", "")),
        sdgs=listed(row.get("sdgs", "")),
    )


_SPANISH = frozenset(["el", "la", "los", "las", "de", "del", "para", "que", "por", "con", "una", "y"])
_ENGLISH = frozenset(["the", "of", "to", "and", "for", "with", "that", "by", "in", "on", "a"])


def language_of(text: str) -> str | None:
    """Spanish or English, by the small words; None where neither is more."""
    said = folded_text(text).split()
    spanish, english = sum(word in _SPANISH for word in said), sum(word in _ENGLISH for word in said)
    return "es" if spanish > english else "en" if english > spanish else None
