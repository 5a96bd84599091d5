"""What a column of a sheet may bring: the fields of an incident, and those of its person and its source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app.fields import FULL, IDENTITY, Field, Fields
from app.incidents.clarifying import LONGEST_NOTE
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.operations import LIMITS


def _known(name: str, /, **changes: Any) -> Field:
    """A field as the incident has it; under another name it keeps the first one as an alias."""
    field = INCIDENT_FIELDS[name]
    return replace(field, **changes, aliases=(*field.aliases, name))


def _own(name: str, label: Any, kind: str = "text", code_list: str | None = None, *aliases: str) -> Field:
    return Field(name, label, kind, code_list, FULL, aliases=aliases)


def _secret(name: str, label: Any, *aliases: str) -> Field:
    return Field(name, label, confidentiality=IDENTITY, aliases=aliases)


_RECORD = (
    _known("reference"),
    _own("external_id", _l("Record number in the source"), "text", None, "id", "record id", "código", "nro"),
    _own("title", _l("Title"), "text", None, "headline", "titular"),
    *map(_known, ("title_es", "title_en")),
)
_WHEN_AND_WHERE = (
    _known("happened"),
    _known("happened_to", kind="uncertain_date"),
    *map(_known, ("happened_precision", "happened_text", "country")),
    _known("ubigeo", name="place"),
    *(_known(name, kind="place") for name in ("district", "province", "department", "region_text")),
    *map(_known, ("community", "latitude", "longitude", "coordinate_precision")),
)
_WHAT = tuple(
    map(
        _known,
        ("main_type", "other_types", "sector", "urgency", "protest", "emergency", "threats_before", "reprisals",
         "threat_type", "threat_channel", "threat_credibility", "companies", "projects"),
    )
)  # fmt: skip
_WHOM = (
    _known("persons", name="pseudonym", label=_l("Pseudonym"), confidentiality=FULL),
    _secret(
        "legal_name", _l("Legal name"), "name", "names", "full name", "victim", "victim name", "name of victim",
        "nombre", "nombres", "nombre completo", "nombres y apellidos", "apellidos y nombres", "víctima",
        "persona afectada", "nombre de la víctima",
    ),
    _secret("document", _l("Identity document"), "dni", "passport", "pasaporte", "documento de identidad"),
    _own("person_kind", _l("Kind of person"), "code", "person_kinds"),
    _own("gender", _l("Gender"), "code", "gender_identity", "sex", "sexo"),
    _own("age", _l("Age"), "text", None, "age in years", "edad en años"),
    _own("age_group", _l("Age group"), "code", "age_groups"),
    _own("defender_groups", _l("Groups of defenders"), "codes", "defender_groups", "defender group"),
    _own("rights_defended", _l("Rights defended"), "codes", "rights_defended"),
    _own("peoples", _l("Peoples"), "codes", "indigenous_peoples"),
    _known("groups", name="group", label=_l("Affected group")),
    *(_known(f"{what}_{end}") for what in ("affected", "killed", "injured", "detained") for end in ("least", "most")),
)  # fmt: skip
_BY_WHOM = (
    *map(_known, ("perpetrators", "perpetrator_organisations")),
    _own("perpetrator_degree", _l("How they took part"), "code", "involvement_degree"),
)
_HOW_KNOWN = (
    _known("sources", name="source_citation", label=_l("Source")),
    _known("source_urls", name="source_url", label=_l("Address of the source")),
    _known("source_kinds", name="source_kind", label=_l("Kind of source"), kind="code"),
    _known("source_reliability", label=_l("Reliability of the source"), kind="code"),
    _known("source_credibility", kind="code"),
    _own("source_origin", _l("Origin of the source")),
    _own("source_published", _l("Source published on"), "date"),
    _own("source_is_public", _l("The source is public"), "yes_no"),
)
_STATE = (
    _known("state_responses", kind="code"),
    _known("state_response_dates", kind="uncertain_date"),
    _known("answer_notes"),
)
_IN_WORDS = (
    _own("summary", _l("Public summary"), "long_text", None, "resumen"),
    *map(_known, ("summary_es", "summary_en", "narrative", "language", "notes", "embargo_until")),
)

IMPORTED = Fields([*_RECORD, *_WHEN_AND_WHERE, *_WHAT, *_WHOM, *_BY_WHOM, *_HOW_KNOWN, *_STATE, *_IN_WORDS])
"""Under the names that exports use too. An earlier field wins a heading that two would take."""

LONGEST = {
    **LIMITS,
    "external_id": 200,
    "title": LIMITS["title_es"],
    "summary": LIMITS["summary_es"],
    "pseudonym": 120,
    "legal_name": 300,
    "document": 300,
    "source_citation": 1000,
    "answer_notes": LONGEST_NOTE + 40,
}
"""How many characters a text may have."""

IN_STEP = frozenset(
    {"perpetrators", "perpetrator_organisations", "source_citation", "source_url", "source_kind",
     "source_reliability", "source_credibility", "source_origin", "source_published", "state_responses",
     "state_response_dates"}
)  # fmt: skip
"""Read as one value for each perpetrator, source or step, blank where the cell says nothing of that one."""

LISTED = frozenset({"pseudonym", "legal_name", "document", "group", "companies", "projects", "answer_notes"})
"""Read as a list of names, or of notes."""

PERSON_FIELDS = frozenset(
    {"pseudonym", "legal_name", "document", "person_kind", "gender", "age", "age_group", "defender_groups",
     "rights_defended", "peoples"}
)  # fmt: skip

OF_A_VICTIM = PERSON_FIELDS | {
    "group",
    "unnamed",
    "is_called_so_by_us",
    *(f"{what}_{end}" for what in ("affected", "killed", "injured", "detained") for end in ("least", "most")),
    "affected",
    "killed",
    "injured",
    "detained",
}
"""What is said of one victim and not of the incident, where several rows are one incident."""
