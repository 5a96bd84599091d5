"""Before somebody is recorded twice: names that sound alike are asked about, among those whom one sees."""

import re

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.db import db
from app.people.models import CaseRole, Person
from app.people.near import likeness, people_like
from tests import factories

ALIKE = [
    ("Huamán", "Guaman"), ("Quispe", "Qquispe"), ("Ccari", "Qari"), ("Mamani Quispe", "Quispe Mamani"),
    ("Retama", "Retamas"), ("Retama", "Retama del Sur"), ("Person 1", "person 1"),
]  # fmt: skip
APART = [("Heron", "Crane"), ("Person 1", "Person 2"), ("La Retama", "La Totora"), ("Ichu", "Ayrampo"), ("", "Heron")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_sound_alike_are_taken_for_one(one, other):
    assert likeness(one, other) >= 84
    assert likeness(other, one) >= 84


@pytest.mark.parametrize(("one", "other"), APART)
def test_others_are_not(one, other):
    assert likeness(one, other) == 0


def an_alias(person, name):
    person.set_aliases([name])
    db.session.commit()


def test_only_people_whom_the_user_sees_are_offered_and_other_names_only_to_full_readers(world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    seen = factories.a_person(world.caseworker, pseudonym="Totora")
    factories.a_role(seen, case)
    an_alias(seen, "Huamán del puente")
    hidden = factories.a_person(world.colleague, pseudonym="Guamán")
    gone = factories.a_person(world.caseworker, pseudonym="Huaman")
    gone.withdraw(world.caseworker.id, "Recorded twice")
    db.session.commit()

    assert people_like(world.caseworker, "Guaman del puente") == [(seen, "Huamán del puente")]
    assert people_like(world.stranger, "Guaman del puente") == []
    assert people_like(world.stranger, "Totoras") == [(seen, "Totora")]
    assert people_like(world.colleague, "Huaman") == [(hidden, "Guamán"), (seen, "Huamán del puente")]


def test_the_legal_name_is_never_compared(world):
    factories.a_person(world.caseworker, pseudonym="Totora", legal_name="Quetzalina Zyx")

    assert people_like(world.caseworker, "Quetzalina Zyx") == []


def people():
    return db.session.scalar(unguarded(select(func.count(Person.id)), "test"))


def test_the_form_asks_before_a_second_record_is_made(world, sign_in):
    known = factories.a_person(world.caseworker, pseudonym="Huamán")
    factories.a_person(world.colleague, pseudonym="Guaman")  # not theirs to see
    browser = sign_in(world.caseworker)
    values = {"team_id": world.south.id, "pseudonym": "Guamán", "country": "PE", "note": "Do not lose this"}

    asked = browser.post("/people/new", values)

    assert asked.status_code == 400 and people() == 2
    assert "Is it one of these?" in asked.text and "Do not lose this" in asked.text
    assert re.findall(r'name="pseudonym-meant"[^>]*value="([^"]+)"', asked.text) == [known.reference, "NEW"]

    answered = {**values, "pseudonym-asked": "Guamán"}
    led = browser.post("/people/new", {**answered, "pseudonym-meant": known.reference})
    assert led.location == f"/people/{known.reference}" and people() == 2

    # What was said of one name says nothing of another.
    other = browser.post("/people/new", {**answered, "pseudonym": "Huaman", "pseudonym-meant": "NEW"})
    assert other.status_code == 400 and people() == 2

    made = browser.post("/people/new", {**answered, "pseudonym-meant": "NEW"})
    assert made.status_code == 303 and people() == 3


def test_from_a_case_the_one_on_record_is_put_into_it(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    known = factories.a_person(world.caseworker, pseudonym="Quispe")
    values = {"team_id": world.south.id, "pseudonym": "Qquispe", "role": "WITNESS", "pseudonym-asked": "Qquispe"}

    sign_in(world.caseworker).post(f"/people/new?case={case.reference}", {**values, "pseudonym-meant": known.reference})

    role = db.session.scalars(unguarded(select(CaseRole), "test")).one()
    assert (role.person_id, role.case_id, role.role) == (known.id, case.id, "WITNESS")


def incident_form(**values):
    lines = {"victims-0-who": "Qquispe", "victims-0-kind": "INDIVIDUAL", "victims-0-consent": "C1"}
    return {"title_es": "A threat", "save": "draft", "form_token": "t" * 43, **lines, **values}


def test_an_incident_asks_too_and_links_whom_one_chooses(world, sign_in):
    known = factories.a_person(world.caseworker, pseudonym="Quispe")
    browser = sign_in(world.caseworker)

    asked = browser.post("/incidents/new", incident_form(), follow=True)
    assert asked.status_code == 400 and people() == 1
    assert f"Quispe · {known.reference}" in asked.text
    values = {"victims-0-who-asked": "Qquispe", "victims-0-who-meant": known.reference, "form_token": "u" * 43}
    chosen = browser.post("/incidents/new", incident_form(**values), follow=True)

    assert chosen.status_code == 200 and people() == 1
    assert known.reference in chosen.text or "Quispe" in chosen.text


def test_whoever_is_chosen_from_the_suggestions_is_not_asked_about_again(world, sign_in):
    factories.a_person(world.caseworker, pseudonym="Quispe")
    factories.a_person(world.caseworker, pseudonym="Qquispe")
    browser = sign_in(world.caseworker)
    value = browser.get("/people/suggest?q=quispe").json[0]["value"]

    saved = browser.post("/incidents/new", incident_form(**{"victims-0-who": value}))

    assert saved.status_code == 303 and people() == 2


def test_an_incident_records_somebody_new_when_that_is_said(world, sign_in):
    factories.a_person(world.caseworker, pseudonym="Quispe")
    values = {"victims-0-who-asked": "Qquispe", "victims-0-who-meant": "NEW"}

    sign_in(world.caseworker).post("/incidents/new", incident_form(**values), follow=True)

    assert people() == 2


def test_while_typing_a_fragment_names_who_is_like_it(world, sign_in):
    factories.a_person(world.caseworker, pseudonym="Quispe")

    assert "Quispe" in sign_in(world.caseworker).get("/people/alike?q=Qquispe").text
    assert "Quispe" not in sign_in(world.colleague).get("/people/alike?q=Qquispe").text
    assert sign_in(world.analyst).get("/people/alike?q=Qquispe").status_code == 403
