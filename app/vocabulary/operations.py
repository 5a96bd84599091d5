"""Load and update code lists from the packs; keep local edits; deactivate, never delete."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.db import db
from app.vocabulary.models import LOCAL, PACK, Code, VocabularyVersion
from app.vocabulary.names import FIXED
from config import PACKS

NOT_CODE_LISTS = frozenset({"places", "sites", "organisations", "projects", "citations"})
PLAIN = ("label_en", "label_es", "definition_en", "definition_es", "parent", "valid_from", "valid_to", "source")
KNOWN = frozenset({"code", "sort", "selectable", "verified", "upr", *PLAIN})


class CodeProblem(Exception):
    """What was asked for a code cannot be; the text is a sentence for people."""


@dataclass
class Outcome:
    """How many codes an update added, changed, kept because they were edited here, and deactivated."""

    added: int = 0
    changed: int = 0
    kept: int = 0
    deactivated: int = 0


def load_packs(country: str) -> Outcome:
    """Bring all code lists of the core and the country's pack into step with the files."""
    outcome = Outcome()
    known = {code.key: code for code in db.session.scalars(select(Code))}
    seen: set[str] = set()
    for directory, code_country in (("core", None), (country.lower(), country)):
        for path in sorted((PACKS / directory).glob("*.csv")):
            if path.stem in NOT_CODE_LISTS:
                continue
            with path.open(encoding="utf-8", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), start=1):
                    key = f"{path.stem}/{row['code']}"
                    seen.add(key)
                    _load_code(known.get(key), key, path.stem, code_country, row, number, outcome)
    for key, code in known.items():
        if key not in seen and code.origin == PACK and code.active:
            code.active = False
            outcome.deactivated += 1
    if outcome.added or outcome.changed or outcome.deactivated:
        raise_version()
    return outcome


def _load_code(
    code: Code | None, key: str, list_name: str, country: str | None, row: dict[str, str], number: int, outcome: Outcome
) -> None:
    values: dict[str, Any] = {name: row.get(name) or None for name in PLAIN}
    values |= {
        "sort": int(row["sort"]) if (row.get("sort") or "").isdigit() else number,
        "selectable": row.get("selectable", "yes") != "no",
        "verified": (row.get("verified") or "")[:1] or None,
        "upr": row.get("upr") or None,
        "extra": {name: value for name, value in row.items() if name not in KNOWN and value} or None,
        "active": True,
    }
    if code is None:
        db.session.add(Code(key=key, list=list_name, code=row["code"], country=country, **values))
        outcome.added += 1
    elif code.edited:
        outcome.kept += 1
    elif any(getattr(code, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(code, name, value)
        outcome.changed += 1


def edit_code(code: Code, **values: Any) -> None:
    """Change a code here; later updates of the pack leave it as it is. What stays the same is no edit."""
    changes = {name: value for name, value in values.items() if getattr(code, name) != value}
    if not changes:
        return
    if code.list in FIXED and changes.get("active") is False:
        raise CodeProblem(_("Amparo's own rules name this code; it cannot be switched off."))
    for name, value in changes.items():
        setattr(code, name, value)
    code.edited = True
    raise_version()


def take_pack_words(code: Code, country: str) -> Outcome:
    """Give up the edits made here: the code is again what the pack says."""
    code.edited = False
    return load_packs(country)


def add_code(list_name: str, code: str, **values: Any) -> Code:
    """A code of one's own. Raises CodeProblem where the list is not to be added to, or has it already."""
    if list_name in FIXED:
        raise CodeProblem(_("Amparo's own rules name the codes of this list; none can be added."))
    if code == "NEW" or db.session.scalar(select(Code.id).where(Code.key == f"{list_name}/{code}")):
        raise CodeProblem(_("The list has this code already."))
    last = db.session.scalar(select(func.max(Code.sort)).where(Code.list == list_name)) or 0
    row = Code(
        key=f"{list_name}/{code}", list=list_name, code=code, sort=last + 10, origin=LOCAL, edited=True, **values
    )
    db.session.add(row)
    raise_version()
    return row


def raise_version() -> None:
    """Tell every process that labels it has kept are old."""
    version = db.session.get(VocabularyVersion, 1)
    if version is None:
        db.session.add(VocabularyVersion(id=1, number=1))
    else:
        version.number += 1
