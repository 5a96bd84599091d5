"""A caseworker keeps a proceeding: opens it, accuses many at once, moves it on; what does not fit asks for a reason."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.audit import AuditEntry
from app.db import db, now
from app.people.models import Person
from app.proceedings.models import Proceeding
from tests import factories
from tests.factories import a_proceeding

OPENED = {"direction": "AGAINST", "kind": "CRIMINAL", "title_es": "Juicio", "facts": "9/2015"}


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


@pytest.fixture
def proceeding(world, case):
    return a_proceeding(case, world.caseworker)


def one():
    return db.session.scalars(unguarded(select(Proceeding), "the test looks")).one()


def address(proceeding, end=""):
    return f"/proceedings/{proceeding.reference}{end}"


def accuse(browser, proceeding, *names, **values):
    return browser.post(
        address(proceeding, "/accused/new"), {"pseudonyms": "\n".join(names), "role": "ACCUSED", **values}
    )


def test_a_proceeding_is_opened_in_its_case(browser, case, world):
    court = factories.an_organisation("Juzgado Colegiado de Bagua", kind="COURT")
    given = {**OPENED, "court": "juzgado colegiado de bagua", "complainant": "La mina", "reparation": "S/"}

    refused = browser.post(f"/proceedings/new?case={case.reference}", given)
    assert refused.status_code == 400 and "in figures" in refused.text and "La mina" in refused.text

    given |= {"reparation": "50 000", "reparation_currency": "PEN", "sentence_years": "8"}
    assert browser.post(f"/proceedings/new?case={case.reference}", given).status_code == 303

    found = one()
    assert (found.case_id, found.team_id, found.court_id) == (case.id, world.south.id, court.id)
    assert (found.complainant_text, found.reparation_amount) == ("La mina", 5_000_000)
    assert found.facts.precision == "MONTH" and found.reference.split("-")[1] == "P"
    page = browser.get(address(found)).text
    assert "S/\u00a050\u00a0000" in page and "8 years" in page
    assert f'href="{address(found)}"' in browser.get(f"/cases/{case.reference}").text


def test_the_same_form_sent_twice_opens_one(browser, case):
    for _time in range(2):
        browser.post(f"/proceedings/new?case={case.reference}", {**OPENED, "form_token": "the same"})

    assert one().title_es == "Juicio"


@pytest.mark.parametrize("typed", ["5/20255", "1850", "22/10/3024", "yesterday", "2016 – 2015"])
def test_a_year_that_cannot_be_is_a_clear_error_and_nothing_is_lost(browser, case, typed):
    answer = browser.post(f"/proceedings/new?case={case.reference}", {**OPENED, "facts": typed})

    assert answer.status_code == 400 and f'value="{typed}"' in answer.text and 'value="Juicio"' in answer.text
    assert 'href="#facts"' in answer.text


def test_fifty_two_accused_are_pasted_at_once(browser, world, case, proceeding):
    heron = factories.a_person(world.caseworker, pseudonym="Garza")
    names = [f"{number}. Acusado {number}" for number in range(1, 52)]

    answer = accuse(browser, proceeding, "garza", *names, "Acusado 1")

    assert answer.status_code == 303
    assert len(proceeding.accused) == 52
    assert proceeding.accused[0].person_id == heron.id
    everybody = select(func.count()).select_from(Person)
    assert db.session.scalar(unguarded(everybody, "the test counts")) == 52
    page = browser.get(address(proceeding)).text
    assert "Acusado 51" in page and "52 accused" in page
    assert "Acusado 51" in browser.get(f"/cases/{case.reference}").text


def test_a_page_with_many_accused_asks_the_database_no_more_often(browser, proceeding, statements):
    accuse(browser, proceeding, "One")
    with statements() as few:
        browser.get(address(proceeding))
    accuse(browser, proceeding, *(f"Name {number}" for number in range(30)))
    with statements() as many:
        browser.get(address(proceeding))

    assert len(many) <= len(few)


def test_who_is_accused_already_is_not_accused_twice(browser, proceeding):
    accuse(browser, proceeding, "Uno", "Dos")
    accuse(browser, proceeding, "Uno", "Tres")

    assert [row.name for row in proceeding.accused] == ["Uno", "Dos", "Tres"]


def test_a_pseudonym_that_two_bear_is_not_guessed(browser, world, proceeding):
    for _time in range(2):
        factories.a_person(world.caseworker, pseudonym="Lluvia")

    answer = accuse(browser, proceeding, "Lluvia", "Otra")

    assert answer.status_code == 400 and "More than one person" in answer.text and "Otra" in answer.text
    assert proceeding.accused == []


def test_a_person_of_another_team_is_never_taken(browser, world, proceeding):
    theirs = factories.a_person(world.stranger, pseudonym="Garza")

    accuse(browser, proceeding, "Garza")

    assert proceeding.accused[0].person_id != theirs.id


def test_charges_and_outcomes_go_to_those_ticked(browser, proceeding):
    accuse(browser, proceeding, "Uno", "Dos", "Tres")
    first, second, third = (str(row.uid) for row in proceeding.accused)

    browser.post(address(proceeding, "/charges/new"), {"offence": "PE-CP-315", "accused": [first, second]})
    browser.post(address(proceeding, "/outcome"), {"outcome": "ACQUITTED", "accused": [second, third]})

    assert [row.outcome for row in proceeding.accused] == [None, "ACQUITTED", "ACQUITTED"]
    assert [[charge.outcome for charge in row.charges] for row in proceeding.accused] == [[None], ["ACQUITTED"], []]
    assert browser.post(address(proceeding, "/outcome"), {"outcome": "ACQUITTED"}).status_code == 400


def test_an_offence_that_was_not_in_force_asks_for_a_reason(browser, world, case):
    proceeding = a_proceeding(case, world.caseworker, facts_from=date(2015, 9, 28), facts_to=date(2015, 9, 28))
    accuse(browser, proceeding, "Uno")
    given = {"offence": "PE-CP-315B", "accused": str(proceeding.accused[0].uid)}

    answer = browser.post(address(proceeding, "/charges/new"), given)
    assert answer.status_code == 400 and "is in force since 5 Dec 2023" in answer.text and not proceeding.charges

    browser.post(address(proceeding, "/charges/new"), {**given, "doubts_reason": "So it stands in the indictment"})
    assert (proceeding.charges[0].doubts, proceeding.charges[0].doubts_reason) == (
        ["not_in_force"],
        "So it stands in the indictment",
    )
    assert "So it stands in the indictment" in browser.get(address(proceeding)).text


@pytest.mark.parametrize(
    ("stage", "entered", "rule"),
    [
        ("CASSATION", "2020", "usually comes"),
        ("TRIAL", "2018", "was entered on"),
        ("TRIAL", "1990", "before the facts"),
    ],
)
def test_a_stage_that_does_not_fit_is_saved_only_with_a_reason(browser, world, case, stage, entered, rule):
    proceeding = a_proceeding(case, world.caseworker, facts_from=date(2015, 1, 1), facts_to=date(2015, 1, 1))
    browser.post(address(proceeding, "/stages/new"), {"stage": "FORMAL", "entered": "5/2019"})
    given = {"stage": stage, "entered": entered, "note": "What I wrote"}

    answer = browser.post(address(proceeding, "/stages/new"), given)
    assert answer.status_code == 400 and rule in answer.text and "What I wrote" in answer.text
    assert browser.post(address(proceeding, "/stages/new"), {**given, "doubts_reason": "so"}).status_code == 400
    assert len(proceeding.stages) == 1

    browser.post(address(proceeding, "/stages/new"), {**given, "doubts_reason": "The judgment says so."})
    assert len(proceeding.stages) == 2 and proceeding.stages[1].doubts_reason == "The judgment says so."


def test_what_was_closed_is_reopened_as_a_new_stage(browser, proceeding):
    for stage, year in (("PRE", 2012), ("CLOSED", 2013)):
        browser.post(address(proceeding, "/stages/new"), {"stage": stage, "entered": year})
    given = {"stage": "FORMAL", "entered": "2014", "doubts_reason": "New testimony came up."}

    browser.post(address(proceeding, "/stages/new"), given)

    assert [row.stage for row in proceeding.stages_in_order] == ["PRE", "CLOSED", "FORMAL"]
    assert proceeding.current_stage == "FORMAL" and proceeding.stages[2].doubts == ["reopened"]


def test_a_stage_is_mended_and_taken_out(browser, proceeding):
    browser.post(address(proceeding, "/stages/new"), {"stage": "TRIAL", "entered": "2019"})
    stage = proceeding.stages[0]
    form = address(proceeding, f"/stages/{stage.uid}/edit")

    browser.post(form, {"stage": "APPEAL", "entered": "2019", "version": stage.version})
    assert (stage.stage, proceeding.current_stage, stage.entered.precision) == ("APPEAL", "APPEAL", "YEAR")
    assert browser.post(form, {"stage": "TRIAL", "entered": "2019", "version": "1"}).status_code == 409

    browser.post(address(proceeding, f"/parts/{stage.uid}/erase"), form_at=form)
    assert proceeding.stages == [] and proceeding.current_stage is None


def test_a_measure_longer_than_the_law_allows_asks_for_a_reason(browser, proceeding):
    accuse(browser, proceeding, "Uno")
    given = {
        "measure": "PE-PREV",
        "started": "1/3/2019",
        "limit_on": "1/3/2022",
        "accused": str(proceeding.accused[0].uid),
    }

    answer = browser.post(address(proceeding, "/measures/new"), given)
    assert answer.status_code == 400 and "until 1 Dec 2019" in answer.text and "NCPP 272" in answer.text

    proceeding.complexity = "ORGANISED"
    assert browser.post(address(proceeding, "/measures/new"), given).status_code == 303


def test_days_in_custody_are_counted_and_a_measure_ends(browser, proceeding):
    accuse(browser, proceeding, "Uno")
    given = {"measure": "PE-PREV", "started": "30/5/2012", "accused": str(proceeding.accused[0].uid)}
    browser.post(address(proceeding, "/measures/new"), given)
    measure = proceeding.measures[0]
    assert "The law allows until" in browser.get(address(proceeding)).text

    form = address(proceeding, f"/measures/{measure.uid}/edit")
    given = {"measure": "PE-PREV", "started": "30/5/2012", "ended": "13/7/2012", "version": measure.version}
    assert browser.post(form, given).status_code == 303

    page = browser.get(address(proceeding)).text
    assert "45 days" in page and "The law allows until" not in page
    assert browser.post(form, {**given, "ended": "1/5/2012", "version": measure.version}).status_code == 400


def test_a_measure_is_extended(browser, proceeding):
    accuse(browser, proceeding, "Uno")
    given = {"measure": "PE-PREV", "started": "1/1/2024", "limit_on": "1/10/2024"}
    browser.post(address(proceeding, "/measures/new"), {**given, "accused": str(proceeding.accused[0].uid)})
    form = address(proceeding, f"/measures/{proceeding.measures[0].uid}/extend")

    assert browser.post(form, {"until_on": "1/6/2026"}).status_code == 400
    assert browser.post(form, {"until_on": "1/6/2025"}).status_code == 303

    assert proceeding.measures[0].holds_until == date(2025, 6, 1)


def test_a_hearing_that_is_called_stands_first(browser, proceeding, case):
    given = {"held_on": "3/5/2099", "held_at": "9:30", "kind": "TRIAL", "place": "Sala 2"}

    assert browser.post(address(proceeding, "/hearings/new"), {**given, "held_on": "3/5/20255"}).status_code == 400
    assert browser.post(address(proceeding, "/hearings/new"), given).status_code == 303

    for page in (address(proceeding), f"/cases/{case.reference}"):
        text = browser.get(page).text
        assert text.index("3 May 2099") > text.index("What is next") and "09:30" in text


def test_an_unusual_number_is_kept_with_a_warning(browser, proceeding):
    usual = {"number_type": "EXPEDIENTE", "number": "01247-2023-0-0401-JR-PE-01"}
    assert "please check" not in browser.post(address(proceeding, "/numbers"), usual, follow=True).text

    page = browser.post(address(proceeding, "/numbers"), {**usual, "number": "253-2015"}, follow=True)

    assert "please check" in page.text and [one.number for one in proceeding.numbers][1] == "253-2015"
    assert browser.post(address(proceeding, "/numbers"), {**usual, "number": "1\ue000"}).status_code == 400


def test_the_checklist_keeps_its_answers(browser, proceeding):
    given = {"INTERPRETER-answer": "NO", "INTERPRETER-source": "Court file", "PROMPT-answer": ""}

    browser.post(address(proceeding, "/checklist"), given)
    assert [(row.point, row.answer) for row in proceeding.answers] == [("INTERPRETER", "NO")]

    browser.post(address(proceeding, "/checklist"), {"INTERPRETER-answer": ""})
    assert proceeding.answers == []


def test_the_list_is_narrowed_and_exported_alike(browser, world, case):
    mine = a_proceeding(case, world.caseworker, title="Bagua", outcome="ACQUITTED")
    other = a_proceeding(case, world.caseworker, title="Espinar", direction="ACCOUNTABILITY")
    browser.post(address(mine, "/stages/new"), {"stage": "TRIAL", "entered": "2016"})

    for wish in ({"text": "bagua"}, {"direction": "AGAINST"}, {"stage": "TRIAL"}, {"outcome": "ACQUITTED"}):
        for page in (browser.get("/proceedings/", query_string=wish), browser.post("/proceedings/export", wish)):
            assert mine.reference in page.text and other.reference not in page.text
    taken = select(AuditEntry).where(AuditEntry.deed == "export_taken")
    assert "bagua" not in str([entry.columns for entry in db.session.scalars(taken)])


def test_withdrawn_it_leaves_list_case_and_timeline_and_comes_back(browser, proceeding, case):
    browser.post(address(proceeding, "/stages/new"), {"stage": "TRIAL", "entered": "2016"})
    browser.post(address(proceeding, "/withdraw"), {"reason": "Twice"}, form_at=address(proceeding))

    for page in ("/proceedings/", f"/cases/{case.reference}", f"/cases/{case.reference}/timeline"):
        assert proceeding.reference not in browser.get(page).text
    assert browser.get(address(proceeding, "/edit")).status_code == 409
    browser.post(address(proceeding, "/restore"), form_at=address(proceeding))
    assert proceeding.reference in browser.get("/proceedings/").text


def test_stages_and_hearings_stand_in_the_timeline(browser, proceeding, case):
    browser.post(address(proceeding, "/stages/new"), {"stage": "TRIAL", "entered": "2016", "outcome": "ACQUITTED"})

    page = browser.get(f"/cases/{case.reference}/timeline?kind=court").text

    assert "Trial · Acquitted: A trial" in page and f"{address(proceeding)}#stages" in page


def test_the_history_tells_what_was_done(browser, proceeding):
    accuse(browser, proceeding, "Uno", "Dos", "Tres", "Cuatro")
    browser.post(address(proceeding, "/stages/new"), {"stage": "TRIAL", "entered": "2016"})

    page = browser.get(address(proceeding, "/history")).text

    assert "made the record" in page and "and 1 more" in page and "wrote down stage: “Trial · 2016”" in page


def test_a_new_pseudonym_is_found_at_once(browser, world, proceeding):
    accuse(browser, proceeding, "Uno")
    proceeding.accused[0].person.pseudonym = "Ñandú"
    db.session.commit()

    assert proceeding.reference in browser.get("/proceedings/?text=nandu").text


def test_two_who_change_it_lose_nothing(browser, proceeding):
    version = proceeding.version
    browser.post(address(proceeding, "/edit"), {**OPENED, "version": version, "notes": "First"})

    answer = browser.post(address(proceeding, "/edit"), {**OPENED, "version": version, "notes": "Second"})

    assert answer.status_code == 409 and "First" in answer.text and "Second" in answer.text


def test_a_persons_page_shows_their_proceedings(browser, proceeding):
    accuse(browser, proceeding, "Uno")

    assert proceeding.reference in browser.get(f"/people/{proceeding.accused[0].person.reference}").text


def test_nothing_is_written_into_a_case_that_was_withdrawn(browser, world, case, proceeding):
    case.withdrawn_at = now()
    db.session.commit()

    assert browser.post(f"/proceedings/new?case={case.reference}", OPENED).status_code == 409
    assert browser.post(address(proceeding, "/stages/new"), {"stage": "TRIAL"}).status_code == 409
    assert "Enter a stage" not in browser.get(address(proceeding)).text


@pytest.mark.parametrize("blank", ["\t", " "])
def test_a_blank_is_no_way_past_what_a_list_offers(browser, proceeding, blank):
    accused = a_proceeding_with_one_accused(browser, proceeding)
    posts = {
        "/charges/new": {"offence": "PE-CP-315", "participation": blank, "accused": accused},
        "/outcome": {"outcome": blank, "accused": accused},
        "/stages/new": {"stage": "PRELIM", "outcome": blank},
        "/hearings/new": {"held_on": "1/3/2020", "kind": blank},
        "/edit": {**OPENED, "version": "1", "complexity": blank},
    }

    for end, posted in posts.items():
        assert browser.post(address(proceeding, end), posted).status_code == 400, end


def test_a_blank_before_them_lets_no_strange_codes_in(browser, case):
    posted = {**OPENED, "criminalisation_forms": [" ", "NOT-A-CODE"]}

    assert browser.post(f"/proceedings/new?case={case.reference}", posted).status_code == 400


def a_proceeding_with_one_accused(browser, proceeding):
    browser.post(address(proceeding, "/accused/new"), {"pseudonyms": "Heron", "role": "ACCUSED"})
    return str(proceeding.accused[0].uid)
