"""Load the places of a country from its pack."""

from __future__ import annotations

import csv

from sqlalchemy import select

from app.db import db, fold
from app.places.models import DEPARTMENT, LEVELS, PROVINCE, Place
from config import PACKS


def load_places(country: str) -> int:
    """Bring the places of a country into step with the pack; gives how many were added."""
    path = PACKS / country.lower() / "places.csv"
    if not path.exists():
        return 0
    known = {place.key: place for place in db.session.scalars(select(Place).where(Place.country == country))}
    before = len(known)
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: LEVELS.index(row["level"]))
    for level in LEVELS:
        for row in rows:
            if row["level"] == level:
                known[row["key"]] = _load_place(known.get(row["key"]), row, known)
        db.session.flush()
    return len(known) - before


def _load_place(place: Place | None, row: dict[str, str], known: dict[str, Place]) -> Place:
    if place is None:
        place = Place(key=row["key"], country=row["country"], level=row["level"], name=row["name"])
        db.session.add(place)
    place.name, place.name_folded = row["name"], fold(row["name"])
    place.code_inei, place.code_reniec = row["code_inei"] or None, row["code_reniec"] or None
    place.iso_3166_2 = row["iso_3166_2"] or None
    place.latitude = float(row["latitude"]) if row.get("latitude") else None
    place.longitude = float(row["longitude"]) if row.get("longitude") else None
    place.aliases, place.selectable = row.get("aliases") or None, row.get("selectable") != "no"
    parent = known.get(row["parent"])
    place.parent_id = parent.id if parent else None
    if parent is not None and place.level != DEPARTMENT:
        place.department_id = parent.id if place.level == PROVINCE else parent.parent_id
        place.province_id = None if place.level == PROVINCE else parent.id
    return place
