"""The dry run of projects: what each row comes to, said in its report, and the names that are in doubt."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.models import User
from app.imports.matching import how_words, named
from app.imports.planning import Decided, MatchProblem, Plan
from app.imports.project_weighing import Company, Gain, Weighed, Weighing


def look_around(user: User, team_id: int, plan: Plan) -> None:
    weighing = Weighing(user, team_id, plan.source, plan.decisions, doubts=True)
    weighing.know(plan.known)
    new, plan.new = plan.new, []
    already = []
    for row in new:
        weighed = weighing.take(row)
        row.remarks += _remarks(weighed)
        if weighed.makes_it:
            plan.new.append(row)
        elif weighed.may_change and weighed.gain:
            plan.adding.append(row)
        else:
            already.append(row)
        plan.can_add += bool(weighed.gain and weighed.is_ours and not weighed.may_change)
        for doubt in weighed.doubts:
            doubt.rows.append(row.number)
    plan.known += already
    plan.doubts += weighing.doubts.values()
    _check_answers(weighing)
    for key, answer in plan.decisions.answers.items():
        name, match = weighing.seen.get(key, (answer, None))
        words = named(match.record) if match and match.record else answer
        plan.decided.append(Decided(key, name, answer, words))


def _check_answers(weighing: Weighing) -> None:
    """An answer to a question that nobody asked, or with a record that is not there, is a slip: nothing is guessed."""
    settled: dict[str, bool] = {}
    for key, answer in weighing.decisions.answers.items():
        name = key.partition(":")[2]
        if key in weighing.seen:
            settled[name] = settled.get(name, False) or weighing.leads_somewhere(key, answer)
    for key, answer in weighing.decisions.answers.items():
        name = key.partition(":")[2]
        if name not in settled:
            raise MatchProblem(_("The sheet names nothing “%(name)s” that could be matched.", name=name))
        if not settled[name]:
            raise MatchProblem(
                _("“%(name)s” cannot be matched to “%(answer)s”: no single record of yours is called so.",
                  name=name, answer=answer)
            )  # fmt: skip


def _remarks(weighed: Weighed) -> list[str]:
    found = [_about_the_project(weighed)]
    found += [_about(company, weighed) for company in weighed.companies]
    if not weighed.makes_it and weighed.gain:
        found.append(_about_the_gain(weighed))
    if weighed.gain.note_is_too_long:
        found.append(_("The note of the project is full; what this row says is left out of it."))
    for doubt in weighed.doubts:
        shown = "; ".join(words for _value, words in doubt.options[:3])
        found.append(
            _("In doubt: “%(name)s” is nearly called like %(names)s. It is recorded as another one unless you say "
              "that they are the same.", name=doubt.name, names=shown)
        )  # fmt: skip
    return [words for words in found if words]


def _about_the_project(weighed: Weighed) -> str:
    draft, match = weighed.draft, weighed.match
    if weighed.makes_it:
        return _("New project “%(name)s”.", name=draft.name)
    if draft.is_new or not (draft.record and match.record):
        return _("The project of row %(row)s, “%(name)s”.", row=draft.first_row, name=draft.name)
    return _("Project matched to %(record)s, %(how)s.", record=named(draft.record), how=how_words(match))


def _about(company: Company, weighed: Weighed) -> str:
    name = company.called.name
    if company.match.record:
        record = named(company.match.record)
        said = _("Company “%(name)s” matched to %(record)s, %(how)s.", name=name, record=record,
                 how=how_words(company.match))  # fmt: skip
    elif not weighed.may_change:
        said = _("Company “%(name)s” is not on record.", name=name)
    elif company.first_row != weighed.row.number:
        said = _("Company “%(name)s”, new with row %(row)s.", name=company.match.asked, row=company.first_row)
    else:
        said = _("Company “%(name)s” will be recorded.", name=company.match.asked)
        if company.called.may_be_several:
            said += " " + _("It may be several companies; with a bar between them they are read so.")
    return said


def _about_the_gain(weighed: Weighed) -> str:
    # What stands in the note of a record that is not the team's own is no news of it.
    what = _gain_words(weighed.gain, with_note=weighed.is_ours)
    if not what:
        return ""
    if weighed.may_change:
        return _("Adds: %(what)s.", what=what)
    if weighed.is_ours:
        return _("The sheet says more, which can be added: %(what)s.", what=what)
    return _("The sheet says more: %(what)s. Only records of the team are added to.", what=what)


def _gain_words(gain: Gain, *, with_note: bool) -> str:
    return "; ".join(
        [
            *gain.aliases,
            *(company.match.asked for company in gain.companies),
            *gain.places.values(),
            *([_("a note")] if gain.note and with_note else []),
        ]
    )
