"""What was narrowed, in words: a pack of a part must not read as if it were the whole."""

from __future__ import annotations

from flask_babel import gettext as _

from app.i18n import list_words
from app.people.allowed import NAMED_PUBLIC
from app.places.queries import regions_with_codes
from app.upr.annex_words import code_words
from app.upr.filters import LISTS, RECORDED, Filters


def narrowed_words(filters: Filters) -> list[tuple[str, str]]:
    """(what, how), for each choice that leaves incidents out beyond country, period and verification."""
    called = {"types": _("types"), "perpetrators": _("alleged perpetrators"), "sectors": _("sectors")}
    found = [
        (called[name], list_words(code_words(list_name, code).lower() for code in chosen))
        for name, list_name in LISTS.items()
        if (chosen := getattr(filters, name))
    ]
    if filters.admin1:
        names = dict(regions_with_codes(filters.country))
        found.append((_("regions"), list_words(names.get(code, code) for code in filters.admin1)))
    if filters.consent == NAMED_PUBLIC:
        found.append((_("consent"), _("only who agreed to be named")))
    if filters.date_basis == RECORDED:
        found.append((_("period"), _("by the day on which it was recorded")))
    return found
