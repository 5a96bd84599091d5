"""The list of incidents: each filter, the order, the counters, and rows that must not appear."""

from datetime import date

import pytest

from app.access import count
from app.accounts.models import User
from app.dates import UncertainDate
from app.db import db, now
from app.incidents.models import Act
from app.incidents.queries import GAPS, ORDERS, Wish, incidents_found, shown_title
from tests import factories


def found(user, **wish):
    return {incident.title_en for incident in db.session.scalars(incidents_found(user, Wish(**wish))).unique()}


@pytest.fixture
def some(world):
    """Two incidents of one team that differ in everything, and one of another team that nobody here may see."""
    case = factories.a_case(world.south, world.caseworker)
    eviction = factories.an_incident(
        world.caseworker,
        case=case,
        title="Eviction",
        main_type="LAND.EVICT",
        state="SUBMITTED",
        urgency="URGENT",
        on=date(2022, 4, 27),
        narrative="La policía desalojó a los comuneros de Ñahuinpuquio.",
        place=factories.a_place("PE-030506"),
    )
    factories.a_perpetrator(eviction, "PNP")
    factories.a_source(eviction)
    arrest = factories.an_incident(
        world.caseworker, case=case, title="Arrest", main_type="LIB.ARB_DET", state="VERIFIED", on=None
    )
    arrest.country = "BO"
    arrest.happened = UncertainDate.in_year(2012)
    arrest.acts.append(Act(act_type="PHYS.TORT", position=0))
    db.session.commit()
    for number in range(2):
        factories.a_source(arrest, f"Paper {number}", group=str(number))
    factories.an_incident(world.stranger, title="Secret", main_type="LAND.EVICT", narrative="desalojó")
    return eviction, arrest


WISHES = [
    ({}, {"Eviction", "Arrest"}),
    ({"types": ("LAND",)}, {"Eviction"}),
    ({"types": ("LAND.EVICT",)}, {"Eviction"}),
    ({"types": ("PHYS",)}, {"Arrest"}),
    ({"types": ("LAND", "LIB")}, {"Eviction", "Arrest"}),
    ({"perpetrator": "PNP"}, {"Eviction"}),
    ({"states": ("VERIFIED",)}, {"Arrest"}),
    ({"urgency": "URGENT"}, {"Eviction"}),
    ({"country": "BO"}, {"Arrest"}),
    ({"place": "PE-03"}, {"Eviction"}),
    ({"place": "PE-0305"}, {"Eviction"}),
    ({"place": "PE-030506"}, {"Eviction"}),
    ({"place": "PE-21"}, set()),
    ({"first_day": date(2012, 6, 1), "last_day": date(2012, 6, 30)}, {"Arrest"}),
    ({"first_day": date(2013, 1, 1)}, {"Eviction"}),
    ({"last_day": date(2012, 1, 1)}, {"Arrest"}),
    ({"gap": "no_place"}, {"Arrest"}),
    ({"gap": "one_source"}, {"Eviction"}),
    ({"gap": "no_perpetrator"}, {"Arrest"}),
    ({"gap": "undated"}, set()),
    ({"mine": True}, {"Eviction", "Arrest"}),
    ({"text": "nahuinpuquio desalojo"}, {"Eviction"}),
    ({"text": "Ñahuin"}, {"Eviction"}),
    ({"text": "desalojó nadie"}, set()),
]


@pytest.mark.parametrize(("wish", "expected"), WISHES)
def test_a_filter_narrows_to_its_rows(app, some, world, wish, expected):
    assert found(world.caseworker, **wish) == expected
    assert count(incidents_found(world.caseworker, Wish(**wish))) == len(expected)


@pytest.mark.parametrize(("wish", "expected"), WISHES)
def test_no_filter_shows_another_teams_rows(app, some, world, wish, expected):
    assert found(world.stranger, **wish) <= {"Secret"}


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("order", ORDERS)
def test_every_gap_and_order_is_a_question_that_both_databases_answer(app, some, world, gap, order):
    assert found(world.caseworker, gap=gap, order=order) <= {"Eviction", "Arrest"}


def test_the_newest_stands_first_and_what_has_no_date_last(app, world):
    for title, day in (("May", date(2024, 5, 1)), ("None", None), ("June", date(2024, 6, 1))):
        factories.an_incident(world.caseworker, title=title, on=day)

    def titles(order):
        rows = db.session.scalars(incidents_found(world.caseworker, Wish(order=order))).unique()
        return [incident.title_en for incident in rows]

    assert titles("-date") == ["June", "May", "None"]
    assert titles("date") == ["May", "June", "None"]


def test_the_most_urgent_stands_first(app, world):
    for urgency in (None, "LOW", "IMMEDIATE", "HIGH"):
        factories.an_incident(world.caseworker, title=str(urgency), urgency=urgency)

    rows = db.session.scalars(incidents_found(world.caseworker, Wish(order="urgency"))).unique()

    assert [incident.urgency for incident in rows] == ["IMMEDIATE", "HIGH", "LOW", None]


def test_a_company_is_found_by_part_of_its_name_without_accents(app, world):
    company = factories.an_organisation("Minera Ñaupa S.A.", team=world.south)
    incident = factories.an_incident(world.caseworker, title="Theirs")
    incident.companies = [company]
    factories.an_incident(world.caseworker, title="Not theirs")
    db.session.commit()

    assert found(world.caseworker, about="naupa") == {"Theirs"}
    assert found(world.caseworker, about=company.reference) == {"Theirs"}
    assert found(world.caseworker, about="no such company") == set()


def test_withdrawn_rows_are_out_and_counted_as_withdrawn(app, world, sign_in):
    kept = factories.an_incident(world.caseworker, title="Kept")
    gone = factories.an_incident(world.caseworker, title="Gone")
    gone.withdrawn_at, gone.withdrawal_reason = now(), "Twice."
    db.session.commit()

    page = sign_in(world.caseworker).get("/incidents/")
    withdrawn = sign_in(world.caseworker).get("/incidents/?withdrawn=yes")

    assert kept.reference in page.text and gone.reference not in page.text
    assert "1 withdrawn" in page.text
    assert gone.reference in withdrawn.text and kept.reference not in withdrawn.text


# --- who sees what -------------------------------------------------------------------------------


def network_incident(world, **values):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    return factories.an_incident(
        world.caseworker,
        case=case,
        title="The leader of Fuerabamba was followed",
        narrative="A white car waited before the house of Rosa.",
        main_type="SURV.PHYS",
        place=factories.a_place("PE-030506"),
        community="Fuerabamba",
        notes="Call back",
        **values,
    )


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_reading_without_identity_shows_what_codes_say(app, world, sign_in, who):
    incident = network_incident(world)

    page = sign_in(getattr(world, who)).get("/incidents/")

    assert incident.reference in page.text
    assert "Apurímac" in page.text and "May 2024" in page.text
    for secret in ("Fuerabamba", "Challhuahuacho", "leader"):
        assert secret not in page.text


@pytest.mark.parametrize("who", ["analyst", "stranger"])
@pytest.mark.parametrize(
    "wish",
    [
        {"text": "white car"},
        {"text": "leader"},
        {"text": "Fuerabamba"},
        {"text": "Challhuahuacho"},
        {"place": "PE-030506"},
        {"place": "PE-0305"},
        {"gap": "one_source"},
        {"about": "Las Bambas"},
    ],
)
def test_nobody_finds_out_by_searching_or_filtering(app, world, who, wish):
    network_incident(world)

    assert found(getattr(world, who), **wish) == set()
    assert found(getattr(world, who), place="PE-03") != set()
    assert found(getattr(world, who), text="Apurimac") != set()


def test_a_title_is_open_once_two_people_have_said_that_it_is_public(app, world):
    incident = network_incident(world)
    assert "leader" not in shown_title(incident, False)

    incident.public_set_at = now()
    assert "leader" not in shown_title(incident, False)

    incident.public_approved_at = now()
    assert "leader" in shown_title(incident, False)


def test_the_words_of_the_source_about_a_date_are_for_full_readers(app, world, sign_in):
    incident = network_incident(world, on=None)
    incident.happened_text = "when Rosa came home"
    db.session.commit()

    assert "when Rosa came home" in sign_in(world.caseworker).get("/incidents/").text
    assert "when Rosa came home" not in sign_in(world.analyst).get("/incidents/").text


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_administration_and_audit_have_no_list(app, world, sign_in, who):
    browser = sign_in(getattr(world, who))

    assert browser.get("/incidents/").status_code == 403
    assert browser.post("/incidents/export", form_at="/help/").status_code == 403


# --- the page ------------------------------------------------------------------------------------


def test_the_sentence_counts_what_the_reader_sees(app, some, world, sign_in):
    page = sign_in(world.caseworker).get("/incidents/?type=LAND")

    assert "<b>1 incident</b> of 2 visible · 1 in another state" in " ".join(page.text.split())
    assert ">Eviction</a>" in page.text and ">Arrest</a>" not in page.text and "Secret" not in page.text


def test_a_filter_stands_as_a_chip_that_can_be_removed(app, some, world, sign_in):
    page = sign_in(world.caseworker).get("/incidents/?type=LAND&q=desalojo")

    assert 'href="/incidents/?q=desalojo" aria-label="Remove the filter Type' in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "Write a year, a month or a day"),
        ("from=2014&to=2012", "ends before it begins"),
        ("from=1066", "after 1900"),
        ("type=NO.SUCH", "Not a valid choice"),
        ("team=17", "Not a valid choice"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so(app, world, sign_in, query, words):
    page = sign_in(world.caseworker).get(f"/incidents/?{query}")

    assert page.status_code == 400
    assert words in page.text
    assert "errors-title" in page.text


@pytest.mark.parametrize("since", ["2024-05-03", "3/5/2024", "06/2024"])
def test_a_period_is_typed_as_in_every_form(app, world, sign_in, since):
    factories.an_incident(world.caseworker, title="Before", on=date(2024, 5, 2))
    factories.an_incident(world.caseworker, title="Later", on=date(2024, 6, 3))

    page = sign_in(world.caseworker).get(f"/incidents/?from={since}").text

    assert ">Later</a>" in page and ">Before</a>" not in page


def test_a_list_of_sixty_has_two_pages_and_costs_as_many_statements_as_one_of_three(app, world, sign_in, statements):
    case = factories.a_case(world.south, world.caseworker)
    browser = sign_in(world.caseworker)

    def make(number):
        for _ in range(number):
            incident = factories.an_incident(world.caseworker, case=case, place=factories.a_place())
            factories.a_victim(incident, group="Marchers", affected_least=3)

    def cost():
        with statements() as made:
            page = browser.get("/incidents/")
        return len(made), page

    make(3)
    cost()
    few, _page = cost()
    make(57)
    many, page = cost()

    assert few == many <= 25
    assert "Page 1 of 2" in page.text and "60 incidents" in page.text
    assert "51 to 60 of 60" in browser.get("/incidents/?page=2").text


def test_an_empty_list_says_what_to_do(app, world, sign_in):
    browser = sign_in(world.caseworker)

    assert "There are no incidents here yet" in browser.get("/incidents/").text
    assert "No incident matches" in browser.get("/incidents/?q=zzz").text


def test_a_filter_by_team_and_what_others_share(app, world):
    shared = network_incident(world)
    own = factories.an_incident(world.stranger, title="Own")

    assert found(world.stranger, team=world.north.handle) == {own.title_en}
    assert found(world.stranger, team="others") == {shared.title_en}


def test_mine_is_also_what_was_given_to_me(app, world):
    case = factories.a_case(world.south, confidentiality="TEAM")
    given = factories.an_incident(world.caseworker, case=case, title="Given", assigned_to_id=world.colleague.id)
    factories.an_incident(world.caseworker, case=case, title="Not given")

    assert isinstance(world.colleague, User)
    assert found(world.colleague, mine=True) == {given.title_en}


def test_a_case_narrows_to_its_incidents_and_a_hidden_one_to_nothing(app, some, world):
    hidden = factories.a_case(world.north, world.stranger)
    case = some[0].case

    assert found(world.caseworker, case=case.reference) == {"Eviction", "Arrest"}
    assert found(world.caseworker, case=hidden.reference) == set()


def test_a_card_says_who_was_harmed_in_one_line_where_it_is_on_record(world, sign_in):
    harmed = factories.an_incident(world.caseworker, title="With numbers")
    factories.a_victim(harmed, group="Marchers", killed_least=3, killed_most=5, detained_least=0, detained_most=0)
    factories.an_incident(world.caseworker, title="Without")

    page = sign_in(world.caseworker).get("/incidents/").text

    assert '<div class="xs muted d-lg-none">3 to 5 killed · 0 detained</div>' in page
    assert page.count('<div class="xs muted d-lg-none">') == 1
