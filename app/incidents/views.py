"""The list of incidents and its export, the page of one incident, its history, withdrawing and restoring it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app import access, web
from app.access import allow, full_ids, visible
from app.accounts.queries import names_of
from app.alerts.views import alerts_on
from app.dates import today
from app.db import db
from app.downloads import give
from app.evidence.queries import counted_files
from app.incidents import consent, export, operations, queries
from app.incidents.blueprint import bp
from app.incidents.clarifying import notes_by_field
from app.incidents.filters import WishForm
from app.incidents.history import history_of
from app.incidents.linking import shown_links
from app.incidents.models import Incident, ReviewNote
from app.incidents.queries import Wish, for_list, for_page, incidents_found
from app.incidents.responses import grade_of
from app.incidents.review import checks, moves_for, note_asked, people_for, public_moves_for
from app.incidents.sources import independent_sources, same_origin_as
from app.incidents.workflow import CORROBORATED, STATES, VERIFIED, WAITING, WITH_AUTHOR
from app.part_pages import add_withdrawal
from app.people.consent import ANY_PURPOSE
from app.workflow import OpenMove

STEPS_ON_PAGE = 8
UNDER_WAY = WITH_AUTHOR | WAITING


# --- the list ------------------------------------------------------------------------------------


@bp.get("/")
@allow("records.read")
def index() -> Any:
    form = WishForm(current_user, request.args)
    if not form.validate():
        return render_template("incidents/index.html", form=form, chips=[], page=None), 400
    wish = form.wish()
    counters = _counters(wish)
    page = web.paged(incidents_found(current_user, wish), load=for_list, total=counters["total"])
    return render_template(
        "incidents/index.html",
        form=form,
        wish=wish,
        page=page,
        chips=form.chips(_list_address),
        order_url=lambda order: _list_address(**{**form.arguments(), "order": order}),
        withdrawn_url=_list_address(**{**form.arguments(), "withdrawn": "yes"}),
        in_full=full_ids(Incident, current_user, page.rows),
        shown_title=queries.shown_title,
        harm_words=queries.harm_words,
        shown_place=queries.shown_place,
        shown_date=queries.shown_date,
        **counters,
    )


def _list_address(**arguments: Any) -> str:
    return url_for("incidents.index", **arguments)


def _counters(wish: Wish) -> dict[str, Any]:
    """Counted by the sentence that draws the list, so that the numbers agree."""
    by_state = queries.counted_by_state(incidents_found(current_user, replace(wish, states=())))
    shown = {state: by_state[state] for state in wish.states or STATES if state in by_state}
    is_narrowed = replace(wish, order=queries.NEWEST) != Wish()
    return {
        "total": sum(shown.values()),
        "by_state": by_state,
        "state_words": _state_words(shown),
        "visible_total": access.count(visible(Incident, current_user)) if is_narrowed else sum(by_state.values()),
        "withdrawn_total": access.count(incidents_found(current_user, replace(wish, withdrawn=True))),
    }


def _state_words(by_state: Mapping[str, int]) -> list[str]:
    """«4 verified, 6 corroborated, 5 in other states»."""
    verified, corroborated = by_state.get(VERIFIED, 0), by_state.get(CORROBORATED, 0)
    others = sum(by_state.values()) - verified - corroborated
    words = (
        (verified, ngettext("%(num)s verified", "%(num)s verified", verified)),
        (corroborated, ngettext("%(num)s corroborated", "%(num)s corroborated", corroborated)),
        (others, ngettext("%(num)s in another state", "%(num)s in other states", others)),
    )
    return [sentence for number, sentence in words if number]


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    form = WishForm(current_user, MultiDict(request.form))
    if not form.validate():
        return render_template("incidents/index.html", form=form, chips=[], page=None), 400
    return give(current_user, export.table_of(current_user, form.wish(), form.arguments()))


# --- one incident --------------------------------------------------------------------------------


def shown_or_404(reference: str) -> Incident:
    """The incident with all that its page shows."""
    statement = visible(Incident, current_user, withdrawn=True).where(Incident.reference == reference)
    return db.session.scalars(for_page(statement)).unique().one_or_none() or abort(404)


def facts_of(incident: Incident, in_full: bool) -> dict[str, Any]:
    """What the parts of the page that show facts need."""
    links = incident.source_links if in_full else []
    return {
        "incident": incident,
        "in_full": in_full,
        "title": queries.shown_title(incident, in_full),
        "place": queries.shown_place(incident, in_full),
        "date": queries.shown_date(incident, in_full),
        "links": links,
        "source_files": counted_files(current_user, [link.source for link in links]),
        "linked": shown_links(current_user, incident),
        "shown_title": queries.shown_title,
        "shown_date": queries.shown_date,
        "grade": grade_of(incident.responses),
        "answer_notes": notes_by_field(incident) if in_full else {},
        "repeats": same_origin_as(links),
        "independent": independent_sources(incident) if in_full else 0,
    }


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    incident = shown_or_404(reference)
    if not access.reads_in_full(current_user, incident):
        return render_template("incidents/show_reduced.html", **facts_of(incident, False))
    steps, there_is_more = history_of(incident, current_user, STEPS_ON_PAGE)
    return render_template(
        "incidents/show.html",
        steps=steps,
        there_is_more=there_is_more,
        last_note=_last_note(incident),
        alerts=alerts_on(incident),
        public_moves=[_button(open_move) for open_move in public_moves_for(incident, current_user)],
        said_public=_said_public(incident),
        people=people_for(incident) if access.may(current_user, "records.review", incident.team_id) else [],
        has_people=bool(consent.people_in(incident)),
        least_level=consent.least_level(incident, ANY_PURPOSE, today()),
        uses=consent.uses(incident, today()),
        **review_of(incident),
        **facts_of(incident, True),
    )


def review_of(incident: Incident) -> dict[str, Any]:
    """What the part of the page with the moves needs."""
    moves = moves_for(incident, current_user)
    asked = [
        f"{one.move.label}: {_within(note_asked(one.name))}" for one in moves if one.move.asks_note and one.is_possible
    ]
    return {
        "is_under_way": incident.state in UNDER_WAY,
        "checks": checks(incident),
        "moves": [_button(one) for one in moves],
        "notes_asked": " ".join(asked) or _("It is kept with this step; those who work on the record read it."),
    }


def _within(sentence: str) -> str:
    """A sentence after a colon begins small."""
    return sentence[:1].lower() + sentence[1:]


def _button(open_move: OpenMove) -> dict[str, Any]:
    move = open_move.move
    return {"name": open_move.name, "words": move.label, "reason": open_move.hindrance, "is_grave": move.is_grave}


def _last_note(incident: Incident) -> ReviewNote | None:
    """What was said with the last step, while it matters to whoever works on it."""
    last = incident.reviews[-1] if incident.reviews else None
    return last if last is not None and last.note and incident.state in UNDER_WAY else None


def _said_public(incident: Incident) -> dict[str, str]:
    wanted = {"first": incident.public_set_by_id, "second": incident.public_approved_by_id}
    names = names_of(wanted.values())
    return {part: names.get(number, "Amparo") for part, number in wanted.items()}


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    incident = shown_or_404(reference)
    if not access.reads_in_full(current_user, incident):
        abort(404)
    steps, _more = history_of(incident, current_user)
    return render_template("incidents/history.html", steps=steps, **facts_of(incident, True))


add_withdrawal(bp, Incident, operations.withdraw_incident, operations.restore_incident)
