"""Full text search: one `matching()` for both databases, over words folded once in Python.

A row carries two texts: what full readers may find it by, and what reading without identity may. A word that one may
not read cannot be probed for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, column, event, false, func, inspect, literal_column, or_, select, table
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.access import Reader
from app.db import Base, db, folded_words

MOST_WORDS = 20
LONGEST_TEXT = 200_000

S = TypeVar("S", bound=tuple[Any, ...])


class Searchable:
    """A model that search finds. It says its words; the listener below keeps the columns in step."""

    search_full: Mapped[str] = mapped_column(default="", deferred=True)
    search_reduced: Mapped[str] = mapped_column(default="", deferred=True)

    def words_for_full_readers(self) -> list[str | None]:
        """What may be found by those who read the row in full: never identity, notes or the names of sources."""
        raise NotImplementedError

    def words_for_everyone(self) -> list[str | None]:
        """What may be found by whoever sees the row: codes, places down to the department, reference."""
        raise NotImplementedError

    def index_for_search(self) -> None:
        self.search_full = _joined(self.words_for_full_readers() + self.words_for_everyone())
        self.search_reduced = _joined(self.words_for_everyone())


def _joined(texts: list[str | None]) -> str:
    words = dict.fromkeys(word for text in texts for word in folded_words(text))
    return " ".join(words)[:LONGEST_TEXT]


Followers = Callable[[Session, Any], list[Any]]
_followers: dict[type[Base], list[Followers]] = {}


def follows(model: type[Base], find: Followers) -> None:
    """When a row of *model* changes, index the rows that *find* gives again, as an incident follows a pseudonym."""
    _followers.setdefault(model, []).append(find)


def is_renamed(row: Any, column: str) -> bool:
    """Whether a row on record gets another name with this flush."""
    state = inspect(row)
    return bool(state.persistent and state.attrs[column].history.has_changes())


@event.listens_for(Session, "before_flush")
def _index_what_changed(session: Session, context: Any, instances: Any) -> None:
    with session.no_autoflush:
        touched: dict[int, Searchable] = {}
        for row in [*session.new, *session.dirty, *session.deleted]:
            if isinstance(row, Searchable):
                touched[id(row)] = row
            for find in _followers.get(type(row), []):
                touched |= {id(follower): follower for follower in find(session, row)}
        for row in touched.values():
            if row not in session.deleted:
                row.index_for_search()


def matching(statement: Select[S], model: Any, text: str | None, user: Reader) -> Select[S]:
    """Only rows in which each word of *text* begins a word that the user may read. No text, no narrowing.

    A text without any letter or number asks for something, and nothing is found by it.
    """
    words = folded_words(text)[:MOST_WORDS]
    if not words:
        return statement.where(false()) if (text or "").strip() else statement
    condition = _sqlite_condition if db.engine.dialect.name == "sqlite" else _postgresql_condition
    # What reading without identity may find, full readers find too: the first condition narrows by the index alone.
    is_open = or_(model.full_to(user), condition(model, "search_reduced", words))
    return statement.where(condition(model, "search_full", words), is_open)


def _sqlite_condition(model: Any, column_name: str, words: list[str]) -> ColumnElement[bool]:
    # Quoted words are harmless to FTS5's own query language, whatever was typed.
    phrase = f"{{{column_name}}} : (" + " ".join(f'"{word}"*' for word in words) + ")"
    index = table(f"{model.__tablename__}_fts", column("rowid"))
    return model.id.in_(select(index.c.rowid).where(literal_column(index.name).op("MATCH")(phrase)))


def _postgresql_condition(model: Any, column_name: str, words: list[str]) -> ColumnElement[bool]:
    # The configuration stands in the text of the query: only so the planner sees the index.
    simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
    vector = func.to_tsvector(simple, getattr(model, column_name))
    return vector.op("@@")(func.to_tsquery(simple, " & ".join(f"'{word}':*" for word in words)))
