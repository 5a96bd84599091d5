"""A letter to the UN: only with both answers of all of whom it tells, on record before it leaves, without traces."""

import io
import re
import zipfile
from datetime import date

import pytest
from docx import Document
from sqlalchemy import select

from app.access import unguarded
from app.audit import AuditEntry
from app.cases.models import CaseMember
from app.dates import UncertainDate
from app.db import db
from app.people.models import Consent, Export, ExportedPerson, PersonLeadership, PersonOrganisation
from app.proceedings.models import Accused, Charge, Measure, Stage
from app.protection.models import Beneficiary, Factor
from app.vocabulary.queries import choices
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

CANARY, REASON = "Quetzalina Zyx", "The Special Rapporteur asks for the name"


def answered(person, letter=None, public=None, *, general=None, on=date(2024, 1, 5)):
    levels = {"UN_LETTER": letter, "PUBLICATION": public, "ALL": general}
    person.consents += [
        Consent(purpose=purpose, level=level, given_on=on) for purpose, level in levels.items() if level
    ]
    db.session.commit()


@pytest.fixture
def story(world):
    """Two people in a case: one beaten, one on trial; an incident that nobody reviewed; and another case."""

    class Story:
        case = factories.a_case(world.south, world.caseworker, title="The square", confidentiality="NETWORK")
        heron = factories.a_person(world.caseworker, pseudonym="Heron", legal_name=CANARY)
        plover = factories.a_person(world.caseworker, pseudonym="Plover", legal_name="Plovera Zyx")
        killing = factories.an_incident(
            world.caseworker,
            case=case,
            title="Beaten in the square",
            on=date(2022, 4, 27),
            state="VERIFIED",
            main_type="PHYS.ASSAULT",
            narrative="Heron was beaten.\nThe police looked on.",
            language="en",
        )
        draft = factories.an_incident(world.caseworker, case=case, title="A rumour", state="DRAFT")
        trial = factories.a_proceeding(case, world.caseworker, "The trial of the square")

    story = Story()
    story.heron.community = "Canary Valley"
    factories.a_victim(story.killing, story.heron, injured_least=1, injured_most=1)
    factories.a_perpetrator(story.killing, organisation=factories.an_organisation("Minera Norte", team=world.south))
    factories.a_source(story.killing, citation="Told by a secret witness")
    factories.a_role(story.heron, story.case)
    accused = Accused(person=story.plover)
    story.trial.accused = [accused]
    accused.charges = [Charge(proceeding_id=story.trial.id, offence="PE-CP-108")]
    held = Measure(proceeding_id=story.trial.id, measure="PE-PREV")
    held.started, held.ended = UncertainDate.on(date(2022, 5, 1)), UncertainDate.on(date(2022, 5, 10))
    accused.measures = [held]
    story.trial.stages = [Stage(stage="TRIAL")]
    factories.an_entry(story.case, world.caseworker, "Asked the ombudsman to come", kind="protection")
    factories.an_entry(story.case, world.caseworker, "A state of emergency", kind="context")
    other = factories.a_case(world.south, world.caseworker, title="Another case")
    factories.an_incident(world.caseworker, case=other, title="Elsewhere", state="VERIFIED")
    factories.a_role(factories.a_person(world.caseworker, pseudonym="Crane"), other)
    db.session.commit()
    return story


def asked(browser, story, **fields):
    both = {
        "language": "en",
        "kind": "allegation",
        "people": [story.heron.reference, story.plover.reference],
        "incidents": [story.killing.reference],
        "proceedings": [story.trial.reference],
    }
    return browser.post(f"/cases/{story.case.reference}/letter", {**both, **fields})


def words_of(answer):
    assert answer.status_code == 200, re.sub(r"(?s)<.*?>|\s+", " ", answer.text)[:1500]
    document = Document(io.BytesIO(answer.data))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def exports():
    statement = select(ExportedPerson).join(Export).order_by(Export.id, ExportedPerson.person_id)
    rows = db.session.scalars(unguarded(statement, "the test looks"))
    return [(row.export.kind, row.person_id, row.is_named) for row in rows]


def deeds(deed):
    statement = select(AuditEntry).where(AuditEntry.deed == deed).order_by(AuditEntry.id)
    return list(db.session.scalars(unguarded(statement, "the test looks")))


# --- the two answers


def refusal_of(answer):
    assert answer.status_code == 400
    part = re.search(r'(?s)class="note grave">(.*?)</div>', answer.text)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", part))


def test_it_says_which_answers_are_missing_and_for_whom(world, sign_in, story):
    answered(story.heron, letter="C4")

    said = refusal_of(asked(sign_in(world.caseworker), story))

    assert "Heron: May the name stand in public reports" in said
    assert "Heron: May the Special Rapporteur write" not in said
    assert said.count("Plover: ") >= 2 and "Crane" not in said
    assert exports() == [] and deeds("export_taken") == []


def test_an_answer_for_any_purpose_is_no_answer_to_these(world, sign_in, story):
    answered(story.heron, general="C4")
    answered(story.plover, "C4", "C4")

    said = refusal_of(asked(sign_in(world.caseworker), story))

    assert said.count("Write down the answer") == 2


def test_an_answer_that_was_taken_back_or_has_run_out_is_none(world, sign_in, story):
    answered(story.heron, "C4", "C4")
    answered(story.plover, "C4", "C4")
    story.heron.consents[0].withdrawn_on = date(2024, 2, 1)
    story.plover.consents[1].expires_on = date(2024, 2, 1)
    db.session.commit()

    said = refusal_of(asked(sign_in(world.caseworker), story))

    assert "Heron: May the Special Rapporteur write" in said and "Plover: May the name stand" in said


@pytest.mark.parametrize("level", ["C0", "C1"])
def test_who_refuses_is_not_told_of(world, sign_in, story, level):
    answered(story.heron, level, "C0")
    answered(story.plover, "C4", "C4")
    browser = sign_in(world.caseworker)

    assert "do not allow" in refusal_of(asked(browser, story))
    without = asked(browser, story, people=[story.plover.reference], incidents=[])

    assert "Heron" not in words_of(without)


def test_a_later_refusal_of_everything_counts(world, sign_in, story):
    answered(story.heron, "C4", "C4")
    answered(story.plover, "C4", "C4")
    answered(story.heron, general="C0", on=date(2025, 1, 1))

    assert "Heron" in refusal_of(asked(sign_in(world.caseworker), story))


def test_who_is_in_a_chosen_incident_is_asked_though_nobody_ticked_them(world, sign_in, story):
    answered(story.plover, "C4", "C4")

    said = refusal_of(asked(sign_in(world.caseworker), story, people=[story.plover.reference]))

    assert "Heron: " in said


# --- what stands in it


@pytest.fixture
def agreed(story):
    answered(story.heron, "C4", "C3")
    answered(story.plover, "C2", "C1")
    return story


def test_it_has_the_sections_for_which_the_office_asks(world, sign_in, agreed):
    words = words_of(asked(sign_in(world.caseworker), agreed, inner=["summary", "entries"]))

    for number in range(1, 9):
        assert re.search(rf"^{number}\. ", words, re.MULTILINE)
    for part in (
        "Beaten in the square", "27 Apr 2022", "Physical assault", "The police looked on.", "Minera Norte",
        "The trial of the square", "10 days", "Asked the ombudsman to come", "A state of emergency",
        "Yes (5 Jan 2024)", "No (5 Jan 2024)", "Canary Valley",
    ):  # fmt: skip
        assert part in words
    for part in ("Elsewhere", "Crane", "A rumour", "secret witness", "Zyx"):
        assert part not in words


def test_it_is_written_in_the_language_that_was_chosen(world, sign_in, agreed):
    words = words_of(asked(sign_in(world.caseworker), agreed, language="es", kind="urgent"))

    assert "Relatoría Especial" in words and "Llamamiento urgente" in words and "Consentimiento" in words
    assert "por traducir" in words  # the narrative is in English


def test_what_nobody_has_reviewed_is_not_proposed_and_says_so_where_it_is_chosen(world, sign_in, agreed):
    browser = sign_in(world.caseworker)
    page = browser.get(f"/cases/{agreed.case.reference}/letter").text

    rumour, beating = (
        re.search(rf'<input[^>]*value="{one.reference}"[^>]*>', page)[0] for one in (agreed.draft, agreed.killing)
    )
    words = words_of(asked(browser, agreed, incidents=[agreed.draft.reference]))

    assert "checked" not in rumour and "checked" in beating
    assert "[not yet reviewed inside the organisation]" in words


def test_an_incident_that_waits_for_its_day_is_not_offered(world, sign_in, agreed):
    agreed.killing.embargo_until = date(2999, 1, 1)
    db.session.commit()
    browser = sign_in(world.caseworker)

    assert agreed.killing.reference not in browser.get(f"/cases/{agreed.case.reference}/letter").text
    assert asked(browser, agreed).status_code == 400


def test_nothing_chosen_is_a_clear_error(world, sign_in, agreed):
    answer = asked(sign_in(world.caseworker), agreed, people=[], incidents=[], proceedings=[])

    assert answer.status_code == 400
    assert "Choose at least one person" in answer.text and "Choose at least one incident" in answer.text


def test_it_tells_of_protection_and_asks_those_who_are_protected(world, sign_in, agreed):
    ibis = factories.a_person(world.caseworker, pseudonym="Ibis")
    factories.a_role(ibis, agreed.case, "RELATIVE")
    measure = factories.a_protection(
        agreed.case, world.caseworker, body_text="The prefecture", asked="A guard at night"
    )
    measure.beneficiaries = [Beneficiary(person=ibis)]
    factories.a_protection(agreed.case, world.caseworker, "RISK", person_id=ibis.id, group_label=None, level="HIGH")
    factories.a_protection(agreed.case, world.caseworker, "RISK", person_id=agreed.heron.id, group_label=None)
    db.session.commit()
    browser = sign_in(world.caseworker)

    assert "Ibis: " in refusal_of(asked(browser, agreed, protection=[measure.reference]))
    without = words_of(asked(browser, agreed))
    answered(ibis, "C4", "C4")
    told = words_of(asked(browser, agreed, protection=[measure.reference]))

    assert "Ibis" not in without and "Heron: risk assessed on" in without
    assert "A guard at night" in told and "The prefecture" in told
    assert "Ibis: risk" not in told  # nobody ticked Ibis


# --- names


def test_names_stand_in_it_for_a_reason_and_only_of_those_who_agree(world, sign_in, agreed):
    answered(agreed.plover, letter="C3", on=date(2025, 1, 1))

    words = words_of(asked(sign_in(world.caseworker), agreed, identities="with", reason=REASON))

    assert CANARY in words and "Plovera" not in words and "Withheld" in words
    assert [(one.row_id, one.reason) for one in deeds("identity_revealed")] == [(agreed.heron.id, REASON)]
    assert exports() == [("un_letter", agreed.heron.id, True), ("un_letter", agreed.plover.id, False)]


def test_who_agrees_in_confidence_is_named_with_a_warning(world, sign_in, agreed):
    words = words_of(asked(sign_in(world.caseworker), agreed, identities="with", reason=REASON))

    assert "Plovera Zyx" in words and "must not be passed to the Government" in words


def test_without_a_reason_no_name_and_no_letter(world, sign_in, agreed):
    answer = asked(sign_in(world.caseworker), agreed, identities="with", reason="")

    assert answer.status_code == 400 and "Zyx" not in answer.text
    assert exports() == [] and deeds("identity_revealed") == []


def test_whom_it_told_of_is_on_record_and_on_their_page(world, sign_in, agreed):
    browser = sign_in(world.caseworker)
    asked(browser, agreed)

    assert exports() == [("un_letter", agreed.heron.id, False), ("un_letter", agreed.plover.id, False)]
    assert [one.reference for one in deeds("export_taken")] == [agreed.case.reference]
    assert "Letter to the UN Special Rapporteur" in browser.get(f"/people/{agreed.heron.reference}").text


# --- who may, and what the file betrays


@pytest.mark.parametrize("who", ["analyst", "stranger", "foreign_coordinator", "auditor"])
def test_who_does_not_read_the_case_in_full_gets_no_letter(world, sign_in, agreed, who):
    browser = sign_in(getattr(world, who))

    assert browser.post(f"/cases/{agreed.case.reference}/letter", form_at="/profile").status_code in (403, 404)
    assert "/letter" not in browser.get(f"/cases/{agreed.case.reference}").text
    assert exports() == []


def test_a_withdrawn_case_makes_no_letter(world, sign_in, agreed):
    agreed.case.withdrawn_at = agreed.killing.created_at
    db.session.commit()

    assert (
        sign_in(world.caseworker).post(f"/cases/{agreed.case.reference}/letter", form_at="/profile").status_code == 409
    )


def test_a_get_makes_nothing(world, sign_in, agreed):
    sign_in(world.caseworker).get(f"/cases/{agreed.case.reference}/letter")

    assert exports() == []


def test_the_file_says_nothing_of_who_made_it_where_and_when(world, sign_in, agreed):
    answer = asked(sign_in(world.caseworker), agreed)
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    parts = {entry.filename: archive.read(entry).decode("utf-8", "replace") for entry in archive.infolist()}

    assert not [name for name in parts if name.startswith(("docProps", "customXml"))]
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    everything = "\n".join(parts.values())
    for trace in (
        "rsid",
        "python-docx",
        "Caseworker",
        world.caseworker.email,
        agreed.case.reference,
        "attachedTemplate",
    ):
        assert trace not in everything
    for reference in (agreed.heron.reference, agreed.killing.reference, agreed.trial.reference):
        assert reference not in everything
    assert answer.headers["Content-Disposition"] == f'attachment; filename="un-letter-{agreed.case.reference}.docx"'


def test_a_strange_sign_in_a_text_breaks_no_letter(world, sign_in, agreed):
    agreed.killing.narrative = "It broke\x0b here \x01 and <there> & «ñ» \ud7ff 🕊"
    db.session.commit()

    assert "<there> & «ñ»" in words_of(asked(sign_in(world.caseworker), agreed))


# --- what its maker may not tell


@pytest.mark.parametrize("part", ["affected", "accused", "protected"])
def test_who_is_alleged_is_asked_where_it_tells_of_them_as_of_a_defender(world, sign_in, agreed, part):
    shrike = factories.a_person(world.caseworker, pseudonym="Shrike")
    factories.a_role(shrike, agreed.case, "ALLEGED")
    measure = factories.a_protection(agreed.case, world.caseworker)
    browser = sign_in(world.caseworker)
    assert "Shrike" not in browser.get(f"/cases/{agreed.case.reference}/letter").text

    if part == "affected":
        factories.a_victim(agreed.killing, shrike)
    elif part == "accused":
        agreed.trial.accused.append(Accused(person=shrike))
    else:
        measure.beneficiaries = [Beneficiary(person=shrike)]
    db.session.commit()
    page = browser.get(f"/cases/{agreed.case.reference}/letter").text
    asking = refusal_of(asked(browser, agreed, protection=[measure.reference]))
    answered(shrike, "C0", "C0")
    refusing = refusal_of(asked(browser, agreed, protection=[measure.reference]))

    assert asking.count("Shrike: ") >= 2 and "do not allow" in refusing and "Shrike" in refusing
    assert "checked" not in re.search(rf'<input[^>]*value="{shrike.reference}"[^>]*>', page)[0]


def test_where_somebody_lives_and_what_they_lead_stays_out_where_its_maker_reads_them_without_identity(
    world, sign_in, agreed
):
    """Somebody of another team, seen through a case that it shares; and one whom the maker reads in full."""
    theirs = factories.a_case(world.north, world.stranger, confidentiality="NETWORK")
    crane = factories.a_person(world.stranger, pseudonym="Crane")
    for person in (crane, agreed.heron):
        person.community = "Canary Valley"
        organisation = factories.an_organisation("Canary Rounds", team=world.south)
        person.leaderships = [PersonLeadership(kind=choices("leadership_kinds")[0][0], title="Canary Apu")]
        db.session.add(
            PersonOrganisation(person=person, organisation=organisation, kind=choices("organisation_ties")[0][0])
        )
    factories.a_role(crane, theirs)
    factories.a_victim(agreed.killing, crane)
    answered(crane, "C4", "C4")
    browser = sign_in(world.caseworker)
    chosen = {"people": [crane.reference], "proceedings": []}
    assert "Canary" not in browser.get(f"/people/{crane.reference}").text

    of_crane = words_of(asked(browser, agreed, **chosen))
    of_heron = words_of(asked(browser, agreed, people=[agreed.heron.reference]))

    assert "Canary" not in of_crane and "[place]" in of_crane and "[occupation]" in of_crane
    for word in ("Canary Valley", "Canary Apu", "Canary Rounds"):
        assert word in of_heron


def test_an_analyst_who_is_a_member_of_the_case_learns_nothing_more_of_people_from_it(world, sign_in, agreed):
    agreed.case.members.append(CaseMember(user_id=world.analyst.id))
    agreed.heron.leaderships = [PersonLeadership(kind=choices("leadership_kinds")[0][0], title="Canary Apu")]
    db.session.commit()
    browser = sign_in(world.analyst)
    assert "Canary" not in browser.get(f"/people/{agreed.heron.reference}").text

    words = words_of(asked(browser, agreed, people=[agreed.heron.reference]))

    assert "Beaten in the square" in words and "Canary" not in words
    assert "The trial of the square" in words and "Plover" not in words  # whom the analyst does not see, nor can ask


def test_a_beneficiary_who_asks_not_to_be_named_stands_nowhere_with_the_name(world, sign_in, agreed):
    agreed.heron.leaderships = [PersonLeadership(kind=choices("leadership_kinds")[0][0], title="Canary Apu")]
    measure = factories.a_protection(agreed.case, world.caseworker, body_text="The prefecture")
    measure.beneficiaries = [Beneficiary(person=agreed.heron, asks_not_to_be_named=True)]
    factories.a_protection(agreed.case, world.caseworker, "RISK", person_id=agreed.heron.id, group_label=None)
    answered(agreed.heron, "C4", "C4", on=date(2025, 1, 1))
    browser = sign_in(world.caseworker)
    page = browser.get(f"/cases/{agreed.case.reference}/letter").text
    named = {"identities": "with", "reason": REASON}

    withheld = words_of(asked(browser, agreed, protection=[measure.reference], **named))
    shown = [(one.row_id, one.reason) for one in deeds("identity_revealed")]
    without_the_measure = words_of(asked(browser, agreed, **named))  # what was asked once holds for every letter

    assert CANARY not in withheld and "Canary" not in withheld and "Yes (1 Jan 2025)" not in withheld
    assert "Withheld: the person asks not to be named" in withheld and "Plovera Zyx" in withheld
    assert withheld.count("No: the person asks not to be named") == 2
    assert shown == [(agreed.plover.id, REASON)]
    assert CANARY not in without_the_measure and "Plovera Zyx" in without_the_measure
    assert page.count("asks in a measure not to be named") == 1 and "whatever they answered" in page


def test_what_was_written_for_the_inside_goes_into_it_only_where_somebody_says_so(world, sign_in, agreed):
    agreed.case.summary = "Canary strategy of the defence"
    factories.an_entry(agreed.case, world.caseworker, "Canary meeting", kind="protection")
    factories.an_entry(agreed.case, world.caseworker, "Canary rumour", kind="context")
    browser = sign_in(world.caseworker)
    page = browser.get(f"/cases/{agreed.case.reference}/letter").text
    boxes = re.findall(r'<input[^>]*name="inner"[^>]*>', page)

    nothing = words_of(asked(browser, agreed))
    summary = words_of(asked(browser, agreed, inner=["summary"]))
    entries = words_of(asked(browser, agreed, inner=["entries"]))

    assert len(boxes) == 2 and "checked" not in "".join(boxes) and "Read them in the case before" in page
    assert "Canary" not in nothing.replace("Canary Valley", "")
    assert "Canary strategy" in summary and "Canary meeting" not in summary and "Canary rumour" not in summary
    assert "Canary meeting" in entries and "Canary rumour" in entries and "Canary strategy" not in entries


def test_what_the_office_asks_for_and_is_not_on_record_is_left_open(world, sign_in, agreed):
    """Of a person their age and sex, of an organisation its reach, head and networks; and a day that nobody knows."""
    front = factories.a_person(world.caseworker, pseudonym="Front of Defence", kind="ORGANISATION")
    factories.a_role(front, agreed.case)
    answered(front, "C4", "C4")
    measure = factories.a_protection(agreed.case, world.caseworker, on=None)

    chosen = {"people": [agreed.heron.reference, front.reference], "protection": [measure.reference]}
    words = words_of(asked(sign_in(world.caseworker), agreed, **chosen))

    for part in ("Heron (pseudonym)", "Age: [age]", "Gender: [sex or gender]", "Where it works: Peru",
                 "Who heads it: [name and post]", "Belongs to: [networks, federations]", "Date: [date]"):  # fmt: skip
        assert part in words
    assert words.count("[age]") == 1


PSEUDONYM = "the text above holds a pseudonym of somebody named in this letter"
UNNAMED = "somebody is accused here who does not want to be named"


def test_a_pseudonym_beside_the_name_and_who_can_be_told_by_their_trial_are_pointed_at(world, sign_in, agreed):
    """«Heron was beaten» in a letter that names them would open the pseudonym everywhere else."""
    browser = sign_in(world.caseworker)
    named = {"identities": "with", "reason": REASON}
    answered(agreed.heron, "C4", "C4", on=date(2025, 1, 1))
    answered(agreed.plover, "C4", "C4", on=date(2025, 1, 1))
    with_names = words_of(asked(browser, agreed, **named))
    assert with_names.count(PSEUDONYM) == 1 and UNNAMED not in with_names
    assert PSEUDONYM not in words_of(asked(browser, agreed))

    answered(agreed.plover, "C3", "C3", on=date(2025, 2, 1))
    assert UNNAMED in words_of(asked(browser, agreed, **named))


def test_a_letter_says_what_threatens_and_never_where_somebody_is_weak(world, sign_in, agreed):
    risk = factories.a_protection(agreed.case, world.caseworker, "RISK", person_id=agreed.heron.id, group_label=None)
    risk.level = "HIGH"
    risk.factors = [Factor(factor=code, weight=1) for code in ("T1", "V1", "C1")]
    db.session.commit()
    weak, strong = "Isolated home or route", "Organised community / indigenous guard"
    words = words_of(asked(sign_in(world.caseworker), agreed))
    assert "Clear pattern of threats over time" in words and weak not in words and strong not in words
