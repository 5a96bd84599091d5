"""Places are suggested while one types."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request

from app.access import allow
from app.places.queries import place_words, suggested

bp = Blueprint("places", __name__, url_prefix="/places")


@bp.get("/suggest")
@allow("records.read")
def suggest() -> Any:
    """At most twelve, as [{"value": …, "label": …}]."""
    country = request.args.get("country", "")[:2].upper() or current_app.config["SETTINGS"].country
    return [{"value": place_words(place), "label": place_words(place)} for place in _asked(country)]


def _asked(country: str) -> list[Any]:
    return suggested(request.args.get("q", "")[:200], country)
