"""Cases: opened, edited, followed, withdrawn; and the entries of their timeline."""

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.audit import AuditEntry, AuditValue
from app.cases.forms import read_day
from app.cases.models import Case, TimelineEntry
from app.dates import UncertainDate
from app.db import db
from tests import factories


def the_only(model):
    return db.session.scalars(unguarded(select(model), "test")).one()


def a_new_case(world, **changes):
    values = {"team_id": world.south.id, "title_en": "The valley", "status": "ACTIVE", "confidentiality": "RESTRICTED"}
    return {**values, "country": "PE", **changes}


def test_whoever_opens_a_case_follows_it(world, sign_in):
    answer = sign_in(world.caseworker).post("/cases/new", a_new_case(world))

    case = the_only(Case)
    assert answer.location == f"/cases/{case.reference}"
    assert case.reference.startswith("PER-C-")
    assert [member.user_id for member in case.members] == [world.caseworker.id]
    assert case.confidentiality == "RESTRICTED"


def test_a_form_sent_twice_opens_one_case(world, sign_in):
    browser = sign_in(world.caseworker)
    values = a_new_case(world, form_token="t" * 43)

    first, second = browser.post("/cases/new", values), browser.post("/cases/new", values)

    assert first.location == second.location
    assert the_only(Case)


@pytest.mark.parametrize("field", ["status", "country"])
def test_a_blank_is_no_choice_of_a_list(world, sign_in, field):
    answer = sign_in(world.caseworker).post("/cases/new", a_new_case(world, **{field: " "}))

    assert answer.status_code == 400


def test_a_case_without_a_title_is_refused_and_the_summary_is_kept(world, sign_in):
    answer = sign_in(world.caseworker).post("/cases/new", a_new_case(world, title_en=" ", summary="Kept words"))

    assert answer.status_code == 400
    assert "Write a title, in one of the two languages." in answer.text
    assert "Kept words" in answer.text


def test_no_case_is_opened_for_another_team(world, sign_in):
    answer = sign_in(world.caseworker).post("/cases/new", a_new_case(world, team_id=world.north.id))

    assert answer.status_code == 400
    assert db.session.scalar(unguarded(select(func.count(Case.id)), "test")) == 0


def test_the_form_says_in_words_who_will_see_the_case(world, sign_in):
    page = sign_in(world.caseworker).get("/cases/new").text

    assert "Members of the case and coordinators of its team only" in page
    assert "the other teams of this installation read it without identity" in page


def test_only_members_and_coordinators_change_who_sees_a_case(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    values = {"title_en": "Opened", "status": "ACTIVE", "confidentiality": "NETWORK"}

    sign_in(world.colleague).post(f"/cases/{case.reference}/edit", {**values, "version": case.version})
    db.session.expire_all()
    after_colleague = case.confidentiality
    sign_in(world.coordinator).post(f"/cases/{case.reference}/edit", {**values, "version": case.version})
    db.session.expire_all()

    assert (case.title_en, after_colleague, case.confidentiality) == ("Opened", "TEAM", "NETWORK")


def test_a_change_of_confidentiality_is_in_the_trail(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)

    sign_in(world.caseworker).post(
        f"/cases/{case.reference}/edit",
        {"title_en": "A case", "status": "ACTIVE", "confidentiality": "TEAM", "version": case.version},
    )

    changed = db.session.scalars(select(AuditValue).where(AuditValue.column == "confidentiality", AuditValue.old != ""))
    assert [(value.old, value.new, value.entry.actor_id) for value in changed] == [
        ('"RESTRICTED"', '"TEAM"', world.caseworker.id)
    ]


def test_two_edits_at_once_show_both_texts(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, title="Old")
    values = {"status": "ACTIVE", "confidentiality": "RESTRICTED", "version": case.version}
    sign_in(world.caseworker).post(f"/cases/{case.reference}/edit", {**values, "title_en": "Mine"})

    answer = sign_in(world.coordinator).post(
        f"/cases/{case.reference}/edit",
        {**values, "title_en": "Yours", "status": "CLOSED", "form_token": "as-handed-out"},
    )
    db.session.expire_all()

    assert answer.status_code == 409
    assert "Caseworker saved a change on" in answer.text
    assert "Mine" in answer.text and "Yours" in answer.text
    assert "Not active" in answer.text
    assert "keep-form_token" not in answer.text
    assert case.title_en == "Mine"


# --- who follows it


def test_a_coordinator_adds_and_removes_people_of_the_team(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    browser = sign_in(world.coordinator)

    suggested = browser.get(f"/cases/{case.reference}/members/suggest?q=colle").json
    browser.post(
        f"/cases/{case.reference}/members", {"name": suggested[0]["value"]}, form_at=f"/cases/{case.reference}"
    )
    db.session.expire_all()
    joined = {member.user_id for member in case.members}
    browser.post(
        f"/cases/{case.reference}/members/remove",
        {"user": world.caseworker.id},
        form_at=f"/cases/{case.reference}",
    )
    db.session.expire_all()

    assert [each["label"] for each in suggested] == ["Colleague"]
    assert joined == {world.caseworker.id, world.colleague.id}
    assert [member.user_id for member in case.members] == [world.colleague.id]
    assert db.session.scalars(select(AuditEntry.deed).where(AuditEntry.table_name == "case_member")).all() == [
        "created",
        "created",
        "deleted",
    ]


@pytest.mark.parametrize("who", ["stranger", "analyst", "administrator", "foreign_coordinator"])
def test_nobody_from_outside_the_team_and_no_analyst_becomes_a_member(world, sign_in, who):
    case = factories.a_case(world.south, world.caseworker)
    browser = sign_in(world.coordinator)
    name = getattr(world, who).name

    answer = browser.post(f"/cases/{case.reference}/members", {"name": name}, form_at=f"/cases/{case.reference}")
    db.session.expire_all()

    assert answer.status_code == 400
    assert len(case.members) == 1
    assert browser.get(f"/cases/{case.reference}/members/suggest?q={name[:5]}").json == []


def test_a_member_who_does_not_coordinate_adds_nobody(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)

    answer = sign_in(world.caseworker).post(f"/cases/{case.reference}/members", {"name": "Colleague"})

    assert answer.status_code == 403


# --- withdrawal and the list


def test_a_withdrawn_case_leaves_the_list_and_comes_back(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, title="Gone")
    browser = sign_in(world.coordinator)

    refused = browser.post(f"/cases/{case.reference}/withdraw", {"reason": " "})
    browser.post(f"/cases/{case.reference}/withdraw", {"reason": "Opened by mistake"})
    listed, withdrawn = browser.get("/cases/").text, browser.get("/cases/?status=WITHDRAWN").text
    page = browser.get(f"/cases/{case.reference}").text
    browser.post(f"/cases/{case.reference}/restore", form_at=f"/cases/{case.reference}")

    assert refused.status_code == 400
    assert "Gone" not in listed and "Gone" in withdrawn
    assert "Opened by mistake" in page
    assert "Gone" in browser.get("/cases/").text


def test_nothing_is_written_into_a_withdrawn_case(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, title="Gone")
    browser, address = sign_in(world.coordinator), f"/cases/{case.reference}"
    before = browser.get(address).text
    browser.post(f"{address}/withdraw", {"reason": "Opened by mistake"})

    for path in ("edit", "entries/new", "members", "incidents"):
        answer = browser.post(f"{address}/{path}", {"name": "Colleague", "title_es": "Changed"}, form_at="/cases/")
        assert answer.status_code == 409, path
        assert "Restore it first" in answer.text

    browser.post(f"{address}/restore", form_at=address)
    after = browser.get(address).text
    assert "Changed" not in after and "Colleague" not in after.replace(before, "")


def test_the_list_narrows_by_words_status_and_by_those_i_follow(world, sign_in):
    factories.a_case(world.south, world.caseworker, title="Ñaupa valley")
    closed = factories.a_case(world.south, world.colleague, title="Closed valley", confidentiality="TEAM")
    closed.status = "CLOSED"
    db.session.commit()
    browser = sign_in(world.caseworker)

    def shown(query):
        text = browser.get(f"/cases/?{query}").text
        return ("Ñaupa valley" in text, "Closed valley" in text)

    assert shown("") == (True, True)
    assert shown("text=naupa") == (True, False)
    assert shown("status=CLOSED") == (False, True)
    assert shown("mine=yes") == (True, False)


def test_the_list_costs_the_same_number_of_statements_however_long(world, sign_in, statements):
    browser = sign_in(world.caseworker)
    factories.a_case(world.south, world.caseworker)
    with statements() as few:
        browser.get("/cases/")
    for number in range(15):
        factories.a_case(world.south, world.caseworker, title=f"Case {number}")
    db.session.expire_all()

    with statements() as many:
        browser.get("/cases/")

    assert len(many) <= len(few)


# --- entries of the timeline


def an_entry_typed(**changes):
    return {"kind": "proceeding", "text_en": "Charges dropped", "first_day": "22/10/2024", **changes}


def test_an_entry_is_written_mended_and_erased(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    browser = sign_in(world.caseworker)

    browser.post(f"/cases/{case.reference}/entries/new", an_entry_typed(form_token="t" * 43))
    browser.post(f"/cases/{case.reference}/entries/new", an_entry_typed(form_token="t" * 43))
    entry = the_only(TimelineEntry)
    address = f"/cases/{case.reference}/entries/{entry.uid}"
    browser.post(f"{address}/edit", an_entry_typed(text_en="Charges withdrawn", version=entry.version))
    db.session.expire_all()
    mended = (entry.text_en, entry.happened)
    browser.post(f"{address}/erase", form_at=f"{address}/edit")

    assert mended[0] == "Charges withdrawn"
    assert mended[1].written() == "2024-10-22"
    assert db.session.scalar(unguarded(select(func.count(TimelineEntry.id)), "test")) == 0


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"first_day": "31/2/2024"}, "Write the date like 22/10/2024"),
        ({"first_day": "22/10/2024", "last_day": "20/10/2024"}, "The last day is before the first."),
        ({"text_en": ""}, "Say in one line what happened"),
        ({"url": "javascript:alert(1)"}, "An address begins with http"),
        ({"kind": "incident"}, "Not a valid choice"),
    ],
)
def test_a_bad_entry_is_refused_in_words_and_nothing_is_written(world, sign_in, typed, problem):
    case = factories.a_case(world.south, world.caseworker)

    answer = sign_in(world.caseworker).post(f"/cases/{case.reference}/entries/new", an_entry_typed(**typed))

    assert answer.status_code == 400
    assert problem in answer.text
    assert db.session.scalar(unguarded(select(func.count(TimelineEntry.id)), "test")) == 0


def test_a_day_that_was_not_touched_stays_as_uncertain_as_it_was(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    reported = UncertainDate(None, UncertainDate.read("2016-10-26").latest, "UNKNOWN", "reported on 26 Oct 2016")
    entry = factories.an_entry(case, world.caseworker, on=reported)
    browser = sign_in(world.caseworker)
    address = f"/cases/{case.reference}/entries/{entry.uid}/edit"

    browser.post(
        address,
        an_entry_typed(first_day="", last_day="26/10/2016", happened_text=reported.text, version=entry.version),
    )
    db.session.expire_all()

    assert 'value="26/10/2016"' in browser.get(address).text
    assert entry.happened == reported


def test_an_entry_of_another_case_is_not_reached_through_mine(world, sign_in):
    mine = factories.a_case(world.south, world.caseworker)
    other = factories.a_case(world.south, world.colleague)
    theirs = factories.an_entry(other, world.colleague, "Theirs")
    browser = sign_in(world.caseworker)

    for uid in (theirs.uid, "not-a-number"):
        address = f"/cases/{mine.reference}/entries/{uid}"
        assert browser.get(f"{address}/edit").status_code == 404
        assert browser.post(f"{address}/erase").status_code == 404
    assert "Theirs" not in browser.get(f"/cases/{mine.reference}").text


@pytest.mark.parametrize(
    ("typed", "written"),
    [("22/10/2024", "2024-10-22"), ("10/2024", "2024-10"), ("2024", "2024"), ("2024-10-02", "2024-10-02"), ("", "")],
)
def test_days_are_read_as_people_write_them(typed, written):
    assert read_day(typed).written() == written


def test_after_saving_an_entry_one_is_told_so_and_lands_on_it(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    browser = sign_in(world.caseworker)

    answer = browser.post(f"/cases/{case.reference}/entries/new", an_entry_typed(form_token="t" * 43))
    entry = the_only(TimelineEntry)
    page = browser.get(answer.location).text

    assert answer.location.endswith(f"#entry-{entry.uid}")
    assert f'id="entry-{entry.uid}"' in page
    assert "Saved." in page
