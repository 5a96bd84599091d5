"""What we may do with what is known of a person: one rule, said in the same words wherever the person appears."""

import re
from datetime import date

import pytest
from flask_babel import force_locale

from app.dates import today
from app.db import db
from app.people.allowed import allowed
from app.people.models import Consent
from app.proceedings.models import Accused
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

ANSWERS = {
    (): "Not asked yet: statistics only",
    (("ALL", "C0"),): "Refused: internal only",
    (("ALL", "C1"),): "Internal only",
    (("ALL", "C2"),): "Statistics only",
    (("ALL", "C3"),): "Anonymous",
    (("ALL", "C4"),): "May be named",
    # Never more than what holds for each purpose.
    (("ALL", "C4"), ("PUBLICATION", "C1")): "Internal only",
    (("UPR", "C4"),): "Statistics only",
}


def a_person_who_answered(world, answers, pseudonym="Heron"):
    person = factories.a_person(world.caseworker, pseudonym=pseudonym)
    person.consents = [Consent(purpose=one, level=level, given_on=date(2024, 1, 1)) for one, level in answers]
    db.session.commit()
    return person


@pytest.mark.parametrize("answers", ANSWERS)
def test_a_glance_never_promises_more_than_the_answers(app, world, answers):
    person = a_person_who_answered(world, answers)

    with force_locale("en"):
        assert allowed(person).words == ANSWERS[answers]


def test_what_goes_further_for_one_purpose_is_said_too(app, world):
    found = allowed(a_person_who_answered(world, [("ALL", "C1"), ("UPR", "C3")]))

    assert found.further == [("UPR", "anonymised_public")]
    with force_locale("en"):
        assert "Universal Periodic Review: anonymous." in found.explained


def test_it_stands_wherever_the_person_appears(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    person = a_person_who_answered(world, [("ALL", "C3")])
    factories.a_role(person, case)
    incident = factories.an_incident(world.caseworker, case=case)
    factories.a_victim(incident, person)
    proceeding = factories.a_proceeding(case, world.caseworker)
    proceeding.accused = [Accused(person=person)]
    db.session.commit()
    browser = sign_in(world.caseworker)

    for address in ("/people/", f"/people/{person.reference}", f"/incidents/{incident.reference}",
                    f"/cases/{case.reference}", f"/proceedings/{proceeding.reference}"):  # fmt: skip
        badge = re.search(r'<span class="k k-3" title="([^"]+)"><b>C3</b>Anonymous</span>', browser.get(address).text)
        assert badge, address
        assert "without saying who it is" in badge[1]


def test_an_answer_that_has_ended_allows_nothing_more(app, world):
    person = a_person_who_answered(world, [("ALL", "C4")])
    person.consents[0].withdrawn_on = today()

    assert allowed(person).level is None
    assert allowed(person).reach == "aggregate_only"


def test_many_accused_cost_no_more_statements(world, sign_in, statements):
    case = factories.a_case(world.south, world.caseworker)
    proceeding = factories.a_proceeding(case, world.caseworker)
    proceeding.accused = [Accused(person=factories.a_person(world.caseworker, pseudonym="Heron", consent="C3"))]
    browser, address = sign_in(world.caseworker), f"/proceedings/{proceeding.reference}"
    browser.get(address)
    with statements() as few:
        browser.get(address)
    people = [factories.a_person(world.caseworker, pseudonym=f"Heron {each}", consent="C2") for each in range(12)]
    proceeding.accused += [Accused(person=person) for person in people]
    db.session.commit()

    with statements() as many:
        browser.get(address)

    assert len(many) <= len(few)
