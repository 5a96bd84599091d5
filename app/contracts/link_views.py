"""Pages of links: the list of what is undecided, the incidents of a contract, and one incident with one contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from app import web
from app.access import allow, full_or_404, may, reads_in_full, visible, visible_or_404
from app.contracts import link_words, linking, standing
from app.contracts.blueprint import bp
from app.contracts.link_evidence import evidence_called, evidence_offered
from app.contracts.link_forms import ProposalForm
from app.contracts.linking import LinkRefused
from app.contracts.links import L1, L2, ContractLink
from app.contracts.models import Contract
from app.contracts.standing import STATUSES, UNDECIDED, Standing, StandingWish
from app.db import db
from app.incidents.models import Incident
from app.incidents.queries import shown_date, shown_place, shown_title

MOST_IN_A_PANEL = 8


def _words() -> dict[str, Any]:
    """What every template of links needs."""
    return {
        "words": link_words,
        "shown_title": shown_title,
        "shown_date": shown_date,
        "shown_place": shown_place,
        "may_decide": _may_decide,
        "address_of": _address,
    }


def _may_decide(one: Standing) -> bool:
    """Only what the user reads in full stands in a list of links."""
    return may(current_user, "records.write", one.incident.team_id)


def _address(one: Standing, anchor: str | None = None) -> str:
    return url_for("contracts.link", reference=one.contract.reference, incident=one.incident.reference, _anchor=anchor)


def _page_of(statement: Select[Any], total: int) -> web.Page:
    """The rows of this page, with their records."""
    page = web.Page([], max(request.args.get("page", 1, type=int), 1), total)
    number = min(page.number, page.pages)
    rows = db.session.execute(statement.limit(page.per_page).offset((number - 1) * page.per_page)).all()
    return web.Page(standing.loaded(current_user, rows), number, total)


# --- lists ---------------------------------------------------------------------------------------


@bp.get("/links")
@allow("records.read")
def links() -> Any:
    names = ("status", "company", "project")
    wish = StandingWish(**{name: request.args.get(name, "").strip()[:200] for name in names})
    found = standing.standing_found(current_user, wish)
    numbers = standing.counted(found)
    status = wish.status if wish.status in STATUSES else _first(numbers)
    return render_template(
        "contracts/links.html",
        wish=wish,
        status=status,
        numbers=numbers,
        statuses=link_words.statuses(),
        page=_page_of(standing.of_status(found, status), numbers.get(status, 0)),
        **_words(),
    )


def _first(numbers: Any) -> str:
    """What asks for somebody soonest."""
    return next((status for status in STATUSES if numbers.get(status)), UNDECIDED)


def _agreement_or_404(reference: str) -> Contract:
    """The agreement of a visible paper: links are with the agreement."""
    paper = visible_or_404(Contract, current_user, reference)
    statement = (
        visible(Contract, current_user, withdrawn=True)
        .where(Contract.id == paper.base_id)
        .options(joinedload(Contract.company))
    )
    found: Any = db.session.scalars(statement).unique().one_or_none()
    return found or abort(404)


@bp.get("/<reference>/incidents")
@allow("records.read")
def incidents(reference: str) -> Any:
    contract = _agreement_or_404(reference)
    found = standing.of_contract(current_user, contract)
    numbers = standing.counted(found)
    page = _page_of(standing.in_order(found), sum(numbers.values()))
    return render_template(
        "contracts/incidents.html",
        contract=contract,
        numbers=numbers,
        certainty=link_words.certainty_words(standing.by_certainty(found)),
        statuses=link_words.statuses(),
        page=page,
        may_confirm=any(one.may_be_confirmed and _may_decide(one) for one in page.rows),
        **_words(),
    )


@bp.post("/<reference>/incidents")
@allow("records.write")
def confirm_links(reference: str) -> Any:
    """Confirm what is ticked: each as it was seen, all of them or, where one has changed, the others."""
    contract = _agreement_or_404(reference)
    ticked = dict(one.split(" ", 1) for one in request.form.getlist("pair") if " " in one)
    done, refused = 0, []
    try:
        incidents = _ticked_or_404(list(ticked))
        seen = {incident.id: ticked[incident.reference] for incident in incidents}
        links, problems = linking.confirm_matches(current_user, contract, incidents, seen)
        done, refused = len(links), [f"{incident.reference}: {problem}" for incident, problem in problems]
    except LinkRefused as problem:
        refused = [str(problem)]
    db.session.commit()
    if done:
        web.say(ngettext("%(num)s link is confirmed.", "%(num)s links are confirmed.", done))
    for sentence in refused:
        web.say(sentence, "warn")
    if not done and not refused:
        web.say(_("Tick at least one incident."), "warn")
    page = request.form.get("page", 1, type=int)
    return web.back_to(".incidents", reference=reference, page=page if page > 1 else None)


def _ticked_or_404(references: list[str]) -> list[Incident]:
    """All in one question; the first that the user does not read in full answers for itself. Raises LinkRefused."""
    linking.check_number(references)
    statement = visible(Incident, current_user).where(
        Incident.reference.in_(references), Incident.full_to(current_user)
    )
    rows: Any = db.session.scalars(statement).unique()
    found: dict[str, Incident] = {incident.reference: incident for incident in rows}
    return [found.get(one) or full_or_404(Incident, current_user, one) for one in references]


# --- one incident with one contract --------------------------------------------------------------


@bp.get("/links/of/<reference>")
@allow("records.read")
def find_pair(reference: str) -> Any:
    """From an incident to any contract by its reference: also where nothing was computed, more may be proposed."""
    incident = visible_or_404(Incident, current_user, reference)
    contract = linking.contract_called(current_user, request.args.get("contract", ""))
    if contract is None:
        web.say(_("No contract with this reference is on record."), "warn")
        return redirect(url_for("incidents.show", reference=incident.reference, _anchor="contracts-in-force"))
    return redirect(url_for(".link", reference=contract.reference, incident=incident.reference))


def _pair_or_404(reference: str, incident: str) -> Standing:
    """A link tells of the incident: who does not read it in full sees none."""
    contract = _agreement_or_404(reference)
    record = visible_or_404(Incident, current_user, incident)
    if not reads_in_full(current_user, record):
        abort(404)
    if record.is_withdrawn or contract.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))
    return standing.of_pair(current_user, record, contract)


@bp.get("/<reference>/incidents/<incident>")
@allow("records.read")
def link(reference: str, incident: str) -> Any:
    return _pair_page(_pair_or_404(reference, incident))


def _pair_page(
    one: Standing, form: ProposalForm | None = None, problem: LinkRefused | None = None, at: str = ""
) -> Any:
    form = form or ProposalForm(formdata=None, data=_as_proposed(one.link))
    offered = evidence_offered(current_user, one.incident, one.contract)
    form.offer(offered)
    evidence = next((found for found in offered if one.link and found.key == _key(one.link)), None)
    page = render_template(
        "contracts/link.html",
        one=one,
        form=form,
        evidence=evidence,
        typed=request.form.get("reason", ""),
        problem=problem,
        at=at,
        next=web.page_path(request.values.get("next")),
        may_second=linking.may_second(current_user, one),
        **_words(),
    )
    return page, 400 if problem or form.errors else 200


def _as_proposed(link: ContractLink | None) -> dict[str, Any]:
    if link is None or link.level in (L1, L2):
        return {}
    return {"level": link.level, "reason": link.reason, "evidence": _key(link)}


def _key(link: ContractLink) -> str:
    return link.source.reference if link.source else link.evidence_reference or ""


@bp.post("/<reference>/incidents/<incident>")
@allow("records.write")
def decide(reference: str, incident: str) -> Any:
    one = _pair_or_404(reference, incident)
    full_or_404(Incident, current_user, incident)
    name = request.form.get("decision", "")
    if name not in _DECISIONS:
        abort(400)
    act, done = _DECISIONS[name]
    form = ProposalForm() if name == "propose" else None
    if form is not None:
        form.offer(evidence_offered(current_user, one.incident, one.contract))
        if not form.validate():
            return _pair_page(one, form, at=name)
    try:
        act(one, form)
    except LinkRefused as problem:
        db.session.rollback()
        again = _pair_or_404(reference, incident)
        if form is not None and problem.field:
            form[problem.field].errors = [str(problem)]
        return _pair_page(again, form, problem, name)
    db.session.commit()
    web.say(str(done))
    return redirect(web.page_path(request.form.get("next")) or _address(one), 303)


def _reason() -> str:
    return request.form.get("reason", "")


def _seen() -> str:
    """Who does not say what they read has read nothing."""
    return request.form.get("seen", "")


def _confirm(one: Standing, _form: Any) -> None:
    linking.confirm_match(current_user, one.incident, one.contract, _seen())


def _reject(one: Standing, _form: Any) -> None:
    linking.reject(current_user, one.incident, one.contract, _reason())


def _propose(one: Standing, form: Any) -> None:
    evidence = evidence_called(current_user, one.incident, one.contract, form.evidence.data or "")
    linking.propose(current_user, one.incident, one.contract, form.level.data, form.reason.data, evidence)


def _second(one: Standing, _form: Any) -> None:
    linking.second(current_user, one.incident, one.contract, _reason(), _seen())


def _send_back(one: Standing, _form: Any) -> None:
    linking.send_back(current_user, one.incident, one.contract, _reason(), _seen())


def _reopen(one: Standing, _form: Any) -> None:
    linking.reopen(current_user, one.incident, one.contract, _reason(), _seen())


_DECISIONS: dict[str, tuple[Callable[[Standing, Any], None], Any]] = {
    "confirm": (_confirm, _l("The link is confirmed.")),
    "reject": (_reject, _l("The link is discarded. The reason stays with it.")),
    "propose": (_propose, _l("It is proposed, and waits for a second person.")),
    "second": (_second, _l("It is confirmed by you as the second person.")),
    "send_back": (_send_back, _l("It is sent back to who proposed it.")),
    "reopen": (_reopen, _l("The decision is taken back. The history keeps it.")),
}


# --- panels --------------------------------------------------------------------------------------


def panel_of_incident(incident: Incident) -> str:
    """The contracts of an incident, for its full readers: to others a contract would tell the place and the day."""
    if incident.is_withdrawn or not reads_in_full(current_user, incident):
        return ""
    found = standing.of_incident(current_user, incident)
    return render_template("contracts/of_incident.html", incident=incident, found=found, **_words())


def panel_of_contract(contract: Contract) -> str:
    if contract.is_withdrawn:
        return ""
    found = standing.of_contract(current_user, contract)
    numbers = standing.counted(found)
    if not numbers:
        return render_template("contracts/of_contract.html", contract=contract, found=[], certainty="", **_words())
    rows = db.session.execute(standing.in_order(found).limit(MOST_IN_A_PANEL)).all()
    return render_template(
        "contracts/of_contract.html",
        contract=contract,
        found=standing.loaded(current_user, rows),
        certainty=link_words.certainty_words(standing.by_certainty(found)),
        **_words(),
    )


def panel_of_work(user: Any) -> str:
    """For the coordination: proposals that wait for a second person."""
    waiting: Any = standing.waiting_for_a_second(user).order_by(ContractLink.at, ContractLink.id)
    rows = (
        db.session.scalars(
            waiting.options(
                joinedload(ContractLink.by), joinedload(ContractLink.incident), joinedload(ContractLink.contract)
            ).limit(MOST_IN_A_PANEL)
        )
        .unique()
        .all()
    )
    return render_template("contracts/waiting.html", rows=rows, **_words()) if rows else ""
