"""The fields of an incident: words, kind, code list, who reads them, and the names by which spreadsheets bring them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.fields import FULL, REDUCED, Field, Fields

_RECORD = (
    Field("reference", _l("Reference"), "reference", aliases=("ref", "incident_ref", "incident reference")),
    Field("case", _l("Case"), "reference", confidentiality=FULL, aliases=("case_ref", "caso referencia")),
    Field("team", _l("Team")),
    Field("state", _l("Verification"), "code", "verification_statuses"),
)

_WHAT = (
    Field(
        "title_es",
        _l("Title in Spanish"),
        confidentiality=FULL,
        help=_l("What and where, without names of affected persons."),
        aliases=("title", "título", "titulo", "headline", "titular"),
    ),
    Field("title_en", _l("Title in English"), confidentiality=FULL),
    Field(
        "main_type",
        _l("Main type"),
        "code",
        "incident_types",
        aliases=("type", "tipo", "incident_type", "tipo de incidente", "type of incident", "type of act"),
    ),
    Field(
        "other_types",
        _l("Other types"),
        "codes",
        "incident_types",
        aliases=("incident_subtypes", "subtypes", "otros tipos de acto"),
    ),
    Field(
        "narrative",
        _l("Narrative"),
        "long_text",
        confidentiality=FULL,
        help=_l("Facts in order. What was seen or heard, and who says so."),
        aliases=("description", "descripción", "story", "hechos", "what happened", "qué pasó", "details"),
    ),
    Field(
        "language",
        _l("Language of the narrative"),
        confidentiality=FULL,
        aliases=("language", "idioma", "lang"),
    ),
)

_WHEN = (
    Field(
        "happened",
        _l("Date"),
        "uncertain_date",
        aliases=("when", "cuándo", "event_date", "incident_date", "date of incident", "fecha del incidente",
                 "fecha de los hechos"),
    ),
    Field("happened_to", _l("Last day"), "date", aliases=("date to", "end date", "fecha final", "until", "hasta")),
    Field(
        "happened_precision",
        _l("Precision of the date"),
        "code",
        "date_precisions",
        aliases=("precision", "precisión", "date_precision"),
    ),
    Field(
        "happened_text",
        _l("Date as the source says it"),
        confidentiality=FULL,
        help=_l("The words of the source, when the date is not certain."),
        aliases=("date text", "date_text", "fecha según la fuente"),
    ),
)  # fmt: skip

_WHERE = (
    Field("country", _l("Country"), "country", aliases=("pais", "country_iso3", "country code", "nation")),
    Field(
        "department",
        _l("Department"),
        aliases=("admin1", "admin1_name", "departamento", "state or province"),
    ),
    Field("department_code", _l("Department (ISO 3166-2)"), aliases=("admin1_code",)),
    Field("province", _l("Province"), confidentiality=FULL, aliases=("admin2", "admin2_name", "provincia")),
    Field("district", _l("District"), confidentiality=FULL, aliases=("admin3", "distrito", "municipality")),
    Field("ubigeo", _l("UBIGEO"), "place", confidentiality=FULL, aliases=("place", "lugar", "ubigeo code", "inei")),
    Field(
        "region_text",
        _l("Region"),
        help=_l("State, province or department, where there is no list of places for the country."),
        aliases=("local_region", "region or state", "region name"),
    ),
    Field(
        "community",
        _l("Community, sector or street"),
        confidentiality=FULL,
        aliases=("community", "comunidad", "locality", "localidad", "village", "address", "sector o calle"),
    ),
    Field("latitude", _l("Latitude"), "number", confidentiality=FULL, aliases=("lat", "y")),
    Field("longitude", _l("Longitude"), "number", confidentiality=FULL, aliases=("lon", "lng", "long", "x")),
    Field("coordinate_precision", _l("Precision of the coordinates"), confidentiality=FULL),
)

_WHOM = (
    Field("persons", _l("Affected persons (pseudonyms)"), aliases=("pseudonym", "seudónimo", "pseudonyms")),
    Field("consent_least", _l("Least consent of the affected persons"), "code", "consent_levels"),
    Field(
        "groups",
        _l("Counted groups"),
        confidentiality=FULL,
        aliases=("group", "grupo", "victims group", "who", "a quién"),
    ),
    Field(
        "affected_least",
        _l("Affected, at least"),
        "number",
        aliases=("affected", "afectados", "number_of_victims", "persons_affected_min", "victims", "personas afectadas"),
    ),
    Field("affected_most", _l("Affected, at most"), "number", aliases=("persons_affected_max",)),
    Field("killed_least", _l("Killed, at least"), "number", aliases=("killed", "muertos", "fallecidos", "deaths")),
    Field("killed_most", _l("Killed, at most"), "number"),
    Field("injured_least", _l("Injured, at least"), "number", aliases=("injured", "heridos", "wounded")),
    Field("injured_most", _l("Injured, at most"), "number"),
    Field("detained_least", _l("Detained, at least"), "number", aliases=("detained", "detenidos", "arrested")),
    Field("detained_most", _l("Detained, at most"), "number"),
)

_BY_WHOM = (
    Field(
        "perpetrators",
        _l("Alleged perpetrators"),
        "codes",
        "perpetrator_types",
        aliases=(
            "perpetrator", "perpetrator_type", "alleged_perpetrators", "alleged perpetrator", "presunto responsable",
            "responsable", "responsables", "actor", "actor_type",
        ),
    ),
    Field(
        "perpetrator_organisations",
        _l("Organisations among the alleged perpetrators"),
        confidentiality=FULL,
        aliases=("perpetrator organisation", "unidad", "unit"),
    ),
    Field("companies", _l("Companies"), confidentiality=FULL, aliases=("company", "empresa", "company_names")),
    Field("projects", _l("Projects"), confidentiality=FULL, aliases=("project", "proyecto", "project_name")),
    Field("sector", _l("Sector"), "code", "sectors", aliases=("industry", "industry_driver", "industria", "rubro")),
)  # fmt: skip

_HOW_KNOWN = (
    Field(
        "sources",
        _l("Sources"),
        confidentiality=FULL,
        aliases=("source", "fuente", "citation", "source_citation", "cita"),
    ),
    Field(
        "source_urls",
        _l("Addresses of the sources"),
        "url",
        confidentiality=FULL,
        aliases=("url", "link", "enlace", "source_url", "dirección web", "web"),
    ),
    Field("source_kinds", _l("Kinds of source"), "codes", "source_types", FULL, aliases=("source type", "source_type")),
    Field("source_reliability", _l("Reliability of the sources"), "codes", "source_reliability", FULL,
          aliases=("reliability", "confiabilidad")),
    Field("source_credibility", _l("Credibility of the information"), "codes", "info_credibility", FULL,
          aliases=("credibility", "credibilidad")),
)  # fmt: skip

_THREAT = (
    Field("urgency", _l("Urgency"), "code", "urgency_levels", aliases=("prioridad", "priority")),
    Field("threat_type", _l("Kind of threat"), "code", "threat_types", aliases=("threat", "amenaza")),
    Field("threat_channel", _l("Channel of the threat"), "code", "threat_channels", aliases=("channel", "canal")),
    Field("threat_credibility", _l("Credibility of the threat"), "code", "threat_credibility"),
    Field("reprisals", _l("Reprisal"), "codes", "reprisal_grounds", aliases=("reprisal", "represalia", "represalias")),
    Field("threats_before", _l("Threats before"), "yes_no_unknown", "yes_no_unknown", aliases=("amenazas antes",)),
    Field("protest", _l("Protest"), "yes_no_unknown", "yes_no_unknown", aliases=("protest_context", "protesta")),
    Field("emergency", _l("State of emergency"), "yes_no_unknown", "yes_no_unknown",
          aliases=("state_of_emergency", "estado de emergencia")),
)  # fmt: skip

_STATE = (
    Field("impunity", _l("Impunity"), "code", "impunity_grades"),
    Field("impunity_since", _l("Grade of impunity since"), "uncertain_date"),
    Field("state_responses", _l("What the State did"), "codes", "state_responses"),
    Field("state_response_dates", _l("Days on which the State did it")),
    Field("answer_notes", _l("Notes on the answers"), confidentiality=FULL),
)

_PUBLIC = (
    Field("summary_es", _l("Public summary in Spanish"), "long_text", confidentiality=FULL,
          aliases=("summary", "resumen", "resumen público")),
    Field("summary_en", _l("Public summary in English"), "long_text", confidentiality=FULL),
    Field("already_public", _l("Already public"), "yes_no"),
    Field("embargo_until", _l("Not before"), "date", confidentiality=FULL, aliases=("embargo", "embargo date")),
    Field("notes", _l("Internal notes"), "long_text", confidentiality=FULL, aliases=("notas", "comments", "notes"),
          leaves=False),
    Field("created_on", _l("Recorded on"), "date", None, REDUCED),
    Field("updated_on", _l("Changed on"), "date", None, REDUCED),
)  # fmt: skip

INCIDENT_FIELDS = Fields(
    [*_RECORD, *_WHAT, *_WHEN, *_WHERE, *_WHOM, *_BY_WHOM, *_HOW_KNOWN, *_THREAT, *_STATE, *_PUBLIC]
)
