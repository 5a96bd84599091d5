"""What is asked of places: the one that typed words mean, what could be meant, and the three steps of a choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.db import db, fold
from app.places.models import DEPARTMENT, DISTRICT, LEVELS, PROVINCE, Place

SUGGESTIONS = 12

_CODE = re.compile(r"(?:^|\(\s*)(?:[A-Z]{2}-)?(\d{6}|\d{4}|\d{2})\s*\)?$")
_LEVEL_WORDS = {
    **dict.fromkeys(("distrito", "district", "dist"), DISTRICT),
    **dict.fromkeys(("provincia", "province", "prov"), PROVINCE),
    **dict.fromkeys(("departamento", "department", "region", "dpto", "dep"), DEPARTMENT),
}
_LEVEL = re.compile(rf"^({'|'.join(_LEVEL_WORDS)})\b\.?\s*(?:(?:de|del|of)\s+)?(.+)$")


@dataclass(frozen=True)
class Resolution:
    """What typed words mean: one place; or several that could be meant, to be asked about; or none."""

    place: Place | None = None
    candidates: list[Place] = field(default_factory=list)


LONGEST_NAME = 300


def place_words(place: Place) -> str:
    """The place so that it cannot be mistaken, and as `resolve` takes it: Piura, Piura, Piura (200101)."""
    above = [upper.name for upper in (place.province, place.department) if upper is not None]
    code = place.code_inei or place.code_reniec
    return ", ".join([place.name, *above]) + (f" ({code})" if code else "")


def has_tree(country: str | None) -> bool:
    """Whether the places of the country are known here."""
    return bool(country) and db.session.scalar(select(Place.id).where(Place.country == country).limit(1)) is not None


def regions_with_codes(country: str) -> list[tuple[str, str]]:
    """(ISO 3166-2 code, name) of the regions of a country that has a tree of places here, by name."""
    statement = select(Place.iso_3166_2, Place.name).where(
        Place.country == country, Place.iso_3166_2.is_not(None), Place.level.in_((DEPARTMENT, PROVINCE))
    )
    # Larger ones first: a province counts only where it has a code of its own, as Lima beside its department.
    names: dict[str, str] = {}
    for code, name in db.session.execute(statement.order_by(Place.level, Place.name_folded, Place.id)):
        names.setdefault(code or "", name)
    return sorted(names.items(), key=lambda one: (fold(one[1]), one[0]))


def resolve(text: str | None, country: str | None = "PE") -> Resolution:
    """Read a code (UBIGEO of two, four or six digits), or a name with or without what lies above it.

    A name that a department, a province and a district bear is not decided here: all of them are candidates, the
    larger first, and so is everything that only begins with the words or holds them. Nothing is guessed.
    """
    text = " ".join((text or "").split())
    if not text or not country or len(text) > LONGEST_NAME:
        return Resolution()
    if code := _CODE.search(text.upper()):
        return _of(_with_code(country, code.group(1)))
    parts = [part for part in (_part(part) for part in re.split(r"[,/]", text)) if part[1]]
    if not parts:
        return Resolution()
    exact = [place for place in _called(country, parts[0][1]) if _fits(place, parts)]
    if len(parts) == len(LEVELS):
        exact = [place for place in exact if place.level == DISTRICT] or exact
    return _of(exact) if exact else Resolution(candidates=_beginning(country, parts)[:SUGGESTIONS])


def suggested(text: str | None, country: str | None = "PE") -> list[Place]:
    """At most twelve places that the words could mean, the likeliest first."""
    found = resolve(text, country)
    if found.place is None:
        return found.candidates[:SUGGESTIONS]
    others = resolve(found.place.name, country).candidates
    return list(dict.fromkeys([found.place, *others]))[:SUGGESTIONS]


def below(key: str | None, level: str, country: str) -> list[Place]:
    """The places of a level within the one of that key; of the whole country for departments."""
    statement = _places(country).where(Place.level == level)
    if level != DEPARTMENT:
        above = select(Place.id).where(Place.key == key, Place.country == country).scalar_subquery()
        statement = statement.where(Place.parent_id == above)
    return list(db.session.scalars(statement.order_by(Place.name_folded, Place.id)))


def place_of_key(key: str | None, country: str | None = None) -> Place | None:
    statement = _with_above(select(Place)).where(Place.key == key, Place.selectable)
    if country:
        statement = statement.where(Place.country == country)
    found: Any = db.session.scalar(statement) if key else None
    return found


def _of(places: Sequence[Place]) -> Resolution:
    if len(places) == 1:
        return Resolution(places[0])
    return Resolution(candidates=sorted(places, key=_large_first))


def _large_first(place: Place) -> tuple[int, str]:
    return (LEVELS.index(place.level), place.key)


def _places(country: str) -> Select[Any]:
    return _with_above(select(Place)).where(Place.country == country, Place.selectable)


def _with_above(statement: Select[Any]) -> Select[tuple[Place]]:
    return statement.options(joinedload(Place.province), joinedload(Place.department))


def _with_code(country: str, code: str) -> Sequence[Place]:
    """INEI's codes first: RENIEC's are other numbers for other places."""
    for column in (Place.code_inei, Place.code_reniec):
        if found := db.session.scalars(_places(country).where(column == code)).all():
            return found
    return []


def _part(text: str) -> tuple[str | None, str]:
    """The level that the words name, if any, and the folded name: «Provincia de Piura» → (province, piura)."""
    folded = " ".join(fold(text).replace("(", " ").replace(")", " ").split())
    if found := _LEVEL.match(folded):
        return _LEVEL_WORDS[found.group(1)], found.group(2)
    return None, folded


def _called(country: str, name: str) -> list[Place]:
    statement = _places(country).where(or_(Place.name_folded == name, Place.aliases.is_not(None)))
    return [place for place in db.session.scalars(statement) if name in _names(place)]


def _names(place: Place) -> list[str]:
    return [place.name_folded, *(fold(alias) for alias in (place.aliases or "").split("|") if alias)]


Part = tuple[str | None, str]


def _fits(place: Place, parts: list[Part]) -> bool:
    """Whether the level is as said, and what follows the name lies above the place, in that order."""
    level = parts[0][0]
    if level is not None and place.level != level:
        return False
    above = [upper for upper in (place.province, place.department) if upper is not None]
    for wanted_level, name in parts[1:]:
        while above and not (name in _names(above[0]) and wanted_level in (None, above[0].level)):
            above.pop(0)
        if not above:
            return False
        above.pop(0)
    return True


def _beginning(country: str, parts: list[Part]) -> list[Place]:
    """Places whose name begins with the words, then those that hold them; the larger first."""
    name = parts[0][1]
    if len(name) < 2:
        return []
    statement = (
        _places(country)
        .where(Place.name_folded.contains(name, autoescape=True))
        .order_by(func.length(Place.name_folded), Place.id)
        .limit(200)
    )
    found = [place for place in db.session.scalars(statement) if _may_become(place, parts)]
    return sorted(found, key=lambda place: (not place.name_folded.startswith(name), *_large_first(place)))


def _may_become(place: Place, parts: list[Part]) -> bool:
    """The same as `_fits` while one still types: what lies above has to begin with the words."""
    above = [upper.name_folded for upper in (place.province, place.department) if upper is not None]
    return all(any(name.startswith(typed) for name in above) for _level, typed in parts[1:])
