"""Likely duplicates: found among what one reads in full, decided by a person, brought together, and taken apart."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.audit import AuditEntry, acting
from app.dates import UncertainDate
from app.db import ReasonMissing, db
from app.duplicates.finding import doubles_on_record, likely_doubles, likely_pairs, newest_ids
from app.duplicates.likeness import compare
from app.duplicates.merging import merge_incidents, unmerge
from app.duplicates.models import DIFFERENT, DuplicateDecision, IncidentMerge
from app.duplicates.tellings import Telling, name_sounds, place_words
from app.evidence.files import EvidenceFile
from app.incidents.models import Act, Incident
from app.merging import CannotMerge
from tests import factories
from tests.people.test_merging import everything

REASON = "Both reports tell of the same arrest"


def look(statement):
    return unguarded(statement, "the test looks")


def told(by, title, name=None, legal=None, on=date(2019, 3, 4), place="PE-030506", **values):
    """An incident with one person; *name* is the pseudonym, *legal* the legal name."""
    incident = factories.an_incident(by, title=title, on=on, main_type="LIB.ARB_DET", **values)
    if place:
        incident.place = factories.a_place(place)
    if name or legal:
        person = factories.a_person(by, team=incident.team, pseudonym=name or "Persona X7K2QA", legal_name=legal)
        factories.a_victim(incident, person)
    db.session.commit()
    return incident


@pytest.fixture
def two(world):
    """One arrest told by two sources, and another one that is not to be taken for it."""
    first = told(world.caseworker, "Detenida en el puente", legal="Quetzalina Zyx Huamán")
    second = told(world.caseworker, "Arresto de una dirigenta", legal="Huaman Zyx, Quetzalina", on=date(2019, 3, 5))
    told(world.caseworker, "Otra detención", legal="Retamina Wyv Condori")
    factories.a_source(first, "La Voz")
    factories.a_source(second, "Radio Dos")
    return first, second


def found_by(user):
    return [(pair.first_id, pair.second_id) for pair in likely_pairs(user, newest_ids(user))]


# --- what is alike -------------------------------------------------------------------------------


def telling(name="", day=date(2019, 3, 4), place="Mara, Cotabambas, Apurímac", **values):
    return Telling(
        key=name + str(day),
        happened=UncertainDate.on(day) if isinstance(day, date) else day,
        country="PE",
        places=place_words(place),
        finest=place.split(",")[0].casefold(),
        names=(name_sounds(name),) if name else (),
        **values,
    )


ALIKE = {
    "surnames first, no accents": telling("Huaman Quispe, Jose"),
    "one surname": telling("José Huamán"),
    "another spelling": telling("José Guamán Qquispe"),
    "the next day": telling("José Huamán Quispe", date(2019, 3, 5)),
    "day and month the other way round": telling("José Huamán Quispe", date(2019, 4, 3)),
    "the month only": telling("José Huamán Quispe", UncertainDate.in_month(2019, 3)),
    "the province only": telling("José Huamán Quispe", place="Cotabambas, Apurímac"),
}
UNLIKE = {
    "another victim of the event": telling("Rosa Condori Mamani"),
    "a namesake years later": telling("José Huamán Quispe", date(2014, 8, 1), "Iquitos, Maynas, Loreto"),
    "nobody is named, another day": telling("", date(2019, 3, 29)),
    "the first name only is shared": telling("José Condori Mamani"),
}


@pytest.mark.parametrize("how", ALIKE)
def test_one_event_told_otherwise_is_likely(how):
    assert compare(telling("José Huamán Quispe"), ALIKE[how]).is_likely


@pytest.mark.parametrize("how", UNLIKE)
def test_two_events_are_not(how):
    assert not compare(telling("José Huamán Quispe"), UNLIKE[how]).is_likely


# --- finding -------------------------------------------------------------------------------------


def test_the_same_people_place_and_time_are_found_and_nothing_else(world, two):
    first, second = two

    assert found_by(world.coordinator) == [(first.id, second.id)]
    assert [pair.second_id for pair in likely_doubles(world.coordinator, first)] == [second.id]


def test_what_one_does_not_read_in_full_is_compared_with_nothing(world, two):
    foreign = told(world.stranger, "Detenida allá", legal="Quetzalina Zyx Huamán")
    ours = {incident.id for incident in two}

    assert found_by(world.stranger) == []
    assert likely_doubles(world.stranger, foreign) == []
    assert found_by(world.analyst) == []
    assert {id_ for pair in found_by(world.coordinator) for id_ in pair} == ours


def test_people_without_a_name_are_never_taken_for_one_another(world):
    told(world.caseworker, "Uno", name="Persona X7K2QA")
    told(world.caseworker, "Otro", name="Persona X7K2QA", on=date(2019, 3, 6), place="PE-200101")

    assert found_by(world.coordinator) == []


def test_rows_of_a_sheet_are_compared_with_the_records_and_with_one_another(world, two):
    rows = [telling("Quetzalina Zyx"), telling("Zyx Quetzalina", date(2019, 3, 5)), telling("Nadie Más")]

    found = doubles_on_record(world.coordinator, rows)

    assert {key for key, _likeness in found[rows[0].key]} == {rows[1].key, two[0].id, two[1].id}
    assert rows[2].key not in found
    assert doubles_on_record(world.stranger, rows[:1]) == {}


# --- the queue -----------------------------------------------------------------------------------


def test_the_queue_shows_both_side_by_side_and_never_the_name(world, two, sign_in):
    page = unescape(sign_in(world.coordinator).get("/duplicates/").text)

    assert all(incident.reference in page for incident in two)
    assert "La Voz" in page and "Radio Dos" in page
    assert "a name sounds the same" in page and "a day or two apart" in page
    assert "Zyx" not in page and "Otra detención" not in page


def test_what_is_different_leaves_the_queue_until_it_is_opened_again(world, two, sign_in):
    browser = sign_in(world.caseworker)
    both = {"first": two[0].reference, "second": two[1].reference}

    answer = browser.post("/duplicates/decide", both | {"verdict": "DIFFERENT"}, form_at="/duplicates/")
    browser.get("/profile")  # reads what was said of it
    empty, decided = browser.get("/duplicates/").text, browser.get("/duplicates/decided").text
    browser.post("/duplicates/open-again", both, form_at="/duplicates/decided")

    assert answer.status_code == 303
    assert two[0].reference not in empty and two[0].reference in decided
    assert two[0].reference in browser.get("/duplicates/").text
    assert db.session.scalars(look(select(DuplicateDecision))).all() == []


def test_what_is_put_off_waits_on_its_own_page(world, two, sign_in):
    browser = sign_in(world.caseworker)
    both = {"first": two[1].reference, "second": two[0].reference, "verdict": "LATER"}
    browser.post("/duplicates/decide", both, form_at="/duplicates/")
    browser.get("/profile")  # reads what was said of it

    assert two[0].reference not in browser.get("/duplicates/").text
    assert two[0].reference in browser.get("/duplicates/?show=later").text


def test_nobody_decides_on_what_is_not_theirs(world, two, sign_in):
    foreign = told(world.stranger, "Detenida allá")
    strangers = sign_in(world.foreign_coordinator)

    for first, second in ((two[0], two[1]), (foreign, two[0])):
        both = {"first": first.reference, "second": second.reference, "verdict": "DIFFERENT"}
        assert strangers.post("/duplicates/decide", both, form_at="/duplicates/").status_code == 404
        pair = {"kept": first.reference, "gone": second.reference}
        assert strangers.get("/duplicates/merge", query_string=pair).status_code == 404
    page = strangers.get("/duplicates/").text
    assert not any(incident.reference in page for incident in two)
    assert "(0)" in page
    assert db.session.scalars(look(select(DuplicateDecision))).all() == []


def test_the_decision_of_others_is_seen_by_who_reads_both_in_full(world, two, sign_in):
    db.session.add(DuplicateDecision(first_id=two[0].id, second_id=two[1].id, verdict=DIFFERENT))
    db.session.commit()

    assert two[0].reference in sign_in(world.coordinator).get("/duplicates/decided").text
    assert two[0].reference not in sign_in(world.foreign_coordinator).get("/duplicates/decided").text


def test_from_the_page_of_an_incident_one_looks_for_its_doubles(world, two, sign_in):
    browser, address = sign_in(world.coordinator), f"/duplicates/of/{two[0].reference}"

    assert address in browser.get(f"/incidents/{two[0].reference}").text
    page = browser.get(address).text
    assert two[1].reference in page and "Otra detención" not in unescape(page)
    assert sign_in(world.foreign_coordinator).get(address).status_code == 404
    assert address not in sign_in(world.analyst).get(f"/incidents/{two[0].reference}").text


# --- brought together ----------------------------------------------------------------------------


def together(world, kept, gone, choices=None, reason=REASON):
    with acting(world.coordinator.id):
        merge = merge_incidents(world.coordinator, kept, gone, choices or {}, reason)
        db.session.commit()
    return merge


def test_both_sources_stand_by_the_one_that_stays(world, two, sign_in):
    kept, gone = two
    factories.a_file(gone, world.caseworker)
    for incident, kind in ((kept, "PNP"), (gone, "PNP"), (gone, "PRIV_SEC")):
        factories.a_perpetrator(incident, kind)
    browser = sign_in(world.coordinator)
    form_at = f"/duplicates/merge?kept={kept.reference}&gone={gone.reference}"
    page = unescape(browser.get(form_at).text)
    versions = dict(re.findall(r'name="(kept_version|gone_version)"[^>]*value="(\d+)"', page))

    answer = browser.post(
        "/duplicates/merge",
        {"kept": kept.reference, "gone": gone.reference, "reason": REASON, "fact-title": "gone", **versions},
        form_at=form_at,
    )
    db.session.expire_all()

    assert "May be one person" in page and "Zyx" not in page
    assert answer.status_code == 303, answer.text
    assert sorted(link.source.citation for link in kept.source_links) == ["La Voz", "Radio Dos"]
    assert kept.title_in("es") == "Arresto de una dirigenta"
    assert [one.perpetrator_type for one in kept.involvements] == ["PNP", "PRIV_SEC"]
    assert db.session.scalars(look(select(EvidenceFile.holder_id))).all() == [kept.id]
    assert len(kept.acts) == 2
    assert gone.is_withdrawn and kept.reference in gone.withdrawal_reason
    assert found_by(world.coordinator) == []
    assert gone.reference in browser.get(f"/incidents/{kept.reference}").text


@pytest.mark.parametrize(("theirs", "language"), [("es", "es"), (None, "es"), ("en", None)])
def test_two_narratives_beside_each_other_are_in_the_language_of_both(world, two, theirs, language):
    kept, gone = two
    kept.narrative, kept.language = "La llevaron al puente", "es"
    gone.narrative, gone.language = "Como a las tres", theirs
    db.session.commit()

    together(world, kept, gone, {"narrative": "both"})

    assert (kept.narrative, kept.language) == ("La llevaron al puente\n\nComo a las tres", language)


def test_taken_back_everything_is_as_it_was(world, two):
    kept, gone = two
    factories.a_victim(gone, group="28 comuneros", affected_least=28)
    factories.a_file(gone, world.caseworker)
    before = everything()
    merge = together(world, kept, gone, {"narrative": "gone", "place": "gone"})

    with acting(world.coordinator.id):
        stayed = unmerge(world.coordinator, merge)
        db.session.commit()
    db.session.expire_all()
    after = everything()

    assert stayed == 0
    assert {name: rows for name, rows in after.items() if rows != before[name] and name != "incident_merge"} == {}
    assert len(found_by(world.coordinator)) == 1


def test_nobody_is_counted_twice_and_nobody_without_a_name_is_lost_or_made_one(world):
    kept, gone = told(world.caseworker, "Uno", name="Heron"), told(world.caseworker, "Dos")
    heron = kept.acts[0].person
    factories.a_victim(kept, group="los marchantes", affected_least=20)
    factories.a_victim(gone, heron)
    factories.a_victim(gone, group="los marchantes", affected_least=25)
    factories.a_victim(gone, factories.a_person(world.caseworker, pseudonym="Persona A1"), killed_least=1)
    factories.a_victim(gone, factories.a_person(world.caseworker, pseudonym="Persona A2"), killed_least=1)

    together(world, kept, gone)
    db.session.expire_all()

    assert [act.person.pseudonym for act in kept.acts if act.person] == ["Heron", "Persona A1", "Persona A2"]
    assert (kept.counted("affected"), kept.counted("killed")) == ((20, 20), (None, None))


def test_a_reviewed_record_goes_back_to_review_when_a_key_fact_changes(world, two):
    kept, gone = two
    kept.state = "CORROBORATED"
    db.session.commit()

    together(world, kept, gone, {"happened": "gone"})

    assert kept.state == "IN_REVIEW"
    assert REASON in kept.reviews[-1].note


@pytest.mark.parametrize("what", ["itself", "another team", "no reason", "withdrawn"])
def test_what_cannot_be_brought_together_changes_nothing(world, two, what):
    kept, gone = two
    reason = REASON
    if what == "itself":
        gone = kept
    elif what == "another team":
        gone = told(world.stranger, "Allá")
    elif what == "no reason":
        reason = "yes"
    else:
        gone.withdrawn_at = gone.created_at
        db.session.commit()
    before = everything()

    with pytest.raises((CannotMerge, ReasonMissing)):
        together(world, kept, gone, reason=reason)
    db.session.rollback()

    assert everything() == before


def test_a_form_that_is_older_than_the_record_changes_nothing(world, two, sign_in):
    kept, gone = two
    browser = sign_in(world.coordinator)
    form = {"kept": kept.reference, "gone": gone.reference, "reason": REASON, "kept_version": "0", "gone_version": "0"}

    answer = browser.post(
        "/duplicates/merge", form, form_at=f"/duplicates/merge?kept={kept.reference}&gone={gone.reference}"
    )

    assert answer.status_code == 400
    assert "Somebody changed one of them meanwhile" in answer.text
    assert db.session.scalars(look(select(IncidentMerge))).all() == []


def test_it_stands_in_the_trail_without_a_name(world, two):
    together(world, *two)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "incidents_merged")).all()

    assert [entry.reference for entry in entries] == [two[0].reference]
    assert "Zyx" not in repr([(entry.columns, entry.reason) for entry in entries])


def test_a_caseworker_does_not_bring_records_together(world, two, sign_in):
    page = sign_in(world.caseworker).get(f"/duplicates/merge?kept={two[0].reference}&gone={two[1].reference}")

    assert page.status_code == 403
    assert db.session.scalars(look(select(Act.incident_id).where(Act.incident_id == two[0].id))).all() != []
    assert db.session.scalars(look(select(Incident.id).where(Incident.withdrawn_at.is_not(None)))).all() == []
