"""README.txt: what a pack is and is not, in the language that was chosen for it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.i18n import date_words
from app.places.countries import country_words
from app.upr import contract_rows
from app.upr.filters import Filters
from app.upr.narrowed import narrowed_words
from app.upr.period import UNDATED
from app.upr.rule import EMBARGO, NO_CONSENT, OTHER_ORG, TOO_FEW, UNVERIFIED, WITHDRAWN
from app.upr.survey import Survey

WIDTH = 78
DESCRIPTIONS = ("datapackage.json", "manifest.json", "SHA256SUMS")


def readme(name: str, survey: Survey, paths: list[str]) -> str:
    """Plain text, wrapped; holds no name of anybody and no moment."""
    with force_locale(survey.filters.language):
        mark = [_("INTERNAL: not for publication")] if survey.filters.is_internal else []
        parts = [*mark, name, *_what_it_is(survey), _contents(survey), *_how_to_read(survey, paths), *_limits()]
        return "\n\n".join(_wrapped(part) for part in parts) + "\n"


def _wrapped(part: str) -> str:
    lines = part.split("\n")
    return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  " * line.startswith("- ")) for line in lines)


def reason_words(reason: str) -> str:
    """Why a record stays, for readers of a pack and of its preview."""
    return {
        contract_rows.NOT_REVIEWED: _("Not reviewed yet"),
        contract_rows.NOT_PUBLISHABLE: _("Not marked for publication"),
        contract_rows.LEAKED: _("Leaked"),
        contract_rows.SECRET: _("Given in confidence, or restricted"),
        UNVERIFIED: _("Not corroborated"),
        NO_CONSENT: _("Consent below C3, not for publication"),
        EMBARGO: _("Under embargo"),
        UNDATED: _("Without a date"),
        WITHDRAWN: _("Withdrawn records"),
        OTHER_ORG: _("Shared by another team, not for export"),
        TOO_FEW: _("Too few of their kind for so narrow a choice"),
    }[reason]


def _what_it_is(survey: Survey) -> list[str]:
    filters = survey.filters
    return [
        _(
            "Data on incidents against human rights defenders in %(country)s, from %(first)s to %(last)s, for a "
            "submission to the Universal Periodic Review.",
            country=country_words(filters.country),
            first=date_words(filters.first),
            last=date_words(filters.last),
        ),
        *_narrowing(filters),
        internal_words()
        if filters.is_internal
        else _(
            "Public profile. Only incidents that were corroborated or verified, and only where every person in the "
            "record agreed to anonymous publication or the incident is public already. These are the incidents on "
            "record here, not a census."
        ),
    ]


def _narrowing(filters: Filters) -> list[str]:
    narrowed = narrowed_words(filters)
    if not narrowed:
        return []
    words = "; ".join(f"{name}: {chosen}" for name, chosen in narrowed)
    return [
        _(
            "Only a part of the records: %(narrowed)s. Proceedings and agreements are narrowed by region alone, "
            "agreements by sector too.",
            narrowed=words,
        )
    ]


def internal_words() -> str:
    return _(
        "Internal profile: days, provinces and numbers of files stand in it. It is not for publication, and still "
        "names nobody who did not agree to be named in the review."
    )


def _contents(survey: Survey) -> str:
    few = len(survey.generalised)
    lines = [ngettext("%(num)s incident in the file.", "%(num)s incidents in the file.", len(survey.rows))]
    if few:
        lines.append(
            ngettext(
                "%(num)s of them says less than is on record, so that it is like at least %(others)s others: "
                "generalised_fields names the columns.",
                "%(num)s of them say less than is on record, so that each is like at least %(others)s others: "
                "generalised_fields names the columns.",
                few,
                others=survey.filters.k - 1,
            )
        )
    counted = survey.sums.incidents
    lines.append(
        ngettext(
            "%(num)s incident is counted in the summary tables: they count what may be counted and not shown.",
            "%(num)s incidents are counted in the summary tables: they count what may be counted and not shown.",
            counted,
        )
    )
    lines.append(_("Records of the period that stayed out:"))
    lines += [f"- {reason_words(reason)}: {number}" for reason, number in survey.excluded.items()]
    lines.append(
        ngettext(
            "%(num)s proceeding in proceedings.csv.", "%(num)s proceedings in proceedings.csv.", len(survey.proceedings)
        )
    )
    papers = len(survey.contracts)
    lines.append(
        ngettext(
            "%(num)s police–company agreement or addendum in contracts.csv; none that was leaked.",
            "%(num)s police–company agreements and addenda in contracts.csv; none that was leaked.",
            papers,
        )
    )
    if survey.links:
        lines.append(
            _(
                "links.csv tells during the term of which agreement an incident happened. That an agreement was in "
                "force does not say that the police acted for the company."
            )
        )
    return "\n".join(lines)


def _how_to_read(survey: Survey, paths: Iterable[str]) -> list[str]:
    delimiter = _("semicolons") if survey.filters.delimiter == ";" else _("commas")
    return [
        "\n".join([_("Files:"), *(f"- {path}" for path in (*paths, *DESCRIPTIONS))]),
        _(
            "codebook.csv explains every column and code, and says which columns this version cannot fill yet. "
            "datapackage.json says the same to programs. manifest.json gives filters, counts, warnings and the "
            "hashes of the files. To check the files: sha256sum -c SHA256SUMS"
        ),
        _(
            "The tables are text in UTF-8, separated by %(delimiter)s; several values in one cell are joined with |. "
            "An apostrophe stands before text that a spreadsheet would take for a formula; take it away to get the "
            "original. Blank means not on record; “withheld” means that it is held back to protect people.",
            delimiter=delimiter,
        ),
    ]


def _limits() -> list[str]:
    return [
        _(
            "Being named as an alleged perpetrator, company or project is no finding of responsibility. The absence "
            "of a row does not mean that nothing happened."
        ),
        _("To cite: the name at the top of this file, and the reference of the incident, such as PER-I-7K3QX."),
    ]
