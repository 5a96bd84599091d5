"""Who is who: the same account is equal to itself, however often and for whichever sign-in it was loaded."""

from sqlalchemy import select

from app.accounts.models import User
from app.db import db


def test_two_loads_of_one_user_are_equal_and_count_once(world):
    loads = []
    for token in ("of this browser", "of that browser"):
        db.session.expunge_all()
        loads.append(db.session.scalars(select(User).where(User.name == "Caseworker")).one())
        loads[-1].token = token
    first, second = loads

    assert first is not second
    assert first == second
    assert {first, second} == {first}


def test_two_users_differ_even_where_nobody_is_signed_in(world):
    assert world.caseworker != world.colleague
    assert world.coordinator not in [world.caseworker, world.colleague]
    assert world.caseworker != world.south


def test_accounts_not_yet_written_are_only_themselves():
    first, second = User(name="First"), User(name="Second")

    assert first in [first]
    assert first != second
    assert len({first, second}) == 2
