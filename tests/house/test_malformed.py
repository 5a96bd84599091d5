"""What no person types: signs that are no text, words without end, the same form in the hands of two."""


import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.db import db
from app.incidents.models import Incident

ADDRESSES = (
    "/incidents/?q=a%00b&case=%00",
    "/incidents/%00",
    "/cases/?text=%00&status=a%00",
    "/people/?kind=a%00",
    "/people/suggest?q=%00",
    "/organisations/?text=a%00&kind=a%00&country=a%00",
    "/organisations/projects/?sector=a%00",
    "/places/suggest?q=a%00&country=%00",
    "/find?q=%00",
    "/find?q=PER-I-%00",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_nul_in_an_address_is_no_crash(world, sign_in, address):
    assert sign_in(world.caseworker).get(address, follow_redirects=True).status_code in (200, 400, 404)


def test_a_nul_in_a_form_is_left_out(world, sign_in):
    values = {
        "team_id": world.south.id,
        "pseudonym": "Cra\x00ne",
        "kind": "INDIVIDUAL",
        "note": "\x00",
        "form_token": "\x00",
    }

    answer = sign_in(world.caseworker).post("/people/new", values, follow=True)

    assert answer.status_code == 200
    assert "Crane" in answer.text


def test_the_same_token_in_the_forms_of_two_people_is_two_forms(world, sign_in):
    for user in (world.caseworker, world.stranger):
        for _time in range(2):
            values = {"title_es": "a", "save": "draft", "form_token": "t" * 43}
            assert sign_in(user).post("/incidents/new", values).status_code == 303

    assert db.session.scalar(unguarded(select(func.count(Incident.id)), "test")) == 2
