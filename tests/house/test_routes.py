"""Every route × every role × own and other team: answered as the policy says. An unlisted route fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from app.access import MAY, PUBLIC, permission_of, unguarded
from app.accounts.operations import new_link
from app.alerts.operations import raise_alert
from app.cases.models import TimelineEntry
from app.contracts.models import ContractClause, ContractPay
from app.dates import UncertainDate
from app.db import db, now
from app.deadlines.feed import make_feed
from app.duplicates.merging import merge_incidents
from app.imports.maps import SheetMap
from app.imports.models import ImportBatch
from app.imports.saved_maps import save_map
from app.incidents.beside import IncidentLink, StateResponse
from app.organisations.merging import merge_records
from app.organisations.models import Organisation, Project
from app.people.merging import merge_people
from app.people.models import CaseRole, PersonLeadership
from app.proceedings.models import Accused, CaseNumber, Charge, Deadline, Hearing, Measure, Stage
from app.protection.models import Step
from app.recommendations.models import Recommendation
from app.recommendations.operations import link_record
from app.upr.models import Pack
from app.web import _is_static
from tests import factories

ROLES = (
    "nobody", "caseworker", "colleague", "coordinator", "analyst", "stranger", "foreign_coordinator",
    "administrator", "auditor",
)  # fmt: skip

SEEN, FULL, ANY = "seen", "full", "any"


@dataclass(frozen=True)
class Rule:
    """*permission* as the route states it; *record*: what its address names; *reach*: how far one must read it.

    SEEN – whoever sees the row; FULL – whoever reads it in full; ANY – the address names no protected record.
    *carriers* narrows who may act beyond the permission: role names of this test.
    """

    permission: str
    record: str | None = None
    reach: str = ANY
    carriers: frozenset[str] | None = None


MEMBERS = frozenset({"caseworker", "coordinator"})
REVIEWERS = frozenset({"coordinator"})

POLICY: dict[str, Rule] = {
    # signing in, oneself
    "accounts.language": Rule(PUBLIC),
    "accounts.link": Rule(PUBLIC),
    "accounts.set_up": Rule(PUBLIC),
    "accounts.sign_in": Rule(PUBLIC),
    "help.safety": Rule(PUBLIC),
    "home": Rule("self"),
    "help.index": Rule("self"),
    "help.page": Rule("self"),
    "accounts.sign_out": Rule("self"),
    "accounts.profile": Rule("self"),
    "accounts.save_settings": Rule("self"),
    "accounts.change_password": Rule("self"),
    "accounts.end_others": Rule("self"),
    # administration
    "accounts.index": Rule("accounts.manage"),
    "accounts.new": Rule("accounts.manage"),
    "accounts.edit": Rule("accounts.manage"),
    "accounts.deactivate": Rule("accounts.manage"),
    "accounts.reactivate": Rule("accounts.manage"),
    "accounts.new_link": Rule("accounts.manage"),
    "accounts.teams": Rule("accounts.manage"),
    "accounts.new_team": Rule("accounts.manage"),
    "accounts.edit_team": Rule("accounts.manage"),
    "vocabulary.index": Rule("codes.manage"),
    "vocabulary.show": Rule("codes.manage"),
    "vocabulary.new": Rule("codes.manage"),
    "vocabulary.edit": Rule("codes.manage"),
    "vocabulary.export": Rule("codes.manage"),
    "vocabulary.reload": Rule("codes.manage"),
    "vocabulary.pack_words": Rule("codes.manage"),
    "accounts.trail": Rule("audit.read"),
    "accounts.export_trail": Rule("audit.read"),
    # the desk
    "desk.index": Rule("records.read"),
    "desk.find": Rule("records.read"),
    "desk.review": Rule("records.review"),
    # alerts: whoever reads the record in full
    "alerts.show": Rule("records.read", "alert", SEEN),
    "alerts.acknowledged": Rule("records.review", "alert", SEEN),
    # incidents
    "incidents.index": Rule("records.read"),
    "incidents.new": Rule("records.write"),
    "incidents.autosave_new": Rule("records.write"),
    "incidents.discard_unsaved": Rule("records.write"),
    "incidents.export_list": Rule("records.export"),
    "incidents.show": Rule("records.read", "incident", SEEN),
    "incidents.history": Rule("records.read", "incident", FULL),
    "incidents.review_page": Rule("records.read", "incident", FULL),
    "incidents.edit": Rule("records.write", "incident", FULL),
    "incidents.autosave": Rule("records.write", "incident", FULL),
    "incidents.links": Rule("records.write", "incident", FULL),
    "incidents.erase_link": Rule("records.write", "incident", FULL),
    "incidents.responses": Rule("records.write", "incident", FULL),
    "incidents.erase_response": Rule("records.write", "incident", FULL),
    "incidents.clarify": Rule("records.write", "incident", FULL),
    "incidents.move": Rule("records.write", "incident", FULL),
    "incidents.public": Rule("records.write", "incident", FULL),
    "incidents.withdraw": Rule("records.write", "incident", FULL),
    "incidents.restore": Rule("records.write", "incident", FULL),
    "incidents.assign": Rule("records.review", "incident", FULL, REVIEWERS),
    # cases and their timeline
    "cases.index": Rule("records.read"),
    "cases.export_list": Rule("records.export"),
    "cases.new": Rule("records.write"),
    "cases.show": Rule("records.read", "case", SEEN),
    "timeline.timeline": Rule("records.read", "case", SEEN),
    "timeline.summary": Rule("records.export", "case", SEEN),
    "timeline.print_summary": Rule("records.export", "case", SEEN),
    "letters.choose": Rule("records.export", "case", FULL),
    "letters.make": Rule("records.export", "case", FULL),
    "timeline.assign": Rule("records.write", "case", FULL),
    "cases.add": Rule("records.write", "case", FULL),
    "cases.edit": Rule("records.write", "case", FULL),
    "cases.new_entry": Rule("records.write", "case", FULL),
    "cases.edit_entry": Rule("records.write", "case", FULL),
    "cases.erase_entry": Rule("records.write", "case", FULL),
    "cases.add_member": Rule("cases.manage", "case", FULL),
    "cases.remove_member": Rule("cases.manage", "case", FULL),
    "cases.suggest_members": Rule("cases.manage", "case", FULL),
    "cases.withdraw": Rule("cases.manage", "case", FULL),
    "cases.restore": Rule("cases.manage", "case", FULL),
    # people
    "people.index": Rule("records.read"),
    "people.export_list": Rule("people.export"),
    "exports.index": Rule("records.export"),
    "people.suggest": Rule("records.read"),
    "people.new": Rule("records.write"),
    "people.join": Rule("records.write"),
    "people.show": Rule("records.read", "person", SEEN),
    "people.edit": Rule("records.write", "person", FULL),
    "people.history": Rule("records.read", "person", FULL),
    "people.withdraw": Rule("records.write", "person", FULL),
    "people.restore": Rule("records.write", "person", FULL),
    "people.leave": Rule("records.write", "person", FULL),
    "people.ask": Rule("records.write", "person", FULL),
    "people.withdraw_consent": Rule("records.write", "person", FULL),
    "people.by_name": Rule("identity.reveal"),
    "people.look_up": Rule("identity.reveal"),
    "people.alike": Rule("records.write"),
    "people.public_figure": Rule("records.review", "person", FULL),
    "people.new_leadership": Rule("records.write", "person", FULL),
    "people.new_organisation": Rule("records.write", "person", FULL),
    "people.new_relation": Rule("records.write", "person", FULL),
    "people.edit_tie": Rule("records.write", "person", FULL),
    "people.erase_tie": Rule("records.write", "person", FULL),
    "people.merge": Rule("people.merge", "person", FULL),
    "people.unmerge": Rule("people.merge", "person", FULL),
    "people.choose_identity": Rule("identity.reveal", "person", FULL),
    "people.new_identity": Rule("identity.reveal", "person", FULL),
    "people.save_identity": Rule("identity.reveal", "person", FULL),
    "people.show_identity": Rule("identity.reveal", "person", FULL),
    # proceedings: what hangs on one has its rule
    "proceedings.index": Rule("records.read"),
    "proceedings.new": Rule("records.write"),
    "proceedings.export_list": Rule("records.export"),
    "proceedings.show": Rule("records.read", "proceeding", SEEN),
    "proceedings.history": Rule("records.read", "proceeding", FULL),
    "proceedings.edit": Rule("records.write", "proceeding", FULL),
    "proceedings.withdraw": Rule("records.write", "proceeding", FULL),
    "proceedings.restore": Rule("records.write", "proceeding", FULL),
    "proceedings.public": Rule("records.write", "proceeding", FULL),
    "proceedings.new_accused": Rule("records.write", "proceeding", FULL),
    "proceedings.outcome": Rule("records.write", "proceeding", FULL),
    "proceedings.new_charge": Rule("records.write", "proceeding", FULL),
    "proceedings.new_measure": Rule("records.write", "proceeding", FULL),
    "proceedings.new_stage": Rule("records.write", "proceeding", FULL),
    "proceedings.new_hearing": Rule("records.write", "proceeding", FULL),
    "proceedings.edit_stage": Rule("records.write", "proceeding", FULL),
    "proceedings.edit_charge": Rule("records.write", "proceeding", FULL),
    "proceedings.assess_detentions": Rule("records.review", "proceeding", FULL),
    "proceedings.edit_hearing": Rule("records.write", "proceeding", FULL),
    "proceedings.edit_measure": Rule("records.write", "proceeding", FULL),
    "proceedings.extend_measure": Rule("records.write", "proceeding", FULL),
    "proceedings.erase_part": Rule("records.write", "proceeding", FULL),
    "proceedings.numbers": Rule("records.write", "proceeding", FULL),
    "proceedings.checklist": Rule("records.write", "proceeding", FULL),
    "proceedings.new_term": Rule("records.write", "proceeding", FULL),
    "proceedings.edit_term": Rule("records.write", "proceeding", FULL),
    # protection: what hangs on a case has its rule
    "protection.index": Rule("records.read"),
    "protection.export_list": Rule("records.export"),
    "protection.new": Rule("records.write"),
    "protection.show": Rule("records.read", "protection", SEEN),
    "protection.history": Rule("records.read", "protection", FULL),
    "protection.edit": Rule("records.write", "protection", FULL),
    "protection.withdraw": Rule("records.write", "protection", FULL),
    "protection.restore": Rule("records.write", "protection", FULL),
    "protection.new_beneficiaries": Rule("records.write", "protection", FULL),
    "protection.new_step": Rule("records.write", "protection", FULL),
    "protection.edit_step": Rule("records.write", "protection", FULL),
    "protection.erase_part": Rule("records.write", "protection", FULL),
    "protection.outcome": Rule("records.write", "commitment", FULL),
    # contracts: what hangs on one has its rule; challenges name a proceeding of their own
    "contracts.index": Rule("records.read"),
    "contracts.new": Rule("records.write"),
    "contracts.export_list": Rule("records.export"),
    "contracts.show": Rule("records.read", "contract", SEEN),
    "contracts.history": Rule("records.read", "contract", FULL),
    "contracts.edit": Rule("records.write", "contract", FULL),
    "contracts.new_addendum": Rule("records.write", "contract", FULL),
    "contracts.document": Rule("records.write", "contract", FULL),
    "contracts.move": Rule("records.review", "contract", FULL),
    "contracts.withdraw": Rule("records.write", "contract", FULL),
    "contracts.restore": Rule("records.write", "contract", FULL),
    "contracts.new_pay": Rule("records.write", "contract", FULL),
    "contracts.edit_pay": Rule("records.write", "contract", FULL),
    "contracts.new_clause": Rule("records.write", "contract", FULL),
    "contracts.edit_clause": Rule("records.write", "contract", FULL),
    "contracts.check_clause": Rule("records.write", "contract", FULL),
    "contracts.erase_part": Rule("records.write", "contract", FULL),
    "contracts.legal_bases": Rule("records.write", "contract", FULL),
    "contracts.erase_legal_basis": Rule("records.write", "contract", FULL),
    "contracts.test": Rule("records.write", "contract", FULL),
    "contracts.challenge": Rule("records.write", "contract", FULL),
    "contracts.erase_challenge": Rule("records.write", "contract", FULL),
    "contracts.links": Rule("records.read"),
    "contracts.find_pair": Rule("records.read", "incident", SEEN),
    "contracts.incidents": Rule("records.read", "contract", SEEN),
    "contracts.confirm_links": Rule("records.write", "contract", SEEN),
    "contracts.link": Rule("records.read", "contract", FULL),
    "contracts.decide": Rule("records.write", "contract", FULL),
    # requests for information: coordination and casework of the team
    "transparency.index": Rule("records.read"),
    "transparency.export_list": Rule("records.export"),
    "transparency.new": Rule("records.write"),
    "transparency.show": Rule("records.read", "request", SEEN),
    "transparency.history": Rule("records.read", "request", SEEN),
    "transparency.edit": Rule("records.write", "request", SEEN),
    "transparency.move": Rule("records.write", "request", SEEN),
    "transparency.withdraw": Rule("records.write", "request", SEEN),
    "transparency.restore": Rule("records.write", "request", SEEN),
    "deadlines.index": Rule("records.read"),
    "deadlines.export_list": Rule("records.export"),
    "deadlines.month": Rule("records.read"),
    "deadlines.reminders": Rule("records.read"),
    "deadlines.save_reminders": Rule("records.read"),
    "deadlines.make_feed": Rule("records.read"),
    "deadlines.end_feed": Rule("records.read"),
    "deadlines.calendar": Rule(PUBLIC),
    "closed_days.index": Rule("codes.manage"),
    "closed_days.erase": Rule("codes.manage"),
    "places.suggest": Rule("records.read"),
    # files on records: who reads the record in full; the source, which is read in full or not at all
    "evidence.source": Rule("records.read", "source", SEEN),
    "evidence.new": Rule("records.write", "incident", FULL),
    "evidence.download": Rule("records.read", "file", SEEN),
    "evidence.withdraw": Rule("records.write", "file", FULL),
    "evidence.restore": Rule("records.write", "file", FULL),
    # imports: an upload belongs to whoever sent it
    "imports.index": Rule("records.import"),
    "imports.upload": Rule("records.import"),
    "imports.template": Rule("records.import"),
    "imports.xlsform": Rule("records.import"),
    "imports.show": Rule("records.import", "upload", SEEN),
    "imports.maps": Rule("records.import"),
    "imports.map_toml": Rule("records.import", "saved_map", SEEN),
    "imports.change_map": Rule("records.import", "own_map", SEEN),
    "imports.map_of_upload": Rule("records.import", "upload", SEEN),
    "imports.use_map": Rule("records.import", "upload", SEEN),
    "imports.columns": Rule("records.import", "upload", SEEN),
    "imports.choose_columns": Rule("records.import", "upload", SEEN),
    "imports.values": Rule("records.import", "upload", SEEN),
    "imports.choose_values": Rule("records.import", "upload", SEEN),
    "imports.decide": Rule("records.import", "upload", SEEN),
    "imports.rest": Rule("records.import", "upload", SEEN),
    "imports.report": Rule("records.import", "upload", SEEN),
    "imports.batch": Rule("records.import", "import", SEEN),
    "imports.progress": Rule("records.import", "upload", SEEN),
    "imports.stop": Rule("records.import", "upload", SEEN),
    "imports.undo": Rule("records.import", "import", SEEN),
    "imports.undo_now": Rule("records.import", "import", SEEN),
    # duplicates: pairs of incidents that one reads in full
    "duplicates.index": Rule("records.write"),
    "duplicates.of": Rule("records.write", "incident", FULL),
    "duplicates.decide": Rule("records.write"),
    "duplicates.decided": Rule("records.write"),
    "duplicates.open_again": Rule("records.write"),
    "duplicates.merge": Rule("incidents.merge"),
    "duplicates.unmerge": Rule("incidents.merge", "incident", FULL),
    # analysis: what of it one may see, each page asks row by row
    "analysis.index": Rule("records.read"),
    "analysis.company": Rule("records.read", "organisation", SEEN),
    "analysis.project": Rule("records.read", "project", SEEN),
    "analysis.unit": Rule("records.read"),
    "analysis.home": Rule("records.read"),
    "analysis.contracts": Rule("records.read"),
    "analysis.export_table": Rule("records.export"),
    # reports
    "reports.index": Rule("records.read"),
    "reports.sdg": Rule("records.read"),
    "reports.export_sdg": Rule("records.export"),
    "reports.bulletin": Rule("records.read"),
    "reports.export_bulletin": Rule("records.export"),
    "case_files.choose": Rule("records.export", "case", FULL),
    "case_files.make": Rule("records.export", "case", FULL),
    # organisations and projects
    "organisations.index": Rule("records.read"),
    "organisations.projects": Rule("records.read"),
    "organisations.suggest": Rule("records.read"),
    "organisations.suggest_projects": Rule("records.read"),
    "organisations.new": Rule("records.write"),
    "organisations.new_project": Rule("records.write"),
    "organisations.show": Rule("records.read", "organisation", SEEN),
    "organisations.edit": Rule("records.write", "organisation", SEEN),
    "organisations.project": Rule("records.read", "project", SEEN),
    "organisations.edit_project": Rule("records.write", "project", SEEN),
    "organisations.export_list": Rule("records.export"),
    "organisations.export_projects": Rule("records.export"),
    "organisations.history": Rule("records.read", "organisation", SEEN),
    "organisations.project_history": Rule("records.read", "project", SEEN),
    "organisations.names": Rule("records.write", "organisation", SEEN),
    "organisations.project_names": Rule("records.write", "project", SEEN),
    "organisations.merge": Rule("organisations.merge", "organisation", SEEN),
    "organisations.merge_project": Rule("organisations.merge", "project", SEEN),
    "organisations.unmerge": Rule("organisations.merge", "organisation", SEEN),
    "organisations.unmerge_project": Rule("organisations.merge", "project", SEEN),
    # recommendations are everybody's; what a team makes of them is its own, and a link is for who sees the record
    "recommendations.index": Rule("records.read"),
    "recommendations.export_list": Rule("records.export"),
    "recommendations.show": Rule("records.read"),
    "recommendations.edit": Rule("recommendations.manage"),
    "recommendations.assess": Rule("recommendations.manage", "own_team", SEEN),
    "recommendations.link": Rule("records.write"),
    "recommendations.import_index": Rule("recommendations.manage"),
    "recommendations.upload": Rule("recommendations.manage"),
    "recommendations.preview": Rule("recommendations.manage", "upload", SEEN),
    "recommendations.decide": Rule("recommendations.manage", "upload", SEEN),
    "recommendations.coming_review": Rule("records.read"),
    "recommendations.propose": Rule("recommendations.manage", "own_team", SEEN),
    "recommendations.unlink": Rule("records.write", "evidence", SEEN),
    # the UPR pack
    "upr.index": Rule("upr.export"),
    "upr.create": Rule("upr.export"),
    "upr.show": Rule("upr.export", "pack", SEEN),
    "upr.recalls": Rule("upr.export"),
}

SEES = {
    "incident": {"caseworker", "coordinator", "analyst"},
    "case": {"caseworker", "coordinator", "analyst"},
    "person": {"caseworker", "coordinator", "analyst"},
    "proceeding": {"caseworker", "coordinator", "analyst"},
    "protection": {"caseworker", "coordinator", "analyst"},
    "commitment": {"caseworker", "coordinator", "analyst"},
    "contract": {"caseworker", "coordinator"},
    "entry": {"caseworker", "coordinator"},
    "alert": {"caseworker", "coordinator"},
    "source": {"caseworker", "coordinator"},
    "file": {"caseworker", "coordinator"},
    "request": {"caseworker", "colleague", "coordinator"},
    "organisation": {"caseworker", "colleague", "coordinator", "analyst"},
    "project": {"caseworker", "colleague", "coordinator", "analyst"},
    "pack": {"coordinator"},
    "own_team": {"coordinator"},
    "evidence": {"caseworker", "coordinator", "analyst"},
    "upload": set(),
    "saved_map": {"caseworker", "colleague", "coordinator"},
    "own_map": {"caseworker", "coordinator"},
    "import": {"caseworker", "coordinator"},
}
"""Who sees South's records: a restricted case with the caseworker as its only member."""

READS_IN_FULL = {
    **dict.fromkeys(
        ("incident", "case", "person", "proceeding", "protection", "commitment", "entry"), {"caseworker", "coordinator"}
    ),
    **{
        record: SEES[record]
        for record in (
            "contract",
            "request",
            "alert",
            "source",
            "file",
            "organisation",
            "project",
            "pack",
            "upload",
            "saved_map",
            "own_map",
            "import",
        )
    },
}

HELD = {
    "caseworker": "CASEWORKER",
    "colleague": "CASEWORKER",
    "stranger": "CASEWORKER",
    "coordinator": "COORDINATOR",
    "foreign_coordinator": "COORDINATOR",
    "analyst": "ANALYST",
    "administrator": "ADMINISTRATOR",
    "auditor": "AUDITOR",
}


@pytest.fixture
def records(world):
    """One of each in South, hung on a restricted case of which the caseworker is a member."""
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    incident = factories.an_incident(world.caseworker, case=case)
    person = factories.a_person(world.caseworker, legal_name="Quetzalina Zyx", consent="C3")
    db.session.add(CaseRole(case=case, person=person))
    entry = TimelineEntry(case_id=case.id, kind="context", text_es="Audiencia", created_by_id=world.caseworker.id)
    entry.happened = UncertainDate()
    organisation = Organisation(team_id=world.south.id, created_by_id=world.caseworker.id)
    organisation.rename("Frente de Defensa")
    project = Project(team_id=world.south.id, name="El Proyecto", name_folded="el proyecto")
    pack = Pack(
        team_id=world.south.id,
        country="PER",
        period_from=UncertainDate.in_year(2023).earliest,
        period_to=UncertainDate.in_year(2023).latest,
        made_by_id=world.coordinator.id,
    )
    db.session.add_all([entry, organisation, project, pack])
    proceeding = factories.a_proceeding(case, world.caseworker)
    proceeding.stages = [Stage(stage="TRIAL")]
    proceeding.numbers = [CaseNumber(number_type="OTHER", number="1")]
    proceeding.hearings = [Hearing(held_on=date(2024, 5, 2))]
    day = date(2024, 5, 2)
    proceeding.deadlines = [Deadline(rule="PE-D10", triggered_on=day, computed_on=day, due_on=day)]
    accused = Accused(person=person)
    proceeding.accused = [accused]
    accused.charges = [Charge(proceeding_id=proceeding.id, offence="PE-CP-283")]
    accused.measures = [Measure(proceeding_id=proceeding.id, measure="PE-COMP")]
    link = IncidentLink(first=incident, second=factories.an_incident(world.caseworker, case=case), kind="PRECEDES")
    db.session.add(link)
    kept = save_map(world.caseworker, world.south.id, "Nuestra hoja", SheetMap(), ["fecha"], is_shared=True)
    incident.responses = [StateResponse(step="SHELVED")]
    alert = raise_alert("urgent_incident", incident, due_at=now(), by=world.caseworker.id)
    measure = factories.a_protection(case, world.caseworker)
    measure.steps = [Step(step="MEETING")]
    promise = factories.a_protection(case, world.caseworker, "COMMITMENT", asked="A post")
    contract = factories.a_contract(world.caseworker, country="PE", confidentiality="RESTRICTED")
    contract.pay = [ContractPay(amount_least=10_000, currency="PEN")]
    contract.clauses = [ContractClause(clause="INTEL")]
    source = factories.a_source(incident)
    file = factories.a_file(incident, world.caseworker)
    token, feed = new_link(world.stranger), make_feed(world.second_coordinator, "")
    post = PersonLeadership(person_id=person.id, kind="COMMUNITY")
    twice = factories.a_person(world.caseworker, pseudonym="Quetzal", legal_name="Quetzalina Zyxw")
    db.session.add(post)
    db.session.commit()
    merge = merge_people(world.coordinator, person, twice, {}, "Both told us of the same arrest")
    twice = factories.an_organisation("Frente", team=world.south), factories.a_project("El mismo", team=world.south)
    pairs = zip((organisation, project), twice, strict=True)
    of_bodies = [merge_records(world.coordinator, *pair, {}, "Both bear the same number") for pair in pairs]
    other = factories.an_incident(world.caseworker, case=case, title="The same")
    of_incidents = merge_incidents(world.coordinator, incident, other, {}, "Both reports tell of one arrest")
    batch = ImportBatch(team_id=world.south.id, by_id=world.caseworker.id, filename="hoja.csv", sha256="0" * 64)
    recommendation = Recommendation(rec_uid="PER-C2-116.72", country="PE", cycle=2, session=14)
    db.session.add_all([batch, recommendation])
    db.session.flush()
    evidence = link_record(world.caseworker, recommendation, world.south.id, incident, "contradicts", None)
    db.session.commit()
    return {
        "incident": incident.reference,
        "case": case.reference,
        "person": person.reference,
        "proceeding": proceeding.reference,
        "protection": measure.reference,
        "step": measure.steps[0].uid,
        "commitment": promise.reference,
        "contract": contract.reference,
        "parts of the contract": {
            "pay": contract.pay[0].uid,
            "clause": contract.clauses[0].uid,
            "part": contract.pay[0].uid,
        },
        "stage": proceeding.stages[0].uid,
        "hearing": proceeding.hearings[0].uid,
        "measure": proceeding.measures[0].uid,
        "charge": proceeding.charges[0].uid,
        "part": proceeding.numbers[0].uid,
        "term": proceeding.deadlines[0].uid,
        "entry": getattr(entry, "uid", entry.id),
        "consent": getattr(person.consents[0], "uid", person.consents[0].id),
        "tie": post.uid,
        "unmerge": merge.uid,
        "merged_incident": of_incidents.uid,
        "merged_organisation": of_bodies[0].uid,
        "merged_project": of_bodies[1].uid,
        "identity": merge.uid,
        "member": world.caseworker.handle,
        "request": factories.a_request(world.caseworker).reference,
        "organisation": organisation.reference,
        "project": project.reference,
        "pack": pack.uid,
        "saved_map": kept.uid,
        "own_map": kept.uid,
        "import": batch.uid,
        "alert": alert.uid,
        "source": source.reference,
        "file": file.reference,
        "own_team": world.south.handle,
        "evidence": evidence.uid,
        "recommendation": recommendation.rec_uid,
        "link": link.uid,
        "response": incident.responses[0].uid,
        "token": token,
        "feed": feed,
    }


NOT_THERE = {
    "incident": "PER-I-ZZZZZ",
    "case": "PER-C-ZZZZZ",
    "person": "PER-D-ZZZZZ",
    "proceeding": "PER-P-ZZZZZ",
    "protection": "PER-M-ZZZZZ",
    "commitment": "PER-W-ZZZZZ",
    "contract": "PER-K-ZZZZZ",
    "request": "PER-Q-ZZZZZ",
    "organisation": "XXX-O-ZZZZZ",
    "project": "XXX-J-ZZZZZ",
    "pack": "00000000-0000-4000-8000-000000000000",
    "alert": "00000000-0000-4000-8000-000000000000",
    "source": "XXX-S-ZZZZZ",
    "file": "PER-E-ZZZZZ",
    "own_team": "no-such-one",
    "evidence": "00000000-0000-4000-8000-000000000000",
    "upload": "no-such-upload",
    "saved_map": "00000000-0000-4000-8000-000000000000",
    "own_map": "00000000-0000-4000-8000-000000000000",
    "import": "00000000-0000-4000-8000-000000000000",
}


ASK_FOR_A_CASE = frozenset({
    "people.join", "people.leave", "contracts.erase_legal_basis", "contracts.erase_challenge",
})  # fmt: skip
"""The form names the case, or what is taken out; an empty form names none that exists."""


def endpoints(app):
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if not _is_static(rule.endpoint)})


def address_of(app, endpoint, world, records, *, missing=False):
    rule = POLICY[endpoint]
    record = {"entry": "case"}.get(rule.record or "", rule.record)
    target = NOT_THERE[record] if missing and record else records.get(record or "")
    room = endpoint.split(".")[0]
    part = re.split(r"[._]", endpoint)[-1]
    parts = {"cases": records["entry"], "people": records.get(part, records["consent"])}
    parts["organisations"] = records["merged_project" if endpoint.endswith("_project") else "merged_organisation"]
    parts["proceedings"] = parts["incidents"] = records.get(part)
    parts["protection"] = records["step"]
    parts["duplicates"] = records["merged_incident"]
    parts["contracts"] = records["parts of the contract"].get(part)
    values = {"reference": target, "uid": parts.get(room) or target}
    values |= {"token": records["token"], "name": "sectors", "code": "MINING", "kind": "incident"}
    values |= {"unit": "PE-DINOES", "country": "GB"}
    values["incident"], values["rec_uid"] = records["incident"], records["recommendation"]
    values["handle"] = world.south.handle if endpoint.endswith("_team") else world.colleague.handle
    if rule.record == "own_team":
        values["handle"], values["topic"] = target, "DEFENDERS"
    if endpoint in ("recommendations.preview", "recommendations.decide"):
        values["token"] = "no-such-upload"
    if endpoint == "deadlines.calendar":
        values["token"] = records["feed"]
    if endpoint == "help.page":
        values["name"] = "review"
    if endpoint == "transparency.move":
        values["name"] = "file"
    wanted = next(one for one in app.url_map.iter_rules() if one.endpoint == endpoint).arguments
    with app.test_request_context():
        return app.url_for(endpoint, **{name: values[name] for name in wanted})


def methods_of(app, endpoint):
    found = {method for rule in app.url_map.iter_rules() if rule.endpoint == endpoint for method in rule.methods}
    return sorted(found & {"GET", "POST"})


def expected(rule, role):
    """'in', 'sign in', 403 or 404."""
    if rule.permission == PUBLIC:
        return "in"
    if role == "nobody":
        return "sign in"
    if HELD[role] not in MAY[rule.permission]:
        return 403
    if rule.record is None:
        return "in"
    if role not in SEES[rule.record]:
        return 404
    if rule.reach == FULL and role not in READS_IN_FULL[rule.record]:
        return "closed"
    if rule.carriers is not None and role not in rule.carriers:
        return 403
    return "in"


def answer(browser, method, address, token):
    return browser.get(address) if method == "GET" else browser.post(address, {"csrf_token": token})


def matches(response, wanted):
    if wanted == "sign in":
        return response.status_code in (302, 401) and b"Quetzalina" not in response.data
    if wanted == "in":
        return response.status_code in (200, 302, 303, 400, 401, 409, 413, 422)
    if wanted == "closed":
        return response.status_code in (403, 404)
    return response.status_code == wanted


def test_every_route_is_listed_with_the_permission_it_states(app):
    stated = {endpoint: permission_of(app.view_functions[endpoint]) for endpoint in endpoints(app)}

    assert stated == {endpoint: rule.permission for endpoint, rule in POLICY.items()}


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role_as_the_policy_says(app, world, records, sign_in, role):
    wrong = []
    user = getattr(world, role, None)
    last = ("accounts.sign_out", "accounts.language", "accounts.link", "accounts.deactivate")
    browser = None
    for endpoint in sorted(POLICY, key=lambda name: (name in last, name)):
        for method in methods_of(app, endpoint):
            if browser is None or endpoint in last:
                browser = sign_in(user) if user else factories.Browser(app.test_client())
                token = browser.token_at("/profile")
            response = answer(browser, method, address_of(app, endpoint, world, records), token)
            wanted = expected(POLICY[endpoint], role)
            if endpoint in ASK_FOR_A_CASE and wanted == "in" and response.status_code == 404:
                continue
            if not matches(response, wanted):
                wrong.append(f"{method} {endpoint}: {response.status_code}, should be {wanted}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["colleague", "stranger", "foreign_coordinator"])
def test_a_hidden_record_answers_like_one_that_was_never_there(app, world, records, sign_in, role):
    def plain(response):
        text = re.sub(r"(?s)<!--.*?-->|csrf_token.{0,200}?>|name=\"next\"[^>]*>", "", response.text)
        return re.sub(r"[A-Z]{3}-[A-Z]-[0-9A-Z]{5}|[0-9a-f]{8}-[0-9a-f-]{27}", "…", text)

    browser = sign_in(getattr(world, role))
    token = browser.token_at("/profile")
    for endpoint, rule in POLICY.items():
        if rule.record is None or expected(rule, role) != 404:
            continue
        for method in methods_of(app, endpoint):
            hidden = answer(browser, method, address_of(app, endpoint, world, records), token)
            never = answer(browser, method, address_of(app, endpoint, world, records, missing=True), token)

            assert (hidden.status_code, plain(hidden)) == (never.status_code, plain(never)), endpoint


def test_a_route_without_permission_stops_the_start(settings):
    from app import create_app
    from app.web import check_every_route_states_its_permission

    app = create_app(settings)
    app.add_url_rule("/silent", "silent", lambda: "")

    with pytest.raises(RuntimeError, match="silent"):
        check_every_route_states_its_permission(app)


def test_nothing_was_changed_by_those_who_may_not(app, world, records, sign_in):
    """A stranger who posts to every address of a record leaves it as it was."""
    from app.incidents.models import Incident

    browser = sign_in(world.stranger)
    sent = {"csrf_token": browser.token_at("/profile"), "reason": "because", "move": "submit"}
    statement = unguarded(select(Incident.version, Incident.state, Incident.withdrawn_at), "the test looks")
    before = set(db.session.execute(statement).all())
    for endpoint, rule in POLICY.items():
        if rule.record and "POST" in methods_of(app, endpoint):
            browser.post(address_of(app, endpoint, world, records), sent)

    db.session.expire_all()
    assert set(db.session.execute(statement).all()) == before
