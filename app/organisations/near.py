"""Names that are nearly the same: offered before a new record is made of a name, so that nothing is recorded twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from app.access import visible
from app.accounts.models import User
from app.db import db, fold, folded_words
from app.organisations.models import Organisation, OrganisationAlias, Project, ProjectAlias

MOST_OFFERED = 6
ALIKE = 0.84
"""From which share of equal letters on two names are taken for one with a slip of the pen."""

LEGAL_FORMS = frozenset({
    "sa", "saa", "sac", "sacs", "srl", "scrl", "srltda", "eirl", "sas", "spa", "sl", "slu", "cia", "ltda",
    "ltd", "limited", "inc", "llc", "llp", "lp", "corp", "corporation", "plc", "co", "company",
    "gmbh", "ag", "nv", "bv", "pty", "pte", "ab", "asa", "oy",
})  # fmt: skip
"""Not with «sociedad» or «compañía»: written out they may be all that a name says."""

SMALL_WORDS = frozenset({"de", "del", "la", "las", "los", "el", "lo", "y", "e", "the", "of", "and"})

Words = tuple[str, ...]


def organisations_like(user: User, *names: str, but: Organisation | None = None) -> list[tuple[Organisation, str]]:
    """Visible organisations that could be meant, the likeliest first, each with the name or alias that is like it."""
    return _like(user, Organisation, OrganisationAlias.organisation_id, names, but)


def projects_like(user: User, *names: str, but: Project | None = None) -> list[tuple[Project, str]]:
    return _like(user, Project, ProjectAlias.project_id, names, but)


def _like(user: User, model: Any, owner: Any, names: Iterable[str], but: Any) -> list[tuple[Any, str]]:
    known, alias = visible(model, user), model.__alias__()
    own = known.with_only_columns(model.id, model.name)
    further = known.join(alias, owner == model.id).where(alias.open_to(user)).with_only_columns(model.id, alias.name)
    called = [*db.session.execute(own), *db.session.execute(further)]
    found = nearest(names, [one for one in called if but is None or one[0] != but.id])
    rows = {row.id: row for row in db.session.scalars(visible(model, user).where(model.id.in_(found))).unique()}
    return [(rows[id_], name) for id_, name in found.items()]


def nearest(names: Iterable[str], called: Iterable[Any]) -> dict[int, str]:
    """Of pairs of an id and a name: the ids whose name is like one of these, the likeliest first, with that name."""
    return nearest_of(names, with_cores(called))


def with_cores(called: Iterable[Any]) -> list[tuple[int, str, Words]]:
    """For who asks many times about the same names."""
    return [(id_, name, core(name)) for id_, name in called]


def nearest_of(names: Iterable[str], called: Iterable[tuple[int, str, Words]]) -> dict[int, str]:
    wanted = [core(name) for name in names]
    best: dict[int, tuple[float, str]] = {}
    for id_, other, words in called:
        score = max(likeness(one, words) for one in wanted)
        if score > best.get(id_, (0.0, ""))[0]:
            best[id_] = (score, other)
    ordered = sorted(best.items(), key=lambda item: (-item[1][0], fold(item[1][1]), item[0]))
    return {id_: other for id_, (_score, other) in ordered[:MOST_OFFERED]}


def core(name: str) -> Words:
    """The words that tell a name from others: «Minera Las Bambas S.A.» → minera, bambas."""
    plain = re.sub(r"(?<=\b\w)\.\s?(?=\w\b)", "", fold(name)).replace(".", " ")
    words = tuple(folded_words(plain))
    return tuple(word for word in words if word not in LEGAL_FORMS and word not in SMALL_WORDS) or words


def likeness(one: Words, other: Words) -> float:
    """0 where two names have nothing to do with each other; above 1 where one holds all that the other says."""
    if not one or not other:
        return 0.0
    first, second = " ".join(one), " ".join(other)
    if _holds(other, one) or set(other) <= set(one):
        return 1 + SequenceMatcher(None, first, second).ratio()
    # What differs so much in length cannot be alike; most pairs end here, before the letters are looked at.
    if 2 * min(len(first), len(second)) < ALIKE * (len(first) + len(second)):
        return 0.0
    shared = SequenceMatcher(None, first, second)
    if shared.quick_ratio() < ALIKE:
        return 0.0
    ratio = shared.ratio()
    return ratio if ratio >= ALIKE else 0.0


def _holds(name: Words, typed: Words) -> bool:
    """Whether every word that was typed begins one of the name."""
    return all(any(word.startswith(part) for word in name) for part in typed)
