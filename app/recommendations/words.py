"""What the codes of recommendations are called. The codes themselves leave the house as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.db import alpha2
from app.places.countries import country_words
from app.recommendations.models import (
    CONTRADICTS,
    DEFERRED,
    IMPLEMENTED,
    IN_PART,
    NO_INFORMATION,
    NOT_ASSESSED,
    NOT_IMPLEMENTED,
    NOTED,
    PARTIAL,
    REGRESSED,
    SUPPORTED,
    SUPPORTS,
    UNKNOWN,
    Recommendation,
)

POSITIONS: Mapping[str, Any] = {
    SUPPORTED: _l("Supported"),
    IN_PART: _l("Supported in part"),
    NOTED: _l("Noted"),
    DEFERRED: _l("Deferred"),
    UNKNOWN: _l("Position not traced"),
}

IMPLEMENTATIONS: Mapping[str, Any] = {
    NOT_ASSESSED: _l("Not assessed"),
    IMPLEMENTED: _l("Implemented"),
    PARTIAL: _l("Implemented in part"),
    NOT_IMPLEMENTED: _l("Not implemented"),
    REGRESSED: _l("Got worse"),
    NO_INFORMATION: _l("No information"),
}

SHOWS: Mapping[str, Any] = {
    CONTRADICTS: _l("speaks against implementation"),
    SUPPORTS: _l("bears implementation out"),
}

ACTIONS: Mapping[int, Any] = {
    1: _l("1 – seek or share"),
    2: _l("2 – continue"),
    3: _l("3 – consider"),
    4: _l("4 – ensure, strengthen"),
    5: _l("5 – a specific act"),
}

TRACES: Mapping[str, Any] = {
    "full_text": _l("from the text of the report"),
    "secondary_text": _l("from a quotation"),
    "statement_only": _l("from the statement made in the room; its number is not known"),
    "topic_only": _l("from news of a whole group; not a single recommendation"),
}


def state_words(code: str) -> str:
    """The name of a State by its alpha-3 code."""
    return country_words(alpha2(code) or code)


def states_words(recommendation: Recommendation) -> str:
    return ", ".join(sorted(state_words(code) for code in recommendation.state_codes))


def number_words(recommendation: Recommendation) -> str:
    """How it is quoted in a sentence: its paragraph, or that none is known."""
    if recommendation.paragraph:
        return _("para. %(paragraph)s", paragraph=recommendation.paragraph)
    return _("no paragraph number")
