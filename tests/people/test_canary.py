"""The canary: who a person is stands in no page, list, search, export, log, address or title.

Every role walks every route; the routes are not listed here, so a new one is covered the day it is made. What the
person really is called, carries and can be reached by is set to words that occur nowhere else; finding one of them
anywhere is the end of the test. The other names of a person are such words too, for who does not read it in full.
"""

import io
import logging
import re
import zipfile
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.alerts.operations import acknowledge, raise_alert
from app.audit import AuditEntry, AuditValue
from app.cases.models import TimelineEntry
from app.contracts.links import ContractLink
from app.contracts.models import ContractClause, ContractLegalBasis, ContractPay, ContractTest
from app.dates import UncertainDate
from app.db import db, fold, now
from app.deadlines.feed import make_feed
from app.imports.maps import SheetMap
from app.imports.models import ImportBatch
from app.imports.saved_maps import save_map
from app.incidents.beside import IncidentLink, StateResponse
from app.organisations.models import Project
from app.people.merging import merge_people
from app.people.models import Consent, PersonAlias, PersonIdentity, PersonLeadership, PersonRelation
from app.proceedings.models import Accused, Charge, Deadline, Hearing, Measure, Stage
from app.protection.models import Beneficiary, Step
from app.recommendations.models import Recommendation, RecommendationEvidence, RecommendationState
from app.upr.models import Pack
from app.web import _is_static
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

SECRETS = {
    "legal_name": "Quetzalina Zyxwvut",
    "document": "98127634",
    "birth_date": "7 Brumario 1971",
    "contact": "canario@nido.example, 955 044 318",
}
SECOND = {"legal_name": "Kuntur Qhaway", "document": "51327744", "contact": "segunda@nido.example"}
TRACES = [fold(word) for word in (
    "Quetzalina", "Zyxwvut", "98127634", "Brumario", "canario@nido", "955 044 318", "955044318",
    "Qhaway", "51327744", "segunda@nido",
)]  # fmt: skip
ROLES = (
    "caseworker", "colleague", "coordinator", "second_coordinator", "analyst", "stranger", "foreign_coordinator",
    "administrator", "auditor",
)  # fmt: skip
CALLED = "La Vizcacha"
"""What others call the person: for who reads the record in full, and for nobody else."""
IN_A_FILE = "Urubitinga"
"""Stands in the name, the description and the bytes of a file: for the same readers, and in no trail."""
IN_FULL = {"caseworker", "second_coordinator", "coordinator", "colleague"}
REASON = "The hearing is tomorrow"
ENDS_THE_VISIT = {"accounts.sign_out", "accounts.deactivate", "accounts.language", "accounts.link"}


@pytest.fixture
def records(world):
    """A person in all that names one, and what else has an address; NETWORK, so that all see as much as may be."""
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK", by=world.caseworker)
    person = factories.a_person(world.second_coordinator, pseudonym="Heron", kind="FAMILY", consent="C4")
    other = factories.a_person(world.caseworker, pseudonym="Ibis", consent="C4")
    twice = factories.a_person(world.caseworker, pseudonym="Crane")
    db.session.add_all([PersonIdentity(person_id=person.id, **SECRETS), PersonIdentity(person_id=twice.id, **SECOND)])
    for each in (person, other, twice):
        factories.a_role(each, case)
    incident = factories.an_incident(
        world.caseworker, case=case, state="VERIFIED", summary_es="Algo", summary_en="Something"
    )
    factories.a_victim(incident, person)
    source = factories.a_source(incident)
    file = factories.a_file(incident, world.caseworker, f"{IN_A_FILE}.txt", f"a{IN_A_FILE}".encode(), f"b{IN_A_FILE}")
    proceeding = factories.a_proceeding(case, world.caseworker)
    accused = Accused(person=person)
    proceeding.accused = [accused]
    accused.measures = [Measure(proceeding_id=proceeding.id, measure="PE-FLAG")]
    accused.charges = [Charge(proceeding_id=proceeding.id, offence="PE-CP-283")]
    proceeding.stages, proceeding.hearings = [Stage(stage="TRIAL")], [Hearing(held_on=date(2024, 5, 2))]
    day = date(2024, 5, 2)
    proceeding.deadlines = [Deadline(rule="PE-D10", triggered_on=day, computed_on=day, due_on=day)]
    project = Project(team_id=world.south.id, name="El Proyecto", name_folded="el proyecto")
    entry = TimelineEntry(case_id=case.id, kind="context", text_es="Audiencia", created_by_id=world.caseworker.id)
    entry.happened = UncertainDate()
    post = PersonLeadership(person_id=person.id, kind="COMMUNITY")
    kept = save_map(world.caseworker, world.south.id, "Nuestra hoja", SheetMap(), ["fecha"], is_shared=True)
    batch = ImportBatch(team_id=world.south.id, by_id=world.caseworker.id, filename="hoja.csv", sha256="0" * 64)
    db.session.add(batch)
    pack = Pack(
        team_id=world.south.id, country="PER", period_from=date(2023, 1, 1), period_to=date(2023, 12, 31),
        made_by_id=world.coordinator.id,
    )  # fmt: skip
    db.session.add_all([
        entry, post, pack, project, PersonRelation(person_id=person.id, other_id=other.id, kind="SIBLING"),
        PersonAlias(person_id=person.id, name=CALLED, name_folded=fold(CALLED)),
        Consent(person_id=person.id, purpose="UPR", level="C4", given_on=date(2024, 1, 1)),
    ])  # fmt: skip
    db.session.commit()
    merge = merge_people(world.coordinator, person, twice, {}, "Both told us of the same arrest")
    organisation = factories.an_organisation("Frente de Defensa", team=world.south)
    db.session.commit()
    parts = [*proceeding.accused, *proceeding.charges, *proceeding.measures, *proceeding.stages, *proceeding.hearings]
    parts += proceeding.deadlines
    protected = [factories.a_protection(case, world.caseworker, kind) for kind in ("MEASURE", "COMMITMENT")]
    protected[0].steps, protected[0].beneficiaries = [Step(step="MEETING")], [Beneficiary(person=person)]
    protected.append(factories.a_protection(case, world.caseworker, "RISK", person_id=person.id, group_label=None))
    contract = factories.a_contract(
        world.caseworker, company=organisation, confidentiality="NETWORK", challenges=[proceeding], projects=[project],
        starts="2023", country="PE",
    )  # fmt: skip
    addendum = factories.an_addendum(world.caseworker, contract, ends="2025")
    contract.pay = [ContractPay(amount_least=10_000, currency="PEN", rank="SO")]
    contract.clauses = [ContractClause(clause="INTEL", quote="So they wrote")]
    contract.tests = [ContractTest(point="NO_PRIVATE", answer="NO")]
    contract.legal_bases = [ContractLegalBasis(norm="PE-DL1267")]
    feed = make_feed(world.caseworker, "team")
    second = factories.an_incident(world.caseworker, case=case)
    link = IncidentLink(first=incident, second=second, kind="PRECEDES")
    incident.responses = [StateResponse(step="SHELVED")]
    alert = raise_alert("urgent_incident", second, due_at=now(), by=world.caseworker.id)
    claim = ContractLink(incident=incident, contract=contract, level="L4_DIRECTED", state="PROPOSED")
    db.session.add_all([link, claim])
    db.session.commit()
    asked = factories.a_request(world.caseworker, proceeding=proceeding)
    recommendation = Recommendation(
        rec_uid="PER-C2-116.72", country="PE", cycle=2, session=14, summary_en="Go on protecting defenders",
        states=[RecommendationState(state="AUS")],
    )  # fmt: skip
    db.session.add(recommendation)
    db.session.flush()
    db.session.add(
        RecommendationEvidence(team_id=world.south.id, recommendation_id=recommendation.id, incident_id=incident.id)
    )
    db.session.commit()
    roots = (case, person, other, incident, source, file, proceeding, *protected, contract, addendum, asked)
    return {
        "references": [row.reference for row in (*roots, organisation, project)],
        "person": person,
        "incident": incident,
        "alert": alert,
        "token": feed,
        "uids": {
            room: [str(row.uid) for row in rows]
            for room, rows in {
                "proceedings": parts,
                "people": [post, merge, *person.consents],
                "cases": [entry],
                "protection": protected[0].steps,
                "contracts": [*contract.pay, *contract.clauses],
                "alerts": [alert],
                "incidents": [link, *incident.responses],
                "upr": [pack],
                "imports": [kept, batch],
            }.items()
        },
        "asked": {
            "people.join": f"?case={case.reference}",
            "people.new": f"?case={case.reference}",
            "people.merge": f"?with={other.reference}",
            "people.suggest": "?q=Heron",
            "duplicates.merge": f"?kept={incident.reference}&gone={second.reference}",
            "people.alike": "?q=Heron",
            "desk.find": "?q=Heron",
        },
    }


def addresses(app, world, records, methods):
    """(endpoint, address) of every route, with every record that could stand in it; those that end the visit last."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if _is_static(rule.endpoint) or not methods & rule.methods:
                continue
            for reference in records["references"] if "reference" in rule.arguments else [""]:
                if reference and not _fits(rule.endpoint, reference):
                    continue
                for uid in _uids(records, rule):
                    values = {"reference": reference, "uid": uid, "name": "people-and-consent"}
                    values["token"] = records["token"] if rule.endpoint == "deadlines.calendar" else "none"
                    values["incident"] = records["incident"].reference
                    values |= {"rec_uid": "PER-C2-116.72", "topic": "DEFENDERS"}
                    values |= {"code": "MINING", "handle": world.colleague.handle, "unit": "PE-PNP", "country": "GB"}
                    values["kind"] = "source" if reference.split("-")[1:2] == ["S"] else "incident"
                    if rule.endpoint.startswith("vocabulary"):
                        values["name"] = "sectors"
                    wanted = {name: values.get(name, "1") for name in rule.arguments}
                    if rule.endpoint == "transparency.move":
                        wanted["name"] = "file"
                    if rule.endpoint == "accounts.edit_team" or rule.endpoint.startswith("recommendations."):
                        wanted |= {name: world.south.handle for name in ("handle",) if name in wanted}
                    address = app.url_for(rule.endpoint, **wanted)
                    found.append((rule.endpoint, address + records["asked"].get(rule.endpoint, "")))
    return sorted(found, key=lambda one: one[0] in ENDS_THE_VISIT)


def _uids(records, rule):
    """The parts that may stand in its address; of a room that is not known here, all of them."""
    if "uid" not in rule.arguments:
        return [""]
    known = records["uids"]
    return known.get(rule.endpoint.split(".")[0]) or [uid for uids in known.values() for uid in uids]


LETTERS = {"cases": "C", "timeline": "C", "people": "D", "incidents": "I", "proceedings": "P", "organisations": "O"}
LETTERS |= {
    "protection": "MRAW",
    "letters": "C",
    "contracts": "K",
    "evidence": "ISE",
    "transparency": "Q",
    "duplicates": "I",
}


def _fits(endpoint, reference):
    named = {"contracts.find_pair": "I"}.get(endpoint) or LETTERS.get(endpoint.split(".")[0])
    letters = "J" if "project" in endpoint else named
    return letters is None or reference.split("-")[1] in letters


class Watch:
    """Looks at everything that comes out, and says where a trace was."""

    def __init__(self):
        self.stream = io.StringIO()
        self.traces = list(TRACES)
        self.found = []

    def look(self, where, response):
        for each in (*response.history, response):
            self._find(where, f"{each.headers} {words_in(each.data)}")

    def look_at_the_log(self):
        self._find("the log", self.stream.getvalue())

    def _find(self, where, text):
        text = fold(text)
        self.found += [(where, trace) for trace in self.traces if trace in text]


def words_in(data):
    """Of a page, or of the files in an archive, and in the archives that stand in it."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return " ".join(f"{name} {words_in(archive.read(name))}" for name in archive.namelist())


@pytest.fixture
def watch():
    watching = Watch()
    handler = logging.StreamHandler(watching.stream)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield watching
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("who", ROLES)
def test_no_page_says_who_it_is(app, world, records, sign_in, watch, who):
    visitor = getattr(world, who)
    browser = sign_in(visitor)
    if who not in IN_FULL:
        watch.traces += [fold(CALLED), fold(IN_A_FILE)]
    seen = 0
    for endpoint, address in addresses(app, world, records, {"GET"}):
        if endpoint in ENDS_THE_VISIT:
            continue
        response = browser.client.get(address, follow_redirects=True)
        seen += response.status_code == 200
        watch.look((endpoint, address), response)

    watch.look_at_the_log()
    assert watch.found == []
    assert seen >= 5, "the visitor was let in nowhere: the test looked at nothing"


OPENED_ELSEWHERE = {
    "accounts.set_up", "accounts.sign_in", "imports.show", "imports.columns", "imports.values", "imports.map_of_upload",
    "imports.progress", "recommendations.preview",
}  # fmt: skip
"""For who is not signed in yet, and for who has uploaded a file."""


def test_the_walk_opens_every_route(app, world, records, sign_in):
    """A page that nobody of the walk is let into would say nothing of what stands in it."""
    visitors = [sign_in(getattr(world, who)) for who in ("caseworker", "coordinator", "administrator", "auditor")]
    closed = {}
    for endpoint, address in addresses(app, world, records, {"GET"}):
        if endpoint not in ENDS_THE_VISIT and closed.get(endpoint, True):
            answers = (browser.client.get(address, follow_redirects=True) for browser in visitors)
            closed[endpoint] = all(answer.status_code != 200 for answer in answers)

    assert {endpoint for endpoint, is_closed in closed.items() if is_closed} <= OPENED_ELSEWHERE


@pytest.mark.parametrize("who", ROLES)
def test_no_search_finds_anybody_by_who_they_are(app, world, records, sign_in, watch, who):
    """What is asked comes back in the field that asked it; so the record must be missing, not the words."""
    # An open alert names its incident on every page of a coordinator, whatever was asked.
    acknowledge(records["alert"], world.coordinator, "A call")
    db.session.commit()
    browser = sign_in(getattr(world, who))
    reference = records["person"].reference
    asked = ["quetzalina", "zyxwvut", "98127634", "canario", "955044318", "qhaway"]
    roots = ("/people/?text=", "/incidents/?q=", "/cases/?text=", "/organisations/?text=", "/proceedings/?text=")
    roots += ("/people/suggest?q=", "/people/alike?q=", "/work/find?q=", "/incidents/?case=&q=")
    found = []
    for root in roots:
        for word in asked:
            answer = browser.get(root + word)
            if answer.status_code in (200, 302) and any(
                each in answer.text + answer.headers.get("Location", "")
                for each in (reference, records["incident"].reference, "Heron")
            ):
                found.append(root + word)

    assert found == []


POSTED = {"reason": "A reason that is long enough", "move": "submit", "note": "Nothing", "name": "Heron", "q": "Heron"}


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "analyst", "stranger", "administrator", "auditor"])
def test_no_answer_to_a_form_says_who_it_is(app, world, records, sign_in, watch, who):
    """Every address that takes forms; only the one that shows an identity may, and only to who may ask."""
    browser = sign_in(getattr(world, who))
    if who not in IN_FULL:
        watch.traces.append(fold(IN_A_FILE))
    page = browser.get("/profile")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    for endpoint, address in addresses(app, world, records, {"POST"}):
        if endpoint in ENDS_THE_VISIT or endpoint == "people.show_identity" or endpoint.startswith("accounts."):
            continue
        response = browser.client.post(address, data={"csrf_token": token, **POSTED})
        watch.look((endpoint, address), response)

    watch.look_at_the_log()
    assert watch.found == []


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "analyst", "stranger"])
def test_exports_name_nobody(app, world, records, sign_in, watch, who):
    browser = sign_in(getattr(world, who))
    if who not in IN_FULL:
        watch.traces.append(fold(CALLED))

    incidents = browser.post("/incidents/export", form_at="/incidents/")
    proceedings = browser.post("/proceedings/export", form_at="/proceedings/")

    assert records["incident"].reference in incidents.text, "the export is empty: the test looked at nothing"
    watch.look("the incidents", incidents)
    watch.look("the proceedings", proceedings)
    watch.look_at_the_log()
    assert watch.found == []


def test_a_pack_for_the_review_names_nobody(app, world, records, sign_in, watch):
    watch.traces.append(fold(CALLED))
    wanted = {"country": "PER", "from": "2024-01-01", "to": "2024-12-31"}

    pack = sign_in(world.coordinator).post("/upr/", wanted, form_at="/upr/")

    assert pack.data.startswith(b"PK"), "no pack was made: the test looked at nothing"
    watch.look("the pack", pack)
    watch.look_at_the_log()
    assert watch.found == []


def test_a_revealed_identity_stands_in_that_answer_alone(app, world, records, sign_in, watch):
    """Neither in its address nor title, nor in the log, nor in what the auditor reads of it, nor in any later page."""
    person = records["person"]
    page = f"/people/{person.reference}"
    browser = sign_in(world.caseworker)

    shown = browser.post(f"{page}/identity/show", {"reason": REASON}, form_at=page)

    assert SECRETS["legal_name"] in shown.text and SECRETS["document"] in shown.text
    title = fold(re.search(r"(?s)<title>(.*?)</title>", shown.text)[1])
    assert not [trace for trace in TRACES if trace in title]
    assert "no-store" in shown.headers["Cache-Control"]
    watch.look("the page afterwards", browser.get(page))
    watch.look("the trail", sign_in(world.auditor).get("/audit/"))
    watch.look("the trail as a file", sign_in(world.auditor).post("/audit/export", form_at="/audit/"))
    watch.look_at_the_log()
    assert watch.found == []


def test_the_trail_and_the_search_columns_hold_nothing_of_it(app, world, records):
    kept = [str(row) for row in db.session.execute(select(AuditValue.old, AuditValue.new))]
    kept += [str(row) for row in db.session.execute(select(AuditEntry.columns, AuditEntry.reason))]
    for model in (type(records["person"]), type(records["incident"])):
        columns = (model.search_full, model.search_reduced)
        kept += [str(row) for row in db.session.execute(unguarded(select(*columns), "test"))]

    text = fold(" ".join(kept))
    assert [trace for trace in (*TRACES, fold(IN_A_FILE)) if trace in text] == []
