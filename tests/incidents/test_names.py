"""A name that is on no record: what it could mean is offered before anything is recorded a second time."""

import re
from html import unescape

import pytest

from app.access import visible
from app.db import db
from app.organisations.models import Organisation
from app.organisations.near import core, likeness
from tests import factories
from tests.incidents.test_logging import problems, recorded

OF_BOTH_DATABASES = ("sqlite",)

NEW = "/incidents/new"
TYPED = {"title_es": "Algo", "save": "draft"}


@pytest.fixture
def claro(world):
    company = factories.an_organisation("MRC Río Claro", kind="COMPANY")
    company.set_aliases(["Minera Río Claro"])
    factories.an_organisation("Ronda Oscura", kind="COMPANY")
    db.session.commit()
    return company


def offered(answer, field):
    return re.findall(rf'name="{field}-meant" id="[^"]+" value="([^"]+)"', answer.text)


def named(user, *words):
    """The organisations on record whose names hold these words."""
    names = [one.name for one in db.session.scalars(visible(Organisation, user)).unique()]
    return sorted(name for name in names if any(word in name for word in words))


@pytest.mark.parametrize("typed", ["Minera Río Claro S.A.", "rio claro", "Minera Rio Clarro"])
def test_what_is_nearly_called_so_is_offered_and_nothing_recorded(world, sign_in, claro, typed):
    fields = ("companies-0", "perpetrators-0-organisation")

    asked = sign_in(world.caseworker).post(NEW, {**TYPED, **dict.fromkeys(fields, typed)})

    for field in fields:
        assert offered(asked, field)[0] == claro.reference and offered(asked, field)[-1] == "NEW"
    assert "Ronda Oscura" not in asked.text
    assert named(world.caseworker, "Clar") == ["MRC Río Claro"]


def test_the_one_that_was_meant_is_taken(world, sign_in, claro):
    said = {"companies-0": "rio claro", "companies-0-asked": "rio claro", "companies-0-meant": claro.reference}

    answer = sign_in(world.caseworker).post(NEW, {**TYPED, **said})

    assert answer.status_code == 303, problems(answer)
    assert [one.name for one in recorded(world.caseworker)[0].companies] == ["MRC Río Claro"]


def test_a_new_one_is_recorded_once_and_only_if_that_was_said_of_this_name(world, sign_in, claro):
    browser = sign_in(world.caseworker)
    said = {"companies-0-asked": "Claro Sur", "companies-0-meant": "NEW"}

    other = browser.post(NEW, {**TYPED, **said, "companies-0": "Minera Río Claro S.A."})
    answer = browser.post(
        NEW, {**TYPED, **said, "companies-0": "Claro Sur", "perpetrators-0-organisation": "Claro Sur"}
    )

    assert other.status_code == 400
    assert answer.status_code == 303, problems(answer)
    assert named(world.caseworker, "Clar") == ["Claro Sur", "MRC Río Claro"]


def test_a_name_like_no_other_is_asked_about_at_its_field(world, sign_in):
    asked = sign_in(world.caseworker).post(NEW, {**TYPED, "projects-0": "Zigzag Xyloteca"})

    assert offered(asked, "projects-0") == ["NEW"]
    assert "Record “Zigzag Xyloteca” as new" in unescape(asked.text)


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        ("Minera Las Bambas S.A.", "Minera Las Bambas", True),
        ("Cerro Verde S.A.A.", "Sociedad Minera Cerro Verde", True),
        ("Acme Inc.", "ACME Ltd", True),
        ("Minera Norte", "Minera Sur", False),
        ("S.A.C.", "Otra S.A.C.", False),
        ("Anta", "Antamina", True),
        ("Shougang Hierro Peru", "Shougan Hierro Perú", True),
        ("", "Minera", False),
    ],
)
def test_two_names_are_alike(one, other, is_like):
    assert bool(likeness(core(one), core(other))) is is_like
