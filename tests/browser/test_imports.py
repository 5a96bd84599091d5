"""A sheet as people keep it becomes records; what it tells twice is brought together; a wrong file is taken back."""

import csv
import io

from playwright.sync_api import expect

from app.incidents.models import Incident
from tests.browser.test_journeys import one

HEADINGS = ("N°", "FEC_HECHO", "Dpto.", "Provincia", "Distrito", "Nombre de la persona agredida", "Sexo", "Edad",
            "Qué le hicieron", "Quiénes fueron", "De dónde se sabe", "Relato de lo ocurrido", "Ficha")  # fmt: skip
ROWS = """
1;25/04/2019;Apurímac;Cotabambas;Challhuahuacho;Rosaura Huillca Tintaya;F;41;Amenaza de muerte;Policía;Radio;Que deje la dirigencia o la matan;verde
2;26/04/2019;Apurímac;Cotabambas;Challhuahuacho;Rosaura Huilca Tintalla;F;41;amenaza de muerte;PNP;Testimonio;La amenazaron por dirigir la comunidad;verde
3;03/04/2019;Cusco;Espinar;Espinar;Teófilo Ccahua Merma;M;52;Golpes;policia nacional;Testimonio;Lo golpearon en el desalojo de la carretera;roja
4;04/04/2019;Cusco;Espinar;Espinar;Teofilo Cahua Merma;M;52;golpes;Policía;Radio;Golpearon a un dirigente en la carretera;roja
5;12/06/2019;Cajamarca;Celendín;Celendín;Maribel Chuquilín Rojas;F;38;Amenaza de muerte;Seguridad privada;Testimonio;La llamaron de noche;verde
6;13/06/2019;Cajamarca;Celendín;Celendín;Maribel Chuquilin Rojas;F;N/D;amenaza de muerte;seguridad privada;Denuncia;Tres llamadas a su casa;verde
7;18/07/2019;Loreto;Loreto;Nauta;Abdón Tamani Inuma;M;N/D;Golpes;PNP;Testimonio;Herido en la protesta del río;roja
8;30/08/2019;Piura;Ayabaca;Pacaipampa;Segundo Neira Guarnizo;M;60;Amenaza de muerte;N/D;Testimonio;Anotaron la placa de su mototaxi;verde
9;14/09/2019;Moquegua;Mariscal Nieto;Torata;Eufemia Cutipa Ramos;F;35;Amenaza de muerte;NN;N/D;Un mensaje en la puerta de su casa;roja
10;02/10/2019;Puno;Melgar;Ayaviri;Wilber Quispe Ancalle;M;28;Golpes;policia nacional;Radio;Herido al despejar un puente;roja
11;21/10/2019;Amazonas;Condorcanqui;Nieva;Yanua Tsamajain Ugkum;F;33;Amenaza de muerte;NN;Testimonio;Preguntaron por ella;verde
12;05/11/2019;Ayacucho;Lucanas;Puquio;Hernán Sulca Poma;M;47;Amenaza de muerte;N/D;Testimonio;Llamadas de noche;verde
"""  # noqa: E501
FILE, WRONG = "Registro de agresiones.csv", "Otra hoja.csv"
PROPOSED = {
    "FEC_HECHO": "happened", "Dpto.": "department", "Nombre de la persona agredida": "legal_name", "Edad": "age",
    "Relato de lo ocurrido": "narrative", "De dónde se sabe": "community", "Ficha": "",
}  # fmt: skip
CORRECTED = {"De dónde se sabe": "source_citation", "Qué le hicieron": "main_type", "Quiénes fueron": "perpetrators"}
MEANT = {"Golpes": "PHYS.ASSAULT", "Policía": "PNP", "NN": "UNKNOWN"}
PLACES_TOLD_TWICE = ("Challhuahuacho", "Espinar", "Celendín")


def sheet(rows, headings=HEADINGS):
    """As a spreadsheet in Spanish saves it: semicolons, and not in UTF-8."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([headings, *rows])
    return text.getvalue().encode("cp1252")


def upload(someone, filename, content):
    someone.go("/imports/")
    someone.page.locator("#file").set_input_files({"name": filename, "mimeType": "text/csv", "buffer": content})
    go_on(someone)


def go_on(someone):
    someone.press(someone.page.locator("main form .btn-primary").last)


def asked(page, words):
    """The choice that bears these words of the sheet: a heading, or what stands in a cell."""
    return page.get_by_role("combobox", name=words, exact=True)


def look(someone):
    """What a machine can see of the page, on a screen and on a phone."""
    someone.check_accessibility()
    page, size = someone.page, someone.page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    someone.check_no_sideways_scrolling()
    page.set_viewport_size(size)


def import_the_register(caseworker, house):
    page = caseworker.page
    upload(caseworker, FILE, sheet(line.split(";") for line in ROWS.split("\n") if line))
    expect(page.locator("h1")).to_have_text(house.words("Qué contienen las columnas", "What the columns hold"))
    for heading, field in PROPOSED.items():
        expect(asked(page, heading)).to_have_value(field)
    assert house.words("03/04/2019 se lee como 3 abr 2019", "03/04/2019 is read as 3 Apr 2019") in text_of(page)
    expect(page.locator("#empty-words")).to_have_value("N/D")
    look(caseworker)
    for heading, field in CORRECTED.items():
        asked(page, heading).select_option(field)
    page.locator("#language").select_option("es")
    go_on(caseworker)

    expect(page.locator("h1")).to_have_text(house.words("Qué significan las palabras", "What the words mean"))
    look(caseworker)
    for word, code in MEANT.items():
        expect(asked(page, word)).to_have_value("")
        asked(page, word).select_option(code)
    go_on(caseworker)

    expect(page.locator("section[aria-labelledby=rows] tbody tr")).to_have_count(12)
    said = text_of(page)
    assert "Windows-1252" in said and house.words("el día va primero", "the day stands first") in said
    look(caseworker)
    caseworker.press(page.locator("button[name=decision][value=import]"))
    assert house.words("12 incidentes importados", "12 incidents imported") in text_of(page)


def text_of(page):
    return page.locator("main").inner_text()


def pair_of(page, place):
    """On the page of likely duplicates, the two records of a place that the sheet brought."""
    return page.locator("main section", has_text=place).filter(has_text="2019")


def test_a_sheet_comes_in_and_its_doubles_are_brought_together(visitor, house):
    """What words mean is said once; three events told twice are decided; from then on the import stays."""
    import_the_register(visitor().sign_in("caseworker@demo.example"), house)

    coordinator = visitor().sign_in("coordinator@demo.example")
    page = coordinator.page
    coordinator.go("/duplicates/")
    for place in PLACES_TOLD_TWICE:
        expect(pair_of(page, place)).to_have_count(1)
    look(coordinator)
    coordinator.press(pair_of(page, "Espinar").locator("button[value=DIFFERENT]"))
    coordinator.press(pair_of(page, "Celendín").locator("button[value=LATER]"))
    expect(pair_of(page, "Espinar")).to_have_count(0)
    expect(pair_of(page, "Celendín")).to_have_count(0)

    coordinator.press(pair_of(page, "Challhuahuacho").locator("a.btn-primary"))
    look(coordinator)
    page.locator("#reason").fill("La misma amenaza, contada por dos personas")
    go_on(coordinator)
    kept = text_of(page)
    assert "Que deje la dirigencia o la matan" in kept and "La amenazaron por dirigir la comunidad" in kept
    coordinator.check_accessibility()
    coordinator.go("/duplicates/?show=later")
    expect(pair_of(page, "Celendín")).to_have_count(1)
    coordinator.go("/duplicates/decided")
    assert "Espinar" in text_of(page)
    look(coordinator)

    coordinator.go("/imports/")
    coordinator.press(page.get_by_role("link", name=FILE, exact=True))
    look(coordinator)
    coordinator.press(page.locator("a[href$='/undo']"))
    refused = house.words("Esta importación no se puede deshacer", "This import cannot be undone")
    assert refused in text_of(page) and "PER-I-" in text_of(page)
    expect(page.locator("#reason")).to_have_count(0)
    look(coordinator)


def test_the_wrong_file_is_taken_back(visitor, house):
    """Undone with a reason, its records are gone, and the page of the import says who did it and why."""
    caseworker = visitor().sign_in("caseworker@demo.example")
    page = caseworker.page
    upload(caseworker, WRONG, sheet([["Visita a la comunidad", "25/04/2019"]], headings=("Título", "Fecha")))
    expect(page.locator("button[name=decision]").first).to_be_visible()
    caseworker.press(page.locator("button[name=decision][value=import]"))
    title = house.words(Incident.title_es, Incident.title_en)  # the language of who imports, unless another is said
    reference = one(house, Incident, title == "Visita a la comunidad")
    assert caseworker.go(f"/incidents/{reference}").status == 200

    caseworker.go("/imports/")
    caseworker.press(page.get_by_role("link", name=WRONG, exact=True))
    caseworker.press(page.locator("a[href$='/undo']"))
    look(caseworker)
    page.locator("#reason").fill("Era la hoja de otra oficina")
    caseworker.press(page.locator("button.btn-grave"))

    assert "Era la hoja de otra oficina" in text_of(page)
    look(caseworker)
    assert caseworker.go(f"/incidents/{reference}").status == 404
