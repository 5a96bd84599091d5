"""What a column of a sheet may bring: names, words in both languages, and the headings under which it is recognised."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.fields import FULL, IDENTITY, Field, Fields

TARGETS = Fields(
    [
        Field("external_id", _l("Record number in the source"), aliases=("id", "record id", "código", "nro", "N°")),
        Field("title", _l("Title"), confidentiality=FULL),
        Field("title_es", _l("Title in Spanish"), confidentiality=FULL, aliases=("título (es)",)),
        Field("title_en", _l("Title in English"), confidentiality=FULL, aliases=("title (en)",)),
        # When
        Field("date", _l("Date"), kind="uncertain_date", aliases=("date of incident", "fecha del hecho", "happened")),
        Field("date_to", _l("Last day"), kind="uncertain_date", aliases=("end date", "fecha final")),
        Field("date_text", _l("Date in the words of the source"), confidentiality=FULL),
        # Where
        Field("country", _l("Country"), kind="country", aliases=("country code", "iso2", "iso3")),
        Field("place", _l("Place"), kind="place", aliases=("location", "lugar del hecho", "ubigeo")),
        Field("district", _l("District"), kind="place"),
        Field("province", _l("Province"), kind="place"),
        Field("region", _l("Region"), kind="place", aliases=("department", "departamento", "state", "estado")),
        Field("community", _l("Community"), confidentiality=FULL, aliases=("village", "centro poblado")),
        Field("latitude", _l("Latitude"), confidentiality=FULL, aliases=("lat",)),
        Field("longitude", _l("Longitude"), confidentiality=FULL, aliases=("lon", "lng")),
        # What
        Field("type", _l("Type of act"), kind="code", code_list="incident_types", aliases=("main type", "tipo")),
        Field("other_types", _l("Further types of act"), kind="codes", code_list="incident_types"),
        Field("sector", _l("Sector"), kind="code", code_list="sectors", aliases=("industry", "industria")),
        Field("urgency", _l("Urgency"), kind="code", code_list="urgency_levels"),
        Field("protest", _l("During a protest"), kind="yes_no_unknown", aliases=("protest", "protesta")),
        Field("emergency", _l("State of emergency"), kind="yes_no_unknown", aliases=("emergency",)),
        Field("threats_before", _l("Threats before"), kind="yes_no_unknown"),
        Field("reprisals", _l("Reprisal"), kind="codes", code_list="reprisal_grounds"),
        Field("threat_type", _l("Type of threat"), kind="code", code_list="threat_types"),
        Field("threat_channel", _l("Channel of the threat"), kind="code", code_list="threat_channels"),
        Field("threat_credibility", _l("Credibility of the threat"), kind="code", code_list="threat_credibility"),
        # Who
        Field("pseudonym", _l("Pseudonym"), confidentiality=FULL, aliases=("alias",)),
        Field(
            "legal_name",
            _l("Legal name"),
            confidentiality=IDENTITY,
            aliases=(
                *("name", "names", "full name", "victim", "victim name", "name of victim", "nombre", "nombres"),
                *("nombre completo", "nombres y apellidos", "apellidos y nombres", "víctima", "persona afectada"),
            ),
        ),
        Field("document", _l("Identity document"), confidentiality=IDENTITY, aliases=("dni", "passport", "pasaporte")),
        Field("person_kind", _l("Kind of person"), kind="code", code_list="person_kinds"),
        Field("gender", _l("Gender"), kind="code", code_list="gender_identity", aliases=("sex", "sexo")),
        Field("age", _l("Age"), aliases=("age in years", "edad en años")),
        Field("age_group", _l("Age group"), kind="code", code_list="age_groups"),
        Field("defender_groups", _l("Defends"), kind="codes", code_list="defender_groups", aliases=("defender group",)),
        Field("rights_defended", _l("Rights defended"), kind="codes", code_list="rights_defended"),
        Field("peoples", _l("Peoples"), kind="codes", code_list="indigenous_peoples"),
        Field("group_label", _l("Affected group"), confidentiality=FULL, aliases=("group", "grupo")),
        Field("affected", _l("Number affected"), kind="number", aliases=("victims", "number of victims")),
        Field("killed", _l("Killed"), kind="number", aliases=("deaths", "muertos", "fallecidos")),
        Field("injured", _l("Injured"), kind="number", aliases=("wounded",)),
        Field("detained", _l("Detained"), kind="number", aliases=("arrested",)),
        # By whom
        Field("perpetrators", _l("Alleged perpetrators"), kind="codes", code_list="perpetrator_types",
              aliases=("perpetrator", "perpetrator type", "presunto responsable")),
        Field("perpetrator_degree", _l("How they took part"), kind="code", code_list="involvement_degree"),
        # How we know
        Field("source_citation", _l("Source"), confidentiality=FULL, aliases=("citation", "cita")),
        Field("source_url", _l("Address of the source"), kind="url", confidentiality=FULL,
              aliases=("url", "link", "enlace")),
        Field("source_kind", _l("Kind of source"), kind="code", code_list="source_types", confidentiality=FULL),
        Field("source_reliability", _l("Reliability"), kind="code", code_list="source_reliability",
              confidentiality=FULL),
        Field("source_credibility", _l("Credibility"), kind="code", code_list="info_credibility",
              confidentiality=FULL),
        Field("source_origin", _l("Origin of the source"), confidentiality=FULL),
        Field("source_published", _l("Published on"), kind="date", confidentiality=FULL),
        Field("source_is_public", _l("The source is public"), kind="yes_no", confidentiality=FULL),
        # In words
        Field("summary", _l("Public summary"), kind="long_text", confidentiality=FULL, aliases=("resumen",)),
        Field("summary_es", _l("Public summary in Spanish"), kind="long_text", confidentiality=FULL),
        Field("summary_en", _l("Public summary in English"), kind="long_text", confidentiality=FULL),
        Field("narrative", _l("Narrative"), kind="long_text", confidentiality=FULL,
              aliases=("description", "descripción", "relato", "hechos")),
        Field("language", _l("Language of the narrative"), confidentiality=FULL),
        Field("notes", _l("Notes"), kind="long_text", confidentiality=FULL, aliases=("comments", "observaciones")),
        Field("embargo_until", _l("Embargo until"), kind="date"),
    ]
)  # fmt: skip

IDENTITY_FIELDS = frozenset(field.name for field in TARGETS if field.confidentiality == IDENTITY)
"""What goes to the identity of a person and nowhere else; what stands in these columns is never repeated in a report."""

LONGEST = {
    "external_id": 200,
    "title": 300,
    "title_es": 300,
    "title_en": 300,
    "pseudonym": 120,
    "legal_name": 300,
    "document": 300,
    "group_label": 300,
    "community": 300,
    "summary": 600,
    "summary_es": 600,
    "summary_en": 600,
    "source_citation": 1000,
    "source_origin": 200,
}
LONGEST_LINE, LONGEST_TEXT = 500, 50_000


def longest(field: Field) -> int:
    """How many characters a text may have."""
    return LONGEST.get(field.name, LONGEST_TEXT if field.kind == "long_text" else LONGEST_LINE)
