"""The timeline: one order out of what rooms know, narrowed, drawn, and shown as far as the reader may read."""

from datetime import date

import pytest
from flask import current_app
from sqlalchemy import select

from app.access import unguarded
from app.dates import UncertainDate
from app.db import db
from app.incidents.models import Involvement
from app.organisations.models import Organisation, Project
from app.proceedings.models import Accused, Measure, Stage
from app.timeline import moments
from app.timeline.moments import LANES, Moment, add_provider, counts, stretches_of, timeline_of
from app.timeline.picture import picture_of
from tests import factories


@pytest.fixture
def case(world):
    """Two incidents and three entries; one of them has no day. And another case that must stay out."""
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    an_incident = factories.an_incident
    an_incident(world.caseworker, case=case, title="An eviction", on=date(2022, 4, 27), state="VERIFIED")
    an_incident(world.caseworker, case=case, title="Some time in 2015", on=UncertainDate.in_year(2015))
    factories.an_entry(case, world.caseworker, "A judgment", on=date(2024, 7, 25))
    factories.an_entry(case, world.caseworker, "A contract", kind="contract", on=UncertainDate.in_month(2017, 10))
    factories.an_entry(case, world.caseworker, "A letter", kind="protection", on=UncertainDate(), is_public=True)
    other = factories.a_case(world.south, world.caseworker, title="Another case")
    an_incident(world.caseworker, case=other, title="Elsewhere")
    factories.an_entry(other, world.caseworker, "Elsewhere too")
    return case


def told(case, user, lane=None):
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        return timeline_of(case, user, lane)


def titles(case, user, lane=None):
    return [moment.title for moment in told(case, user, lane)]


def test_the_last_day_comes_first_and_what_has_none_last(world, case):
    assert titles(case, world.caseworker) == [
        "A judgment",
        "An eviction",
        "A contract",
        "Some time in 2015",
        "A letter",
    ]


def test_it_narrows_to_one_kind_and_the_counts_agree(world, case):
    everything = told(case, world.caseworker)

    assert counts(everything) == {"incidents": 2, "court": 1, "actions": 1, "contracts": 1}
    assert titles(case, world.caseworker, "incidents") == ["An eviction", "Some time in 2015"]
    assert titles(case, world.caseworker, "context") == []


def test_the_page_narrows_by_links_that_carry_their_count(world, sign_in, case):
    browser = sign_in(world.caseworker)

    everything = browser.get(f"/cases/{case.reference}/timeline").text
    contracts = browser.get(f"/cases/{case.reference}/timeline?kind=contracts").text
    unknown = browser.get(f"/cases/{case.reference}/timeline?kind=<script>").text

    assert "Contracts (1)" in everything and "All (5)" in everything
    assert "A contract</h3>" in contracts and "A judgment</h3>" not in contracts
    assert "A judgment</h3>" in unknown


def test_what_has_no_day_is_said_and_not_drawn(world, sign_in, case):
    page = sign_in(world.caseworker).get(f"/cases/{case.reference}").text

    assert "Without a date" in page
    assert page.index("Without a date") < page.index("A letter")


def test_a_withdrawn_incident_is_not_in_it(world, case):
    withdrawn = factories.an_incident(world.caseworker, case=case, title="A mistake")
    withdrawn.withdrawn_at = withdrawn.created_at
    db.session.commit()

    assert "A mistake" not in titles(case, world.caseworker)


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_without_identity_only_public_entries_and_titles_made_of_codes(world, case, who):
    seen = titles(case, getattr(world, who))

    assert "A letter" in seen
    assert len(seen) == 3
    assert not {"A judgment", "A contract", "An eviction", "Some time in 2015"} & set(seen)


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_no_private_word_is_on_the_page_of_a_reduced_reader(world, sign_in, case, who):
    incident = factories.an_incident(world.caseworker, case=case, title="Private title", narrative="Private story")
    incident.summary_en = "Private summary"
    incident.happened_text = "Private day"
    db.session.commit()
    browser = sign_in(getattr(world, who))

    for address in (f"/cases/{case.reference}", f"/cases/{case.reference}/timeline"):
        assert "Private" not in browser.get(address).text


def test_a_later_room_brings_its_own_moments(world, case, monkeypatch):
    monkeypatch.setattr("app.timeline.moments._providers", {})
    add_provider(
        "hearings", lambda case, user: [Moment("court", UncertainDate.on(date(2026, 1, 5)), "5 Jan 2026", "A hearing")]
    )

    assert titles(case, world.caseworker) == ["A hearing"]


def test_the_timeline_costs_the_same_number_of_statements_however_long(world, sign_in, case, statements):
    browser = sign_in(world.caseworker)
    with statements() as few:
        browser.get(f"/cases/{case.reference}/timeline")
    for number in range(12):
        factories.an_incident(world.caseworker, case=case, title=f"Incident {number}", place_id=factories.a_place().id)
        factories.an_entry(case, world.caseworker, f"Entry {number}")
    db.session.expire_all()

    with statements() as many:
        browser.get(f"/cases/{case.reference}/timeline")

    assert len(many) <= len(few) + 1  # the department of the first place


# --- the picture


def drawn(case, user):
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        return picture_of(timeline_of(case, user), date(2026, 11, 24))


def test_each_lane_has_a_sentence_and_what_is_uncertain_is_hatched(world, case):
    picture = drawn(case, world.caseworker)
    lanes = {str(lane.name): lane for lane in picture.lanes}

    assert lanes["Incidents"].sentence == "Incidents: 2, from 2015 to 27 Apr 2022. One is not dated to the day."
    assert [mark.shape for mark in lanes["Incidents"].marks] == ["open", "circle"]
    assert lanes["In court"].sentence == "In court: one, 25 Jul 2024."
    assert "Actions" not in lanes
    assert [year for year, _x in picture.years] == [str(year) for year in range(2015, 2027)]


def test_signs_stay_inside_the_picture_and_apart_from_each_other(world, case):
    for day in (27, 28, 29):
        factories.an_incident(world.caseworker, case=case, title="Again", on=date(2022, 4, day))

    marks = next(lane for lane in drawn(case, world.caseworker).lanes if lane.name == "Incidents").marks

    assert all(mark.x >= 0 and mark.x + mark.width <= 100 for mark in marks)
    assert {mark.row for mark in marks} == {0, 1, 2}


def test_a_single_day_is_not_drawn(world):
    lonely = factories.a_case(world.south, world.caseworker)
    factories.an_incident(world.caseworker, case=lonely)

    assert drawn(lonely, world.caseworker) is None


# --- incidents put into a case


def test_an_incident_without_a_case_is_put_into_one_by_its_reference(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    incident = factories.an_incident(world.caseworker, title="Loose")
    before = incident.version

    answer = sign_in(world.caseworker).post(
        f"/cases/{case.reference}/incidents", {"reference": incident.reference.lower()}
    )
    db.session.expire_all()

    assert answer.location.startswith(f"/cases/{case.reference}")
    assert incident.case_id == case.id
    assert incident.version > before


def test_an_incident_that_is_not_mine_or_has_a_case_is_not_put_into_mine(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    theirs = factories.an_incident(world.stranger)
    colleagues = factories.an_incident(world.colleague)
    taken = factories.an_incident(world.caseworker, case=factories.a_case(world.south, world.caseworker))
    browser = sign_in(world.caseworker)

    for reference, sentence in (
        (theirs.reference, "You have no incident with this reference."),
        (colleagues.reference, "You have no incident with this reference."),
        ("PER-I-00000", "You have no incident with this reference."),
        (taken.reference, "This incident belongs to another case"),
        ("", "Write the reference"),
    ):
        answer = browser.post(f"/cases/{case.reference}/incidents", {"reference": reference})
        assert (answer.status_code, sentence in answer.text) == (400, True)


# --- on the pages of people and organisations


def test_a_person_shows_the_incidents_that_the_reader_sees_and_no_others(world, sign_in):
    person = factories.a_person(world.caseworker)
    seen = factories.an_incident(world.caseworker, title="Seen", case=factories.a_case(world.south, world.caseworker))
    hidden = factories.an_incident(world.colleague, title="Hidden", case=factories.a_case(world.south, world.colleague))
    for incident in (seen, hidden):
        factories.a_victim(incident, person)

    page = sign_in(world.caseworker).get(f"/people/{person.reference}").text

    assert "Seen" in page and "Hidden" not in page
    assert hidden.reference not in page


def test_a_company_shows_the_incidents_that_the_reader_sees_and_no_others(world, sign_in):
    from sqlalchemy import select

    from app.access import unguarded
    from app.organisations.models import Organisation

    company = db.session.scalars(unguarded(select(Organisation).where(Organisation.external_id == "MMG"), "test")).one()
    seen = factories.an_incident(world.caseworker, title="Seen")
    hidden = factories.an_incident(world.stranger, title="Hidden")
    seen.companies.append(company)
    hidden.companies.append(company)
    db.session.commit()

    page = sign_in(world.caseworker).get(f"/organisations/{company.reference}").text

    assert "Seen" in page and "Hidden" not in page
    assert "1 incident<" in page


@pytest.mark.parametrize("who", ["analyst", "stranger"])
@pytest.mark.parametrize("named_as", ["company", "perpetrator", "project"])
def test_who_reads_without_identity_does_not_learn_which_company_or_project_an_incident_names(
    world, sign_in, who, named_as
):
    company = db.session.scalars(unguarded(select(Organisation).limit(1), "test")).unique().one()
    project = db.session.scalars(unguarded(select(Project).limit(1), "test")).unique().one()
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    incident = factories.an_incident(world.caseworker, case=case)
    if named_as == "company":
        incident.companies = [company]
    elif named_as == "perpetrator":
        incident.involvements = [Involvement(perpetrator_type="COMPANY", organisation=company)]
    else:
        incident.projects = [project]
    db.session.commit()
    address = f"/organisations/{'projects/' * (named_as == 'project')}"
    address += project.reference if named_as == "project" else company.reference

    reader, member = sign_in(getattr(world, who)), sign_in(world.caseworker)

    assert reader.get(f"/incidents/{incident.reference}").status_code == 200
    assert incident.reference not in reader.get(address).text
    assert "In no incident that you read in full." in reader.get(address).text
    assert incident.reference in member.get(address).text


def test_on_paper_what_nobody_has_reviewed_is_marked_and_not_given_to_who_reads_without_identity(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    factories.an_incident(world.caseworker, case=case, main_type="LAND.EVICT", state="DRAFT")
    factories.an_incident(world.caseworker, case=case, main_type="THR.DEATH", state="VERIFIED")
    address = f"/cases/{case.reference}"
    reader = sign_in(world.stranger)

    paper, screen = reader.post(f"{address}/summary").text, reader.get(address).text
    in_full = sign_in(world.caseworker).post(f"{address}/summary").text

    assert "Forced eviction" in screen and "Death threat" in paper
    assert "Forced eviction" not in paper
    assert "Forced eviction" in in_full and in_full.count("not yet reviewed") == 1


# --- what lasts


@pytest.fixture
def trial(world, case):
    """A proceeding that runs, with two persons held and a group that must report; one measure has ended."""
    proceeding = factories.a_proceeding(case, world.caseworker, "The trial of the square")
    accused = [
        Accused(person=factories.a_person(world.caseworker, pseudonym="Heron")),
        Accused(person=factories.a_person(world.caseworker, pseudonym="Plover")),
        Accused(group_label="Women of the square", count_least=3, count_most=5),
    ]
    proceeding.accused = accused
    for one in accused[:2]:
        held = Measure(measure="PE-PREV", limit_on=date(2023, 1, 31), proceeding_id=proceeding.id)
        held.started, held.ended = UncertainDate.on(date(2022, 5, 1)), UncertainDate.on(date(2022, 5, 10))
        one.measures = [held]
    report = Measure(measure="PE-COMP-R", limit_on=date(2023, 5, 1), proceeding_id=proceeding.id)
    report.started = UncertainDate.on(date(2022, 5, 1))
    accused[2].measures = [report]
    stage = Stage(stage="PRELIM", note="Private note")
    stage.entered = UncertainDate.on(date(2022, 4, 28))
    proceeding.stages = [stage]
    db.session.commit()
    return proceeding


def lasting(case, user):
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        return stretches_of(case, user)


def test_whom_the_same_measure_holds_over_the_same_days_stand_on_one_bar(world, case, trial):
    court, custody, limits = lasting(case, world.caseworker)

    assert (court.lane, court.begun, court.ended, court.runs) == ("court", "28 Apr 2022", "not over", True)
    assert (custody.lane, custody.begun, custody.ended) == ("custody", "1 May 2022", "10 May 2022")
    assert "2 persons" in custody.title and custody.lasted == "10 days"
    assert "3 to 5 persons" in limits.title and limits.lasted == ""
    assert limits.ended == "ordered until 1 May 2023; no end on record"


def test_a_bar_is_hatched_from_where_nothing_more_is_known(world, case, trial):
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        everything, bars = timeline_of(case, world.caseworker), stretches_of(case, world.caseworker)
        picture = picture_of(everything, date(2026, 11, 24), bars)
    lanes = {str(lane.name): lane for lane in picture.lanes}

    assert [mark.shape for mark in lanes["Custody"].marks] == ["held"]
    assert [mark.shape for mark in lanes["Other measures"].marks] == ["limit", "limit-open"]
    assert lanes["Other measures"].sentence.endswith("One has not ended.")
    assert {"line", "line-open", "square"} <= {mark.shape for mark in lanes["In court"].marks}
    for lane in picture.lanes:
        for mark in lane.marks:
            assert 0 <= mark.x <= 100 and mark.x + mark.width <= 100.01


def test_the_table_under_the_picture_says_what_the_bars_show(world, sign_in, case, trial):
    page = sign_in(world.caseworker).get(f"/cases/{case.reference}/timeline").text

    assert "What lasts" in page
    assert "10 days" in page and "ordered until 1 May 2023; no end on record" in page
    assert 'style="' not in page


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_who_reads_without_identity_sees_bars_without_names(world, sign_in, case, trial, who):
    page = sign_in(getattr(world, who)).get(f"/cases/{case.reference}/timeline").text

    assert trial.reference in page and "10 days" in page
    for word in ("square", "Heron", "Plover", "Women", "Private note"):
        assert word not in page


def test_the_end_of_custody_is_a_line_of_its_own(world, case, trial):
    ends = [one for one in told(case, world.caseworker, "custody") if one.title.startswith("End: ")]

    assert [(one.when, one.lane) for one in ends] == [("10 May 2022", "custody")]


def test_a_room_above_brings_a_lane_with_bars(world, case, monkeypatch):
    monkeypatch.setattr("app.timeline.moments.LANES", dict(LANES))
    monkeypatch.setattr("app.timeline.moments._stretches", {})
    monkeypatch.setattr("app.timeline.picture.LANES", moments.LANES)
    moments.add_lane("shelter", moments.Lane("Shelter", "prot", "bar", 15, lasts=True))
    begins = UncertainDate.on(date(2024, 1, 5))
    moments.add_stretches("shelter", lambda case, user: [moments.Stretch("shelter", begins, runs=True, begun="5 Jan")])

    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        everything = timeline_of(case, world.caseworker)
        picture = picture_of(everything, date(2026, 11, 24), moments.stretches_of(case, world.caseworker))

    assert [str(lane.name) for lane in picture.lanes][:2] == ["Incidents", "Shelter"]


def test_a_measure_of_protection_is_a_bar_hatched_while_nobody_answers(world, case):
    measure = factories.a_protection(case, world.caseworker, on=date(2024, 5, 2), body_text="The prefecture")
    factories.a_protection(case, world.caseworker, "ACTION")

    (one,) = lasting(case, world.caseworker)
    (seen,) = lasting(case, world.analyst)
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        picture = picture_of(timeline_of(case, world.caseworker), date(2026, 11, 24), [one])
    marks = {mark.shape for lane in picture.lanes for mark in lane.marks}

    assert (one.lane, one.begins.earliest, one.runs) == ("actions", date(2024, 5, 2), True)
    assert measure.reference in one.address and "The prefecture" in one.title
    assert "prefecture" not in seen.title
    assert {"care-open", "diamond"} <= marks
