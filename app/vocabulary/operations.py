"""Load and update code lists from the packs; keep local edits; deactivate, never delete."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db
from app.vocabulary.models import Code, VocabularyVersion
from config import PACKS

NOT_CODE_LISTS = frozenset({"places", "sites", "organisations", "projects", "citations"})
PLAIN = ("label_en", "label_es", "definition_en", "definition_es", "parent", "valid_from", "valid_to", "source")
KNOWN = frozenset({"code", "sort", "selectable", "verified", "upr", *PLAIN})


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
        if key not in seen and code.origin == "pack" and code.active:
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
    """Change a code here; later updates of the pack leave it as it is."""
    for name, value in values.items():
        setattr(code, name, value)
    code.edited = True
    raise_version()


def add_code(list_name: str, code: str, **values: Any) -> Code:
    """A code of one's own."""
    row = Code(key=f"{list_name}/{code}", list=list_name, code=code, origin="local", edited=True, **values)
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
