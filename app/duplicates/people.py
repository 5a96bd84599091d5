"""People of two records who may be one person: shown before the records become one."""

from __future__ import annotations

from app.accounts.models import User
from app.duplicates.finding import names_of_people
from app.duplicates.likeness import names_agree
from app.incidents.models import Incident
from app.people.models import Person


def people_alike(user: User, kept: Incident, gone: Incident) -> list[tuple[Person, Person]]:
    """(of the one that stays, of the other): two records of people whose names agree, as far as the user may know."""
    there = {act.person.id: act.person for act in kept.acts if act.person}
    coming = {act.person.id: act.person for act in gone.acts if act.person and act.person.id not in there}
    names = names_of_people(user, [*there.values(), *coming.values()])
    return [
        (ours, theirs)
        for ours in there.values()
        for theirs in coming.values()
        if any(names_agree(one, other) for one in names[ours.id] for other in names[theirs.id])
    ]
