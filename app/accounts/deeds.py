"""The audit trail in words: deeds, tables, columns. Names of columns, never what stood in them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.audit import CHANGED, CREATED, DELETED, AuditEntry

DEEDS: dict[str, Any] = {
    CREATED: _l("made"),
    CHANGED: _l("changed"),
    DELETED: _l("removed"),
    "signed_in": _l("signed in"),
    "export_taken": _l("took an export"),
    "identity_revealed": _l("saw an identity"),
    "identity_looked_up": _l("looked a person up by legal name"),
    "names_compared": _l("compared the names of a sheet with those on record"),
    "people_merged": _l("brought two records of a person together"),
    "people_unmerged": _l("took two records of a person apart"),
    "organisations_merged": _l("brought two records of an organisation or project together"),
    "organisations_unmerged": _l("took two records of an organisation or project apart"),
    "incidents_merged": _l("brought two records of an incident together"),
    "incidents_unmerged": _l("took two records of an incident apart"),
    "link_undone": _l("undid a link between incidents"),
    "name_published": _l("published a name"),
    "evidence_opened": _l("opened a file"),
}

TABLES: dict[str, Any] = {
    "accused": _l("accused in a proceeding"),
    "act": _l("act"),
    "beneficiary": _l("beneficiary of a measure"),
    "case": _l("case"),
    "case_member": _l("member of a case"),
    "case_role": _l("role of a person in a case"),
    "code": _l("code of a list"),
    "consent": _l("consent"),
    "evidence_file": _l("file"),
    "exported_person": _l("export that carried a person"),
    "import_batch": _l("import"),
    "duplicate_decision": _l("decision on a likely duplicate"),
    "incident": _l("incident"),
    "incident_merge": _l("two records of one incident"),
    "incident_company": _l("company of an incident"),
    "incident_project": _l("project of an incident"),
    "involvement": _l("alleged perpetrator"),
    "membership": _l("role in a team"),
    "one_time_link": _l("one-time link"),
    "organisation": _l("organisation"),
    "organisation_alias": _l("other name of an organisation"),
    "organisation_merge": _l("two records of one organisation"),
    "pack": _l("UPR pack"),
    "person": _l("person"),
    "person_alias": _l("other name of a person"),
    "person_leadership": _l("leadership of a person"),
    "person_merge": _l("two records of one person"),
    "person_organisation": _l("tie of a person to an organisation"),
    "person_relation": _l("relation between persons"),
    "person_identity": _l("identity of a person"),
    "place": _l("place"),
    "proceeding_incident": _l("incident from which a proceeding arises"),
    "project": _l("project"),
    "project_alias": _l("other name of a project"),
    "project_merge": _l("two records of one project"),
    "protection": _l("record of protection"),
    "review_note": _l("review note"),
    "saved_map": _l("mapping of sheets"),
    "source": _l("source"),
    "source_link": _l("source of an incident"),
    "team": _l("team"),
    "timeline_entry": _l("timeline entry"),
    "user": _l("account"),
}

COLUMNS: dict[str, Any] = {
    "act_type": _l("type of act"),
    "active": _l("switched on"),
    "affected_least": _l("number affected"),
    "affected_most": _l("number affected"),
    "age_group": _l("age group"),
    "assigned_to_id": _l("assigned to"),
    "case_id": _l("case"),
    "birth_date": _l("date of birth"),
    "citation": _l("citation"),
    "community": _l("community"),
    "confidentiality": _l("confidentiality"),
    "consent": _l("consent"),
    "contact": _l("contact"),
    "country": _l("country"),
    "credibility": _l("credibility"),
    "definition_en": _l("definition in English"),
    "definition_es": _l("definition in Spanish"),
    "defender_groups": _l("groups of defenders"),
    "degree": _l("degree of involvement"),
    "detained_least": _l("number detained"),
    "detained_most": _l("number detained"),
    "document": _l("document"),
    "email": _l("e-mail"),
    "embargo_until": _l("embargo"),
    "emergency": _l("state of emergency"),
    "expires_on": _l("expiry"),
    "given_on": _l("day given"),
    "gender": _l("gender"),
    "group_label": _l("group"),
    "happened_from": _l("date"),
    "injured_least": _l("number injured"),
    "injured_most": _l("number injured"),
    "installation_role": _l("role over the installation"),
    "is_public": _l("public"),
    "killed_least": _l("number killed"),
    "killed_most": _l("number killed"),
    "kind": _l("kind"),
    "label_en": _l("label in English"),
    "label_es": _l("label in Spanish"),
    "language": _l("language"),
    "latitude": _l("coordinates"),
    "legal_name": _l("legal name"),
    "level": _l("level"),
    "main_type": _l("type of incident"),
    "name": _l("name"),
    "narrative": _l("narrative"),
    "note": _l("note"),
    "notes": _l("notes"),
    "organisation_id": _l("organisation"),
    "parent_id": _l("parent company"),
    "parent_name": _l("parent company"),
    "home_country": _l("home country"),
    "origin_group": _l("origin of the source"),
    "password_hash": _l("password"),
    "peoples": _l("indigenous peoples"),
    "perpetrator_type": _l("kind of perpetrator"),
    "person_id": _l("person"),
    "place_id": _l("place"),
    "project_id": _l("project"),
    "protest": _l("protest"),
    "pseudonym": _l("pseudonym"),
    "public_approved_at": _l("approval as public"),
    "public_set_at": _l("proposal as public"),
    "purpose": _l("purpose"),
    "published_on": _l("day of publication"),
    "recipient": _l("recipient"),
    "region_text": _l("region"),
    "reliability": _l("reliability"),
    "reprisals": _l("reprisal"),
    "rights_defended": _l("rights defended"),
    "role": _l("role"),
    "sector": _l("sector"),
    "shortcuts": _l("single-key shortcuts"),
    "saved_map": _l("mapping of sheets"),
    "source": _l("source"),
    "state": _l("state of review"),
    "status": _l("status"),
    "submitted_at": _l("sending to review"),
    "summary": _l("summary"),
    "summary_en": _l("public summary in English"),
    "summary_es": _l("public summary in Spanish"),
    "text_en": _l("text in English"),
    "text_es": _l("text in Spanish"),
    "theme": _l("light or dark"),
    "threat_channel": _l("channel of the threat"),
    "threat_credibility": _l("credibility of the threat"),
    "threat_type": _l("type of threat"),
    "threats_before": _l("threats before"),
    "title_en": _l("title in English"),
    "title_es": _l("title in Spanish"),
    "upr": _l("code for the UPR"),
    "url": _l("web address"),
    "urgency": _l("urgency"),
    "used_at": _l("use"),
    "withdrawal_reason": _l("reason for withdrawing"),
    "withdrawn_at": _l("withdrawal"),
    "withdrawn_on": _l("day withdrawn"),
}

# Kept beside another column, or the program's own bookkeeping.
SILENT = frozenset({
    "coordinate_precision", "edited", "email_folded", "happened_precision", "happened_text", "happened_to",
    "longitude", "name_folded", "position", "public_approved_by_id", "public_set_by_id", "search_full",
    "search_reduced", "updated_by_id", "withdrawn_by_id",
})  # fmt: skip


def deed_words(deed: str) -> str:
    return str(DEEDS.get(deed, deed.replace("_", " ")))


def table_words(table: str | None) -> str:
    return str(TABLES.get(table or "", (table or "").replace("_", " ")))


def column_words(entry: AuditEntry) -> str:
    """Which columns a change touched; for an export its kind and size. A new record touches all: nothing to say."""
    columns = entry.columns or []
    if entry.deed in (CREATED, DELETED):
        return ""
    words = [str(COLUMNS.get(name, name.replace("_", " "))) for name in columns if name not in SILENT]
    return ", ".join(dict.fromkeys(words))
