"""A corrected file: what it would change is shown first, and only that is changed; what people wrote since stays."""

import io
import re
from html import unescape

import pytest

from app.audit import acting
from app.dates import UncertainDate
from app.db import db
from app.imports.models import ImportRow
from app.incidents.models import Incident
from app.people.models import Person, PersonIdentity
from tests.imports.test_import import number, run, sheet  # noqa: F401
from tests.imports.test_in_the_browser import decide, send  # noqa: F401
from tests.imports.test_provenance import only, take_in, the_batch

HEADER = "nro,titulo,tipo principal,fecha,pais,nombre,killed_least,companies,source,notes\n"
SEVEN = "7,Una amenaza,THR.DEATH,2024-05-02,PE,Aurelia Quispe,1,Minera Uno,La Voz,visto\n"
EIGHT = "8,Otra amenaza,THR.OTHER,2024-06,PE,,,Minera Uno,La Voz,\n"
FIRST = HEADER + SEVEN + EIGHT


def corrected(**changes):
    """The file with cells of the row 7 changed, by their old words."""
    row = SEVEN
    for old, new in changes.values():
        assert old in row
        row = row.replace(old, new)
    return HEADER + row + EIGHT


def seven():
    db.session.expire_all()
    return only(Incident, Incident.external_id == "7")


def state_is(incident, state):
    incident.state = state
    db.session.commit()


@pytest.fixture
def taken_in(send):  # noqa: F811
    take_in(send, FIRST)
    return send


def look(send, content):  # noqa: F811
    answer = send(content)
    assert answer.status_code == 303, unescape(answer.text)
    return answer.location, unescape(send.browser.get(answer.location).text)


def test_the_same_file_again_has_nothing_to_do(taken_in):
    _address, page = look(taken_in, FIRST)

    assert "There is nothing to import." in page


def test_the_differences_are_shown_and_nothing_is_written(taken_in):
    before = seven().version
    _address, page = look(taken_in, corrected(day=("2024-05-02", "2024-05-03"), kind=("THR.DEATH", "THR.OTHER")))

    assert "would change the record" in page
    assert re.search(r"Date</th>.*May 2, 2024|Date</th>.*2 May 2024", page.replace("\n", "")), page
    assert "Change 1 record" in page
    assert seven().version == before


def test_exactly_the_fields_that_changed_are_taken_over(taken_in):
    incident = seven()
    with acting(incident.created_by_id):
        incident.title_en = "A title by hand"
        incident.touch(incident.created_by_id)
    db.session.commit()

    take_in(taken_in, corrected(day=("2024-05-02", "2024-05-03"), dead=(",1,", ",3,")))

    incident = seven()
    assert incident.happened == UncertainDate.read("2024-05-03")
    assert incident.counted("killed") == (3, 3)
    assert incident.title_en == "A title by hand"
    assert (incident.main_type, incident.notes) == ("THR.DEATH", "visto")
    assert (number(Incident), number(Person)) == (2, 1)
    assert (the_batch().rows_added, the_batch().rows_changed) == (0, 1)
    _address, page = look(taken_in, corrected(day=("2024-05-02", "2024-05-03"), dead=(",1,", ",3,")))
    assert "There is nothing to import." in page


def test_a_cell_that_was_emptied_empties_the_field(taken_in):
    take_in(taken_in, corrected(notes=(",visto\n", ",\n")))

    assert seven().notes is None


def test_a_column_that_is_missing_says_nothing(app, world, sheet, tmp_path):  # noqa: F811
    same_source = tmp_path / "lista.toml"
    same_source.write_text('source = "Lista"\n', encoding="utf-8")
    words = ("--as", world.caseworker.email, "--map", same_source)
    without = "nro,titulo,tipo principal,fecha,pais\n7,Una amenaza,THR.DEATH,2024-05-03,PE\n"

    first, second = run(app, sheet(FIRST), *words), run(app, sheet(without), *words)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert (seven().happened, seven().notes) == (UncertainDate.read("2024-05-03"), "visto")
    assert [one.name for one in seven().companies] == ["Minera Uno"]


@pytest.fixture
def changed_by_hand(taken_in):
    incident = seven()
    with acting(incident.created_by_id):
        incident.happened = UncertainDate.read("2024-05-09")
        incident.touch(incident.created_by_id)
    db.session.commit()
    return taken_in


LATER = corrected(day=("2024-05-02", "2024-05-03"), notes=(",visto\n", ",oído\n"))


def test_what_somebody_changed_since_stays(changed_by_hand):
    _address, page = look(changed_by_hand, LATER)
    take_in(changed_by_hand, LATER)

    assert "Somebody has changed it in the record since" in page
    assert (seven().happened, seven().notes) == (UncertainDate.read("2024-05-09"), "oído")


def test_unless_one_asks_for_what_the_file_says(changed_by_hand):
    address, page = look(changed_by_hand, LATER)
    key = re.search(r'name="overwrite" value="([^"]+)"', page).group(1)

    changed_by_hand.browser.post(address, {"decision": "import", "looked": "y", "overwrite": key}, form_at=address)

    assert (seven().happened, seven().notes) == (UncertainDate.read("2024-05-03"), "oído")


def test_a_reviewed_record_goes_back_to_review_with_the_reason(taken_in):
    state_is(seven(), "VERIFIED")

    take_in(taken_in, corrected(kind=("THR.DEATH", "THR.OTHER")))

    incident = seven()
    assert (incident.main_type, incident.state) == ("THR.OTHER", "IN_REVIEW")
    assert "hoja.csv" in incident.reviews[-1].note


def test_what_is_added_to_a_list_is_added_and_what_left_it_stays(taken_in):
    take_in(taken_in, corrected(company=("Minera Uno", "Minera Dos")))

    assert {one.name for one in seven().companies} == {"Minera Uno", "Minera Dos"}


def test_that_something_left_a_list_is_said(taken_in):
    _address, page = look(taken_in, corrected(company=("Minera Uno", "Minera Dos")))

    assert "Not in the file any more, and stays in the record" in page


def test_a_name_is_said_to_have_changed_and_never_shown(taken_in):
    _address, page = look(taken_in, corrected(name=("Aurelia Quispe", "Aurelia Quispe Mamani"), n=(",visto\n", ",x\n")))
    main = page.split("<main")[1]

    assert "change it on the page of the person: Legal name" in main
    assert "Quispe" not in main
    take_in(taken_in, corrected(name=("Aurelia Quispe", "Aurelia Quispe Mamani"), n=(",visto\n", ",x\n")))
    assert only(PersonIdentity).legal_name == "Aurelia Quispe"


def test_the_title_stays_in_its_language_whoever_imports(app, world, taken_in, sheet, sign_in):  # noqa: F811
    world.caseworker.language = "es"
    db.session.commit()
    before = (seven().title_es, seven().title_en)

    outcome = run(app, sheet(FIRST), "--as", world.caseworker.email)

    assert outcome.exit_code == 0, outcome.output
    assert (seven().title_es, seven().title_en) == before


def test_who_may_not_edit_the_record_changes_nothing(world, taken_in, sign_in):
    browser = sign_in(world.colleague)
    later = corrected(day=("2024-05-02", "2024-05-03")).encode()
    upload = {"file": (io.BytesIO(later), "hoja.csv"), "case": "", "team": world.south.id}

    page = unescape(browser.get(browser.post("/imports/", upload).location).text)

    assert "There is nothing to import." in page
    assert seven().reference not in page


def test_a_withdrawn_record_does_not_follow(taken_in):
    incident = seven()
    incident.withdraw(incident.created_by_id, "recorded twice")
    db.session.commit()

    _address, page = look(taken_in, corrected(day=("2024-05-02", "2024-05-03")))

    assert "There is nothing to import." in page


def test_the_command_names_the_fields_and_not_what_they_say(app, world, taken_in, sheet):  # noqa: F811
    path = sheet(corrected(day=("2024-05-02", "2024-05-03"), notes=(",visto\n", ",oído\n")))

    outcome = run(app, path, "--as", world.caseworker.email, "--dry-run")

    assert "Fila 2: cambiaría el registro. Se toma del archivo: Fecha, Notas internas." in outcome.output
    assert "oído" not in outcome.output


def test_the_record_says_which_files_it_went_through(taken_in):
    take_in(taken_in, corrected(day=("2024-05-02", "2024-05-03")))

    page = unescape(taken_in.browser.get(f"/incidents/{seven().reference}").text)

    assert "Imported on" in page and "Changed on" in page
    assert number(ImportRow, ImportRow.table_name == "incident") == 3


def test_an_import_that_changed_records_is_not_undone_and_says_so(taken_in):
    take_in(taken_in, corrected(day=("2024-05-02", "2024-05-03")))

    page = unescape(taken_in.browser.get(f"/imports/batches/{the_batch().uid}/undo").text)

    assert f"Were there before, and the import changed them: {seven().reference}." in page


def test_a_sheet_without_numbers_is_told_that_corrections_count_as_new(send):  # noqa: F811
    _address, page = look(send, "titulo,tipo principal\nUna amenaza,THR.OTHER\n")

    assert "This sheet has no column with a record number" in page


def test_another_sheet_with_the_same_headings_and_numbers_does_not_overwrite_the_first(app, world, tmp_path):
    header = "id,titulo,tipo principal,fecha,lugar,relato\n"
    first, second = tmp_path / "2019.csv", tmp_path / "2020.csv"
    first.write_text(header + "1,Una amenaza,THR.DEATH,2019-05-02,Mara,Llamaron de noche\n", encoding="utf-8")
    second.write_text(header + "1,Una golpiza,PHYS.ASSAULT,2020-01-15,Ayabaca,En el mercado\n", encoding="utf-8")
    run(app, first, "--as", world.caseworker.email)

    outcome = run(app, second, "--as", world.caseworker.email)

    assert outcome.exit_code == 1
    assert "cuenta otra cosa" in outcome.output
    assert only(Incident).title_in("es") == "Una amenaza"
