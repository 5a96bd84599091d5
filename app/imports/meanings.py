"""What words of sheets mean to a team: remembered for its next sheet, and for no other team's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.db import db, fold, now
from app.imports.mapping_models import LONGEST_WORD, ValueMeaning
from app.imports.value_words import LEFT_EMPTY, UNDECIDED, CodedColumn, Memory, code_in_list


def meanings_of(team_id: int) -> Memory:
    statement = select(ValueMeaning.list, ValueMeaning.word, ValueMeaning.code).where(ValueMeaning.team_id == team_id)
    return {(list_name, word): code for list_name, word, code in db.session.execute(statement)}


def remember(user: User, team_id: int, columns: Sequence[CodedColumn], said: Mapping[tuple[str, str], str]) -> None:
    """Keep what is not in the list anyway; the last word counts. Does not commit."""
    statement = select(ValueMeaning).where(ValueMeaning.team_id == team_id)
    known = {(one.list, one.word): one for one in db.session.scalars(statement)}
    for column in columns:
        for word in column.words:
            meaning, folded = said.get((column.field.name, word.key)), fold(word.text)
            if meaning is None or len(folded) > LONGEST_WORD:
                continue
            found = known.get((column.list_name, folded))
            if meaning == UNDECIDED or "+" in meaning or meaning == code_in_list(folded, column.list_name):
                if found is not None:
                    db.session.delete(found)
                    del known[column.list_name, folded]
                continue
            if found is None:
                found = known[column.list_name, folded] = ValueMeaning(
                    team_id=team_id, list=column.list_name, word=folded
                )
                db.session.add(found)
            code = None if meaning == LEFT_EMPTY else meaning
            if found.code != code or found.by_id is None:
                found.code, found.by_id, found.at = code, user.id, now()
