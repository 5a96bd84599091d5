"""What the preview says of reasons, warnings and files."""

from __future__ import annotations

from flask_babel import gettext as _

from app.upr.period import UNDATED
from app.upr.rule import EMBARGO, NO_CONSENT, OTHER_ORG, UNVERIFIED, WITHDRAWN
from app.upr.survey import EMPTY, MISSING, NAME_IN_SUMMARY, SUMMARY_SHORTENED


def reason_details(reason: str) -> str:
    """What a reason means, and what it would take."""
    return {
        UNVERIFIED: _("Drafts, records in review and those with one source. They enter nothing."),
        NO_CONSENT: _("Somebody in them refused, allowed less, or has not been asked; and they are not public."),
        EMBARGO: _("They leave after the day that was set in the record."),
        UNDATED: _("Nobody can say whether they lie in the period."),
        WITHDRAWN: _("They were taken out of every list."),
        OTHER_ORG: _("You read them without identity. Only what that team has made public leaves."),
    }[reason]


def warning_words(code: str) -> str:
    return {
        EMPTY: _("No record leaves. The pack would hold empty tables."),
        MISSING["summary_es"]: _("No public summary in Spanish; it leaves blank."),
        MISSING["summary_en"]: _("No public summary in English; it leaves blank."),
        NAME_IN_SUMMARY: _("The public summary holds the legal name of an affected person; it is withheld."),
        SUMMARY_SHORTENED: _("The public summary is longer than 600 characters; its end is cut off."),
    }.get(code, code)


def file_words(path: str) -> str:
    return {
        "incidents.csv": _("one row for each incident"),
        "contracts.csv": _("one row for each police–company agreement and addendum"),
        "links.csv": _("which incidents fell into the term of which agreement"),
        "codebook.csv": _("what the columns and codes mean"),
        "README.txt": _("what the pack is, and how to read it"),
        "datapackage.json": _("the same for programs"),
        "manifest.json": _("filters, counts and provenance"),
        "SHA256SUMS": _("hashes of all files"),
    }.get(path, "")
