"""The banner on every page, the list on «My work», and the page on which an alert is acknowledged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user

from app import access, web
from app.access import allow, may
from app.accounts.models import User
from app.alerts import queries
from app.alerts.models import Alert, kind_of
from app.alerts.operations import AlreadyAcknowledged, acknowledge
from app.db import ReasonMissing, db, now

bp = Blueprint("alerts", __name__, url_prefix="/alerts", template_folder="templates")

IN_BANNER = 3


def due_words(alert: Alert) -> str:
    """«2 hours left», «overdue for 20 minutes»."""
    left = alert.due_at - now()
    words = format_timedelta(max(abs(left), timedelta(minutes=1)), granularity="minute", threshold=1.2)
    return _("overdue for %(time)s", time=words) if left < timedelta() else _("%(time)s left", time=words)


def _told(alert: Alert) -> dict[str, Any]:
    kind = kind_of(alert)
    return {"alert": alert, "words": kind.words, "address": kind.address(alert), "due": due_words(alert)}


def may_acknowledge(alert: Alert) -> bool:
    return alert.is_open and may(current_user, "records.review", alert.team_id)


def banner(user: User) -> str:
    """Only the reference and the kind: whoever looks over a shoulder learns no more."""
    if request.endpoint == "desk.index" or not queries.may_wait_for(user):  # the desk lists them itself
        return ""
    alerts = list(db.session.scalars(queries.waiting_for(user).limit(IN_BANNER + 1)))
    if not alerts:
        return ""
    told = [_told(one) for one in alerts[:IN_BANNER]]
    return render_template("alerts/banner.html", alerts=told, more=len(alerts) > IN_BANNER)


def work_panel(user: User) -> str:
    alerts = list(db.session.scalars(queries.open_for(user)))
    if not alerts:
        return ""
    return render_template("alerts/work.html", alerts=[_told(one) for one in alerts], may_acknowledge=may_acknowledge)


def alerts_on(root: Any) -> list[dict[str, Any]]:
    """What the page of a record shows of its alerts."""
    return [
        {**_told(alert), "may_acknowledge": may_acknowledge(alert)} for alert in queries.alerts_of(current_user, root)
    ]


def alert_or_404(uid: str) -> Alert:
    return queries.alert_of(current_user, uid) or abort(404)


@bp.get("/<uid>")
@allow("records.read")
def show(uid: str) -> Any:
    return _page(alert_or_404(uid))


@bp.post("/<uid>/acknowledge")
@allow("records.review")
def acknowledged(uid: str) -> Any:
    alert, words = alert_or_404(uid), request.form.get("will_do", "")
    if not access.may(current_user, "records.review", alert.team_id):
        abort(403)
    try:
        acknowledge(alert, current_user, words)
    except ReasonMissing as problem:
        return _page(alert, words, str(problem)), 400
    except AlreadyAcknowledged as problem:
        return _page(alert, words, str(problem)), 409
    db.session.commit()
    web.say(_("%(reference)s: the alert is acknowledged.", reference=alert.reference))
    return redirect(kind_of(alert).address(alert), 303)


def _page(alert: Alert, typed: str = "", problem: str | None = None) -> str:
    return render_template(
        "alerts/show.html", typed=typed, problem=problem, may_acknowledge=may_acknowledge(alert), **_told(alert)
    )
