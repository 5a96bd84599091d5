"""What is chosen, fact by fact, when two records of one event become one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.i18n import uncertain_date_words
from app.incidents.models import UNKNOWN
from app.places.countries import country_words
from app.side_by_side import Fact, text_words
from app.vocabulary.queries import label


def _code(column: str, list_name: str) -> Callable[[Any], str]:
    return lambda row: label(list_name, getattr(row, column)) if getattr(row, column) else ""


def _answer(column: str) -> Callable[[Any], str]:
    return lambda row: "" if getattr(row, column) == UNKNOWN else label("yes_no_unknown", getattr(row, column))


def _place(row: Any) -> str:
    words = row.place.full_name if row.place else row.region_text
    return ", ".join(filter(None, [row.community, words, country_words(row.country)]))


def _point(row: Any) -> str:
    return f"{row.latitude:g}, {row.longitude:g}" if row.latitude is not None and row.longitude is not None else ""


def _title(row: Any) -> str:
    return " · ".join(filter(None, [row.title_es, row.title_en]))


FACTS = (
    Fact("title", _l("Title"), ("title_es", "title_en"), _title),
    Fact("type", _l("Main type"), ("main_type",), _code("main_type", "incident_types")),
    Fact(
        "happened",
        _l("Date"),
        ("happened_from", "happened_to", "happened_precision", "happened_text"),
        lambda row: uncertain_date_words(row.happened) if row.happened_from or row.happened_to else "",
    ),
    Fact("place", _l("Place"), ("country", "place_id", "community", "region_text"), _place),
    Fact("point", _l("Coordinates"), ("latitude", "longitude", "coordinate_precision"), _point),
    Fact("sector", _l("Sector"), ("sector",), _code("sector", "sectors")),
    Fact("urgency", _l("Urgency"), ("urgency",), _code("urgency", "urgency_levels")),
    Fact("protest", _l("During a protest"), ("protest",), _answer("protest")),
    Fact("emergency", _l("State of emergency"), ("emergency",), _answer("emergency")),
    Fact("narrative", _l("Narrative"), ("narrative", "language"), text_words("narrative"), adds=True),
    Fact("notes", _l("Notes"), ("notes",), text_words("notes"), adds=True),
)
