"""What the preview says of reasons, warnings and files."""

from __future__ import annotations

from flask_babel import gettext as _

from app.upr.annex_text import table_title
from app.upr.columns import columns_of
from app.upr.period import UNDATED
from app.upr.readme import reason_words
from app.upr.recalls import NOT_PUBLIC
from app.upr.rule import EMBARGO, NO_CONSENT, OTHER_ORG, TOO_FEW, UNVERIFIED, WITHDRAWN
from app.upr.survey import (
    EMPTY,
    LOWER_K,
    MISSING,
    NAME_IN_SOURCE,
    NAME_IN_SUMMARY,
    NAME_IN_TEXT,
    NO_RECOMMENDATIONS,
    SUMMARY_SHORTENED,
)
from app.upr.tables import SUM_TABLES


def reason_details(reason: str) -> str:
    """What a reason means, and what it would take."""
    return {
        UNVERIFIED: _("Drafts, records in review and those with one source. They enter nothing."),
        NO_CONSENT: _("Somebody in them refused, allowed less, or has not been asked; and they are not public."),
        EMBARGO: _("They leave after the day that was set in the record."),
        UNDATED: _("Nobody can say whether they lie in the period."),
        WITHDRAWN: _("They were taken out of every list."),
        TOO_FEW: _("They are counted; as rows they would say where or when somebody was, through what was chosen."),
        OTHER_ORG: _("You read them without identity. Only what that team has made public leaves."),
    }[reason]


def warning_words(code: str) -> str:
    return {
        EMPTY: _("No record leaves. The pack would hold empty tables."),
        MISSING["summary_es"]: _("No public summary in Spanish; it leaves blank."),
        MISSING["summary_en"]: _("No public summary in English; it leaves blank."),
        NAME_IN_SUMMARY: _("The public summary holds the legal name of an affected person; it is withheld."),
        NAME_IN_SOURCE: _("The citation or address of a source names an affected person; it is withheld."),
        NAME_IN_TEXT: _("A text names somebody who did not agree to it; it is withheld."),
        NO_RECOMMENDATIONS: _("No recommendations are on record for these cycles; their file stays empty."),
        LOWER_K: _("It shows more than usual: rows or cells may be so few that somebody can be recognised."),
        SUMMARY_SHORTENED: _("The public summary is longer than 600 characters; its end is cut off."),
    }.get(code, code)


def file_words(path: str) -> str:
    titles = {table.path: table_title(table.name) for table in SUM_TABLES}
    return {
        **titles,
        "annex_es.docx": _("the annex in Spanish: numbered paragraphs and tables"),
        "annex_en.docx": _("the annex in English: numbered paragraphs and tables"),
        "proceedings.csv": _("one row for each proceeding"),
        "recommendations.csv": _("recommendations of earlier reviews, and what became of them"),
        "sources.csv": _("sources that may be cited"),
        "incidents.csv": _("one row for each incident"),
        "contracts.csv": _("one row for each police–company agreement and addendum"),
        "links.csv": _("what hangs together: cases, proceedings, agreements, sources"),
        "codebook.csv": _("what the columns and codes mean"),
        "README.txt": _("what the pack is, and how to read it"),
        "datapackage.json": _("the same for programs"),
        "manifest.json": _("filters, counts and provenance"),
        "SHA256SUMS": _("hashes of all files"),
    }.get(path, "")


def recall_words(reason: str) -> str:
    """Why a record that a pack carried may not go out any more."""
    return {
        NO_CONSENT: _("Somebody in it does not agree any more."),
        WITHDRAWN: _("It was withdrawn."),
        UNVERIFIED: _("It is not verified any more."),
        NOT_PUBLIC: _("It is not public already any more."),
        EMBARGO: _("It is under embargo now."),
    }.get(reason) or reason_words(reason)


def column_words(name: str) -> str:
    """The label of a column of incidents.csv."""
    return next((column.label for column in columns_of("incidents") if column.name == name), name)
