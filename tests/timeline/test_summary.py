"""The case on paper: without names unless asked for with a reason; recorded with whom it told of."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.audit import AuditEntry
from app.db import db
from app.people.models import Export, ExportedPerson
from app.proceedings.models import Accused
from app.protection.models import Beneficiary
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

CANARY = "Quetzalina Zyx"
REASON = "The lawyer asks for the names"


@pytest.fixture
def people(world):
    """One by role, one by incident, one by proceeding, in a case; and one of another case who must stay out."""
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    heron = factories.a_person(world.caseworker, pseudonym="Heron", legal_name=CANARY)
    plover = factories.a_person(world.caseworker, pseudonym="Plover")
    ibis = factories.a_person(world.caseworker, pseudonym="Ibis", legal_name="Ibisa Zyx")
    elsewhere = factories.a_person(world.caseworker, pseudonym="Crane", legal_name="Craneo Zyx")
    factories.a_role(heron, case)
    incident = factories.an_incident(
        world.caseworker, case=case, title="An eviction", on=date(2022, 4, 27), state="VERIFIED"
    )
    factories.a_victim(incident, plover)
    factories.a_proceeding(case, world.caseworker, "A trial").accused = [Accused(person=ibis)]
    factories.an_entry(case, world.caseworker, "A hearing", citation="Told by Heron's sister")
    factories.an_entry(case, world.caseworker, "A ruling", citation="The gazette", url="https://example.org/gazette")
    factories.a_role(elsewhere, factories.a_case(world.south, world.caseworker, title="Another case"))
    db.session.commit()
    return {"case": case, "inside": [heron, plover, ibis], "named": [heron, ibis]}


def made(browser, people, **fields):
    return browser.post(f"/cases/{people['case'].reference}/summary", fields)


def exports():
    rows = db.session.scalars(unguarded(select(ExportedPerson).order_by(ExportedPerson.person_id), "the test looks"))
    return [(row.export.kind, row.person_id, row.is_named) for row in rows]


def revealed():
    statement = select(AuditEntry.row_id, AuditEntry.reason).where(AuditEntry.deed == "identity_revealed")
    return [
        tuple(row) for row in db.session.execute(unguarded(statement.order_by(AuditEntry.row_id), "the test looks"))
    ]


def test_without_asking_no_name_and_no_private_source_stands_in_it(world, sign_in, people):
    page = made(sign_in(world.caseworker), people).text

    assert all(word in page for word in ("Heron", "Plover", "Ibis", "An eviction", "A hearing", "The gazette"))
    assert "Zyx" not in page and "Crane" not in page and "Heron&#39;s sister" not in page
    assert "without identities" in page
    assert revealed() == []


def test_whom_it_told_of_is_on_record(world, sign_in, people):
    made(sign_in(world.caseworker), people)

    assert exports() == [("case_summary", person.id, False) for person in people["inside"]]
    assert "Case summary" in sign_in(world.caseworker).get(f"/people/{people['inside'][0].reference}").text


def test_with_a_reason_the_names_stand_in_it_and_are_on_record(world, sign_in, people):
    page = made(sign_in(world.caseworker), people, identities="with", reason=REASON).text

    assert CANARY in page and "Ibisa Zyx" in page and "Craneo" not in page
    assert "without identities" not in page
    assert revealed() == [(person.id, REASON) for person in people["named"]]
    named = {person.id for person in people["named"]}
    assert exports() == [("case_summary", person.id, person.id in named) for person in people["inside"]]


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_there_are_no_names_and_no_paper(world, sign_in, people, reason):
    answer = made(sign_in(world.caseworker), people, identities="with", reason=reason)

    assert answer.status_code == 400
    assert "Zyx" not in answer.text and "recorded with your name" in answer.text
    assert exports() == [] and revealed() == []
    assert db.session.scalar(unguarded(select(Export.id), "the test looks")) is None


@pytest.mark.parametrize("who", ["analyst", "stranger", "foreign_coordinator"])
def test_who_reads_without_identity_is_not_asked_and_gets_no_name_by_asking(world, sign_in, people, who):
    browser = sign_in(getattr(world, who))

    question = browser.get(f"/cases/{people['case'].reference}/summary").text
    page = made(browser, people, identities="with", reason=REASON).text

    assert 'name="identities"' not in question
    for word in ("Zyx", "An eviction", "A hearing", "sister"):
        assert word not in page
    assert revealed() == []


def test_a_colleague_of_the_team_who_may_not_ask_who_somebody_is_gets_no_name(world, sign_in, people):
    page = made(sign_in(world.colleague), people, identities="with", reason=REASON).text

    assert "Heron" in page and "Zyx" not in page


def test_a_get_shows_the_question_only(world, sign_in, people):
    page = sign_in(world.caseworker).get(f"/cases/{people['case'].reference}/summary").text

    assert 'name="identities"' in page and "Heron" not in page
    assert exports() == []


def test_whom_protection_is_about_is_in_it(world, sign_in, people):
    egret = factories.a_person(world.caseworker, pseudonym="Egret")
    factories.a_role(egret, people["case"]).role = "RELATIVE"
    measure = factories.a_protection(people["case"], world.caseworker)
    measure.beneficiaries = [Beneficiary(person=egret)]
    db.session.commit()

    assert "Egret" in made(sign_in(world.caseworker), people).text
    assert ("case_summary", egret.id, False) in exports()


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_who_reads_without_identity_is_not_told_who_is_protected_at_risk_or_accused(world, sign_in, who):
    """They know the three from another case; of this one its pages tell them codes, days and counts."""
    case = factories.a_case(world.south, world.caseworker, title="Hidden", confidentiality="NETWORK")
    known = factories.a_case(world.south, world.caseworker, title="Known", confidentiality="NETWORK")
    egret, stork, ibis, plover = (
        factories.a_person(world.caseworker, pseudonym=name) for name in ("Egret", "Stork", "Ibis", "Plover")
    )
    for person in (egret, stork, ibis):
        factories.a_role(person, known)
    factories.a_role(plover, case)  # a role in the case is told to whoever sees it
    factories.a_protection(case, world.caseworker).beneficiaries = [Beneficiary(person=egret)]
    factories.a_protection(case, world.caseworker, "RISK", group_label=None, person=stork)
    factories.a_proceeding(case, world.caseworker).accused = [Accused(person=ibis)]
    db.session.commit()

    page = sign_in(getattr(world, who)).post(f"/cases/{case.reference}/summary", {"identities": "without"})

    assert page.status_code == 200 and "Plover" in page.text
    assert not [name for name in ("Egret", "Stork", "Ibis") if name in page.text]
    assert exports() == [("case_summary", plover.id, False)]
    whole = sign_in(world.caseworker).post(f"/cases/{case.reference}/summary", {"identities": "without"}).text
    assert all(name in whole for name in ("Egret", "Stork", "Ibis", "Plover"))


def test_paper_tells_what_is_next_and_not_what_we_have_yet_to_do(world, sign_in, people):
    factories.an_incident(world.caseworker, case=people["case"], title="A rumour", state="DRAFT")
    promise = factories.a_protection(people["case"], world.caseworker, "COMMITMENT", asked="A police post")
    promise.next_on = date(2090, 5, 2)
    db.session.commit()
    browser = sign_in(world.caseworker)
    page = browser.get(f"/cases/{people['case'].reference}").text
    assert "complete it and send it to review" in page and "2 May 2090" in page

    paper = made(browser, people).text
    assert "2 May 2090" in paper and "complete it and send it to review" not in paper
    assert "what may be done with their information" not in paper
