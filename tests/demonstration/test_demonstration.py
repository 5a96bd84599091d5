"""The demonstration loads whole: every company, site and place of its files resolves."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app import access
from app.accounts.models import User
from app.cases.models import Case, TimelineEntry
from app.contracts.links import TransparencyRequest
from app.db import db
from app.demonstration.operations import ACCOUNTS, DemonstrationProblem, load_demonstration
from app.incidents.models import Incident
from app.people.models import CaseRole, Person
from app.proceedings.models import Proceeding
from app.protection.models import Protection


def counted(model, *conditions):
    statement = select(func.count()).select_from(model).where(*conditions)
    return db.session.scalar(access.unguarded(statement, "the test counts everything"))


def user(email):
    return db.session.scalars(select(User).where(User.email == email)).one()


def test_it_loads_every_event_and_contract(app):
    load_demonstration()
    db.session.commit()

    assert counted(Incident) == 29
    assert counted(TimelineEntry, TimelineEntry.external_id.like("PE%")) == 33
    assert counted(TimelineEntry, TimelineEntry.external_id.like("PC%")) == 5
    assert counted(Case) == 17
    assert counted(Person, Person.is_public_figure.is_(False)) == 0
    assert set(db.session.scalars(select(User.email))) == {account.email for account in ACCOUNTS}


def test_states_of_review_are_spread_over_both_teams(app, demonstrated):
    for email, least in (("coordinator@demo.example", 15), ("coordinator2@demo.example", 5)):
        reader = user(email)
        statement = access.visible(Incident, reader).where(Incident.team_id.in_(reader.roles))
        states = [incident.state for incident in db.session.scalars(statement)]
        assert len(states) >= least
        assert {"VERIFIED", "CORROBORATED"} & set(states)
        assert len(set(states)) >= 4
    assert counted(Incident, Incident.state == "DRAFT") >= 1


def test_at_least_twenty_public_rows_and_four_in_the_default_period(app, demonstrated):
    public = (Incident.public_approved_at.is_not(None), Incident.state.in_(("CORROBORATED", "VERIFIED")))

    assert counted(Incident, *public) >= 20
    assert (
        counted(
            Incident,
            *public,
            Incident.happened_from >= date(2022, 7, 15),
            Incident.happened_to <= date(2026, 10, 31),
        )
        >= 4
    )


def test_every_person_has_a_role_in_words_on_their_page_and_in_the_case(app, demonstrated, sign_in):
    person = db.session.scalars(
        access.unguarded(select(Person).where(Person.pseudonym == "Totora"), "the test looks for one")
    ).one()
    case = person.case_roles[0].case
    coordinators = [user("coordinator@demo.example"), user("coordinator2@demo.example")]
    browser = sign_in(next(one for one in coordinators if case.team_id in one.roles))

    assert counted(CaseRole, CaseRole.role.is_(None)) == 0
    for page in (f"/people/{person.reference}", f"/cases/{case.reference}"):
        assert "Vocería o dirigencia" in browser.get(page).text


def test_people_have_their_posts_ties_and_other_names_with_a_source(app, demonstrated, sign_in):
    everybody = access.unguarded(select(Person).options(selectinload(Person.leaderships)), "the test looks at all")
    people = {person.pseudonym: person for person in db.session.scalars(everybody)}

    assert all(post.note for person in people.values() for post in person.leaderships)
    assert [name for name, person in people.items() if not person.leaderships] == []
    assert {person.open_name for person in people.values() if person.name_in_the_open} == {
        "Máxima Acuña", "Marco Arana", "Óscar Mollohuanca", "Walter Aduviri", "Alberto Pizango",
    }  # fmt: skip
    page = sign_in(user("coordinator@demo.example")).get(f"/people/{people['Lupuna'].reference}").text
    assert "Comunidad nativa de Saweto" in page
    assert "Edwin Chota" not in page


def test_a_company_that_does_not_resolve_stops_the_load(app, monkeypatch):
    from app.demonstration import operations

    real = operations._rows

    def with_an_unknown_company(name):
        for row in real(name):
            yield {**row, "companies": "NO_SUCH_COMPANY"} if name == "events" and row["kind"] == "incident" else row

    monkeypatch.setattr(operations, "_rows", with_an_unknown_company)
    try:
        load_demonstration()
    except DemonstrationProblem as problem:
        assert "NO_SUCH_COMPANY" in str(problem)
    else:
        raise AssertionError("an unknown company was taken")


def test_measures_and_hearings_have_their_sources_and_the_timeline_tells_them_once(app, demonstrated, sign_in):
    rows = db.session.scalars(access.unguarded(select(Protection), "the test looks"))
    found = {row.external_id: row for row in rows}
    browser = sign_in(user("caseworker@demo.example"))

    assert set(found) == {"PE018", "PE026", "PE029"}
    measure = browser.get(f"/protection/{found['PE018'].reference}").text
    assert "MC-452-11" in measure and "Dirigentes de Cajamarca" in measure and "studylib.es" in measure
    timeline = browser.get(f"/cases/{found['PE018'].case.reference}/timeline").text
    assert timeline.count("proteger la vida e integridad") == 1


def test_the_request_for_the_agreements_has_its_result_and_its_sources(app, demonstrated, sign_in):
    request = db.session.scalars(access.unguarded(select(TransparencyRequest), "the test looks")).one()
    page = sign_in(user("caseworker@demo.example")).get(f"/contracts/requests/{request.reference}").text

    assert request.external_id == "PE025" and request.filed_on is None
    for words in ("set 2014", "pagos diarios", "26 oct 2016", "muqui.org", "Ganada en apelación"):
        assert words in page
    assert sign_in(user("caseworker2@demo.example")).get(f"/contracts/requests/{request.reference}").status_code == 404


def test_proceedings_have_their_stages_and_the_timeline_tells_them_once(app, demonstrated, sign_in):
    found = {row.external_id: row for row in db.session.scalars(access.unguarded(select(Proceeding), "the test looks"))}

    assert len(found) == 9
    assert [row.stage for row in found["aymarazo"].stages_in_order] == [
        "TRIAL", "CASSATION", "TRIAL", "APPEAL", "CASSATION",
    ]  # fmt: skip
    assert found["bagua"].accused_counted() == (52, 52)
    assert [one.external_id for one in found["bagua"].incidents] == ["PE007"]
    assert found["bagua"].is_already_public and not found["las-bambas-19"].is_already_public
    assert all(row.person_id is None for one in found.values() for row in one.accused)
    case = found["bagua"].case
    browser = sign_in(user("caseworker@demo.example"))
    assert "52 personas procesadas" in browser.get(f"/proceedings/{found['bagua'].reference}").text
    page = browser.get(f"/cases/{case.reference}/timeline?kind=court").text
    assert page.count("La sala no halló prueba") + page.count("Absueltos los 52") == 1
