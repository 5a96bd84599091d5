"""What the annex says in words: counted statements under the headings of a submission, each with where it stands.

Short and sourced, since OHCHR's own summary has ten pages for all who submit; what needs an author is left open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.db import alpha2
from app.i18n import letter_date_words
from app.places.countries import country_words
from app.upr.annex_words import code_words
from app.upr.columns import WITHHELD
from app.upr.linked import EVIDENCE_FOR
from app.upr.narrowed import narrowed_words
from app.upr.sums import Tally
from app.upr.survey import Survey, newest

Row = dict[str, Any]
Part = tuple[str, list[str]]

FIRST = 3
"""So many of the most frequent are named, and so many cases told in each part."""
REFERENCES = 10
"""So many references stand in one sentence."""
ACCEPTED = frozenset({"supported", "supported_noted"})
BROKEN = frozenset({"not_implemented", "regressed"})
POLICE_COMPANY, CONSULTATION = "POLICE_COMPANY_SECURITY", "INDIGENOUS_FPIC"
CITED = 2
"""So many sources are named with a case."""
FEW = 2
"""Of so many a median says nothing."""
OLD_MONTHS = 36
"""A proceeding that is open for so long is told of."""


def to_complete(words: str) -> str:
    """What a person must write."""
    return _("[complete: %(words)s]", words=words)


def parts(survey: Survey, pack: str) -> list[Part]:
    """Title and paragraphs of each part, in the order in which OHCHR's summary goes through them."""
    return [
        (_("Who submits, and how it was worked out"), list(_method(survey, pack))),
        (_("Follow-up to earlier recommendations"), list(_follow_up(survey))),
        (
            _("Legal and institutional framework"),
            [
                to_complete(
                    _("laws, the protection mechanism, the rules on police services for companies; with sources")
                )
            ],
        ),
        (_("Attacks on defenders"), list(_attacks(survey))),
        (_("Criminalisation"), list(_criminalisation(survey))),
        (_("Assembly and use of force"), list(_assembly(survey))),
        (_("Agreements between the police and companies"), list(_agreements(survey))),
        (_("Consultation and consent of indigenous peoples"), list(_consultation(survey))),
        (_("Remedy and impunity"), list(_remedy(survey))),
        (_("Recommendations"), list(_recommendations(survey))),
    ]


def table_title(name: str) -> str:
    return {
        "t01": _("Incidents by year and type"),
        "t02": _("Incidents by year and region"),
        "t03": _("Incidents by alleged perpetrator and type"),
        "t04": _("Incidents by group of defenders and gender"),
        "t05": _("Proceedings against defenders by offence, stage and outcome"),
        "t06": _("How long proceedings last"),
        "t07": _("Agreements between the police and companies"),
        "t08": _("How the State has answered"),
        "t09": _("Recommendations by cycle, position and implementation"),
        "t10": _("Incidents by protest and state of emergency"),
        "t11": _("Quality of the data"),
    }[name]


# --- the parts -----------------------------------------------------------------------------------


def _method(survey: Survey, pack: str) -> Iterator[str]:
    filters = survey.filters
    sums = survey.sums
    yield to_complete(_("who you are, since when, what you do"))
    period = {
        "first": letter_date_words(filters.first),
        "last": letter_date_words(filters.last),
        "country": country_words(filters.country),
    }
    if filters.verification in ("corroborated", "verified"):
        yield ngettext(
            "From %(first)s to %(last)s, %(num)s incident against human rights defenders in %(country)s is on record, "
            "corroborated or verified (Annex A).",
            "From %(first)s to %(last)s, %(num)s incidents against human rights defenders in %(country)s are on "
            "record, corroborated or verified (Annex A).",
            sums.incidents,
            **period,
        )
    else:
        yield ngettext(
            "From %(first)s to %(last)s, %(num)s incident against human rights defenders in %(country)s is on record, "
            "not all of them corroborated (Annex A).",
            "From %(first)s to %(last)s, %(num)s incidents against human rights defenders in %(country)s are on "
            "record, not all of them corroborated (Annex A).",
            sums.incidents,
            **period,
        )
    if narrowed := narrowed_words(filters):
        yield _(
            "Only a part of the records: %(narrowed)s. Proceedings and agreements are narrowed by region alone, "
            "agreements by sector too.",
            narrowed="; ".join(f"{name}: {words}" for name, words in narrowed),
        )
    if len(survey.rows) == sums.incidents:
        yield _(
            "These are the incidents on record, not a census. Each stands as a row in the data pack %(pack)s; a "
            "reference in brackets leads to it.",
            pack=pack,
        )
        return
    yield _(
        "These are the incidents on record, not a census. %(rows)s of them stand as rows in the data pack %(pack)s, to "
        "which the references in brackets lead; the others are only counted, because somebody in them did not agree "
        "to more.",
        rows=len(survey.rows),
        pack=pack,
    )


def _follow_up(survey: Survey) -> Iterator[str]:
    recommendations = survey.recommendations
    if not recommendations:
        yield to_complete(_("earlier recommendations, by number, and what became of them"))
        return
    positions = Counter(row["position"] for row in recommendations)
    cycles = sorted({row["cycle"] for row in recommendations if row["cycle"]})
    yield _(
        "Of %(number)s recommendations of the cycles %(cycles)s on record here, by the position of the State: "
        "%(positions)s (Annex I).",
        number=len(recommendations),
        cycles=_and(str(cycle) for cycle in cycles),
        positions=_counted(positions, lambda code: code_words("rec_positions", code)),
    )
    assessed = Counter(row["implementation"] for row in recommendations if row["implementation"] != "not_assessed")
    if assessed:
        words = _counted(assessed, lambda code: code_words("rec_implementation", code))
        yield _("As assessed by the submitting organisation: %(words)s.", words=words)
    for row in recommendations:
        if row["position"] in ACCEPTED and (row["implementation"] in BROKEN or row["evidence_refs"]):
            yield _told_recommendation(row)


def _told_recommendation(row: Row) -> str:
    """Quoted only where the text itself is on record; what was put in words of our own is no quotation."""
    if row["text"] and row["text"] != WITHHELD:
        told = _("“%(text)s”", text=row["text"].rstrip(". "))
    else:
        told = row["summary"] if row["summary"] == WITHHELD else row["summaries"][i18n.language()]
    said = _(
        "Recommendation %(number)s (%(states)s; %(position)s): %(told)s. Implementation: %(implementation)s.",
        number=_number_of(row),
        states=_states(row) or _("States not known"),
        position=code_words("rec_positions", row["position"]).lower(),
        told=told.rstrip(". "),
        implementation=code_words("rec_implementation", row["implementation"]).lower(),
    )
    evidence = _("Evidence: %(refs)s.", refs=_references(row["evidence_refs"])) if row["evidence_refs"] else ""
    return " ".join(part for part in (said, _in_language(row, "assessment"), evidence) if part)


def _in_language(row: Row, name: str) -> str:
    """A text that stands in two languages; where this one is missing, what is to be translated."""
    language = i18n.language()
    text, other = row[f"{name}_{language}"], row[f"{name}_{'es' if language == 'en' else 'en'}"]
    if text and text != WITHHELD:
        return str(text)
    return _("[translate: %(words)s]", words=other) if other and other != WITHHELD and not text else ""


def _attacks(survey: Survey) -> Iterator[str]:
    types = _by(survey.sums.by_year_type, 1)
    attacks = {code: tally for code, tally in types.items() if not (code or "").startswith("CRIM")}
    if not attacks:
        yield _("No attack is on record in this period.")
        return
    number = sum(tally.records for tally in attacks.values())
    yield ngettext(
        "%(num)s incident is an attack, a threat or another act outside court: %(types)s (Annex A).",
        "%(num)s incidents are attacks, threats or other acts outside court. Most frequent: %(types)s (Annex A).",
        number,
        types=_most_frequent(attacks, _type_words),
    )
    if survey.sums.killings:
        yield _killings(survey)
    regions = _by(survey.sums.by_year_region, 2)
    if max(tally.records for tally in regions.values()) > 1:
        words = _most_frequent(regions, lambda name: name or _("not known"))
        yield _("Regions with most incidents: %(regions)s (Annex B).", regions=words)
    perpetrators = _by(survey.sums.by_perpetrator_type, 0)
    yield _(
        "Alleged perpetrators, as sources name them: %(perpetrators)s; an incident can have several (Annex C).",
        perpetrators=_most_frequent(
            perpetrators, lambda code: code_words("perpetrator_types", code or "unknown").lower()
        ),
    )
    yield from _cases(survey, lambda row: not row["incident_type"].startswith("CRIM") and not row["protest_context"])


def _killings(survey: Survey) -> str:
    sums = survey.sums
    said = ngettext(
        "In %(num)s incident somebody was killed.", "In %(num)s incidents somebody was killed.", sums.killings
    )
    if not sums.killings_numbered:
        return said + " " + _("How many is not on record.")
    of_these = _("Of %(numbered)s of them a number is on record: at least %(persons)s persons.",
                 numbered=sums.killings_numbered, persons=sums.killed)  # fmt: skip
    return f"{said} {of_these}"


def _criminalisation(survey: Survey) -> Iterator[str]:
    against = [row for row in survey.sums.proceedings if row["direction"] == "against_defender"]
    incidents = sum(
        tally.records for code, tally in _by(survey.sums.by_year_type, 1).items() if (code or "").startswith("CRIM")
    )
    if not against and not incidents:
        yield _("No proceeding against defenders is on record in this period.")
        return
    if incidents:
        yield ngettext(
            "%(num)s incident is an act of criminalisation (Annex A).",
            "%(num)s incidents are acts of criminalisation (Annex A).",
            incidents,
        )
    if against:
        yield from _proceedings(against)
    old = [
        row
        for row in survey.proceedings
        if row["already_public"] and row["open_at_cutoff"] and (row["duration_months"] or 0) >= OLD_MONTHS
    ]
    for row in sorted(old, key=lambda row: -row["duration_months"])[:FIRST]:
        yield _(
            "One proceeding is open as far as is on record, after %(months)s months; last act on record: %(when)s; "
            "%(stage)s; %(offences)s (%(ref)s).",
            months=row["duration_months"],
            when=_month_words(row["last_act_month"]) if row["last_act_month"] else _("not known"),
            stage=code_words("proc_stages", row["stage"]).lower() if row["stage"] else _("stage not known"),
            offences=", ".join(code_words("offences", code).lower() for code in row["offence_codes"])
            or _("offence not known"),
            ref=row["proceeding_ref"],
        )
    yield from _cases(survey, lambda row: row["incident_type"].startswith("CRIM"))


def _proceedings(against: list[Row]) -> Iterator[str]:
    months = sorted(row["duration_months"] for row in against if row["duration_months"] is not None)
    offences = Counter(code for row in against for code in row["offence_codes"] or [])
    yield ngettext(
        "%(num)s proceeding against defenders is on record, with at least %(accused)s persons accused; open on the "
        "last day of the period: %(open)s (Annexes E and F).",
        "%(num)s proceedings against defenders are on record, with at least %(accused)s persons accused; open on the "
        "last day of the period: %(open)s (Annexes E and F).",
        len(against),
        accused=sum(row["accused_total"] or 0 for row in against),
        open=sum(bool(row["open_at_cutoff"]) for row in against),
    )
    if offences:
        words = _counted(Counter(dict(offences.most_common(FIRST))), lambda code: code_words("offences", code))
        yield _("Offences charged most often: %(offences)s.", offences=words)
    outcomes = Counter(row["outcome"] for row in against)
    yield _("Outcomes: %(outcomes)s.", outcomes=_counted(outcomes, lambda code: code_words("proc_outcomes", code)))
    if len(months) > FEW:
        yield _(
            "Counted from the first stage on record, they last from %(least)s to %(most)s months; half of them longer "
            "than %(median)s.",
            least=months[0],
            most=months[-1],
            median=months[(len(months) - 1) // 2],
        )


def _assembly(survey: Survey) -> Iterator[str]:
    in_protest = {cell: tally for cell, tally in survey.sums.by_context_type.items() if cell[0] is True}
    if not in_protest:
        yield _("No incident is on record as having happened in a protest.")
        return
    number = sum(tally.records for tally in in_protest.values())
    yield ngettext(
        "%(num)s incident happened in a protest (Annex J).", "%(num)s incidents happened in protests (Annex J).", number
    )
    if numbered := sum(tally.numbered for tally in in_protest.values()):
        persons = sum(tally.persons for tally in in_protest.values())
        yield _(
            "Of %(numbered)s of them the number of persons affected is on record: at least %(persons)s.",
            numbered=numbered,
            persons=persons,
        )
    if emergency := sum(tally.records for cell, tally in in_protest.items() if cell[1] is True):
        unknown = sum(tally.records for cell, tally in in_protest.items() if cell[1] is None)
        yield _(
            "%(emergency)s of them happened under a state of emergency; of %(unknown)s it is not on record.",
            emergency=emergency,
            unknown=unknown,
        )
    types = _by(in_protest, 2)
    yield _("Most frequent there: %(types)s.", types=_most_frequent(types, _type_words))
    yield from _cases(survey, lambda row: bool(row["protest_context"]) and not row["incident_type"].startswith("CRIM"))


def _agreements(survey: Survey) -> Iterator[str]:
    papers = [row for row in survey.contracts if row["incidents_in_validity"] is not None]
    if not papers:
        yield _("No agreement that may be published is on record for this period.")
        return
    companies = sorted({row["company_name"] for row in papers})
    in_force = [row for row in papers if row["status_at_cutoff"] == "in_force"]
    yield ngettext(
        "%(num)s agreement between the police and a company is on record for the period, with %(companies)s; in force "
        "for certain on its last day: %(open)s (Annex G).",
        "%(num)s agreements between the police and companies are on record for the period, with %(companies)s; in "
        "force for certain on its last day: %(open)s (Annex G).",
        len(papers),
        companies=_and(companies[:REFERENCES]) + ("…" if len(companies) > REFERENCES else ""),
        open=len(in_force),
    )
    fallen = sorted({row["from_ref"] for row in survey.links if row["relation"] == "during_validity_of"})
    if fallen:
        yield ngettext(
            "%(num)s incident that is already public happened within the term of one: %(refs)s. That does not say "
            "that the police acted for the company.",
            "%(num)s incidents that are already public happened within the term of one: %(refs)s. That does not say "
            "that the police acted for the company.",
            len(fallen),
            refs=_references(fallen),
        )
    yield _("The agreements: %(refs)s.", refs=_references(_agreement_words(row) for row in papers))
    if survey.recommendations and not _numbers_on(survey, POLICE_COMPANY):
        yield _("No recommendation of these cycles on record speaks of agreements between the police and companies.")


def _agreement_words(row: Row) -> str:
    said = [row["start_date"] or _("beginning not known")]
    if row["amount"]:
        said.append(f"{row['currency'] or ''} {row['amount']}".strip())
    return f"{row['company_name']}, {', '.join(said)} ({row['contract_ref']})"


def _consultation(survey: Survey) -> Iterator[str]:
    if numbers := _numbers_on(survey, CONSULTATION):
        told = _references(dict.fromkeys(numbers))
        yield _("Recommendations on record that speak of it: %(numbers)s (recommendations.csv).", numbers=told)
    yield to_complete(_("what was consulted, and what was not"))


def _numbers_on(survey: Survey, topic: str) -> list[str]:
    rows = [row for row in survey.recommendations if topic in row["topics"]]
    return [_number_of(row) for row in rows]


def _number_of(row: Row) -> str:
    """By which it is quoted; where its paragraph is not known, by who made it."""
    if row["paragraph"]:
        return str(row["paragraph"])
    states = _states(row) or _("States not known")
    return _("%(states)s, cycle %(cycle)s (number not known)", states=states, cycle=row["cycle"])


def _states(row: Row) -> str:
    return ", ".join(country_words(alpha2(code) or code) for code in row["recommending_states"])


def _remedy(survey: Survey) -> Iterator[str]:
    steps = survey.sums.by_step
    if not survey.sums.incidents:
        yield _("No incident is on record in this period.")
        return
    if not steps.keys() - {"incidents"}:
        yield ngettext(
            "Of %(num)s incident no step of the State is on record (Annex H). What is not on record may have happened.",
            "Of %(num)s incidents no step of the State is on record (Annex H). What is not on record may have "
            "happened.",
            survey.sums.incidents,
        )
    else:
        yield ngettext(
            "Of %(num)s incident, a complaint is on record for %(complaint)s, an investigation for %(investigation)s, "
            "charges for %(charges)s and a conviction for %(conviction)s (Annex H). What is not on record may have "
            "happened.",
            "Of %(num)s incidents, a complaint is on record for %(complaint)s, an investigation for %(investigation)s, "
            "charges for %(charges)s and a conviction for %(conviction)s (Annex H). What is not on record may have "
            "happened.",
            survey.sums.incidents,
            **{
                step: steps.get(step, Tally()).records
                for step in ("complaint", "investigation", "charges", "conviction")
            },
        )
    accountability = [row for row in survey.sums.proceedings if row["direction"] == "accountability"]
    if accountability:
        yield ngettext(
            "%(num)s proceeding seeks to hold somebody to account; open on the last day of the period: %(open)s "
            "(Annex F).",
            "%(num)s proceedings seek to hold somebody to account; open on the last day of the period: %(open)s "
            "(Annex F).",
            len(accountability),
            open=sum(bool(row["open_at_cutoff"]) for row in accountability),
        )
        outcomes = Counter(row["outcome"] for row in accountability)
        yield _("Outcomes: %(outcomes)s.", outcomes=_counted(outcomes, lambda code: code_words("proc_outcomes", code)))


def _recommendations(survey: Survey) -> Iterator[str]:
    texts = [text for row in survey.proposals if (text := _in_language(row, "text"))]
    for row in survey.recommendations:
        if row["proposed_follow_up"] and row["proposed_follow_up"] != WITHHELD:
            number, words = _number_of(row), row["proposed_follow_up"]
            texts.append(
                to_complete(_("as a recommendation, to follow up %(number)s: %(words)s", number=number, words=words))
            )
    yield from texts or [to_complete(_("what the State should do, one paragraph each, so that it can be taken over"))]


# --- how it is put -------------------------------------------------------------------------------


def _cases(survey: Survey, is_told: Callable[[Row], bool]) -> Iterator[str]:
    """Cases that illustrate, the newest last: only what is already public and has a summary in the language."""
    name = f"summary_{i18n.language()}"
    fitting = [row for row in survey.examples if row[name] not in (None, WITHHELD) and is_told(row)]
    for row in newest(fitting, FIRST):
        lead = ", ".join(part for part in (row["admin1_name"], _when(row)) if part)
        cited = "; ".join([row["incident_ref"], *_sources_of(survey, row["incident_ref"])])
        told = f"{row[name].rstrip('. ')} ({cited})."
        yield f"{lead}: {told}" if lead else told


def _sources_of(survey: Survey, reference: str) -> list[str]:
    """The first of the public sources that bear a record out."""
    titles = {row["source_ref"]: row["title"] for row in survey.sources}
    bearing = (
        row["from_ref"] for row in survey.links if row["to_ref"] == reference and row["relation"] == EVIDENCE_FOR
    )
    found = dict.fromkeys(titles[one] for one in bearing if titles.get(one) not in (None, WITHHELD))
    return list(found)[:CITED]


def _when(row: Row) -> str:
    return _month_words(row["event_month"]) if row["event_month"] else row["event_year"] or ""


def _month_words(written: str) -> str:
    """«enero de 2018», within a sentence."""
    year, month = written.split("-")
    words = i18n.month_words(date(int(year), int(month), 1))
    return words.lower() if i18n.language() == "es" else words


def _type_words(code: str | None) -> str:
    return code_words("incident_types", code).lower() if code else _("type not known")


def _by(cells: dict[tuple[Any, ...], Tally], position: int) -> dict[Any, Tally]:
    """Summed over all but one dimension."""
    found: dict[Any, Tally] = {}
    for cell, tally in cells.items():
        sum_ = found.setdefault(cell[position], Tally())
        sum_.records += tally.records
        sum_.persons += tally.persons
    return found


def _most_frequent(tallies: dict[Any, Tally], words: Callable[[Any], str]) -> str:
    ordered = sorted(tallies.items(), key=lambda item: (-item[1].records, str(item[0])))
    return _and(f"{words(value)} ({tally.records})" for value, tally in ordered[:FIRST])


def _counted(numbers: Counter[str], words: Callable[[str], str]) -> str:
    ordered = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    return _and(f"{words(code).lower()} ({number})" for code, number in ordered)


def _references(references: Iterable[str]) -> str:
    given = list(references)
    rest = len(given) - REFERENCES
    more = ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else ""
    return " ".join(part for part in (", ".join(given[:REFERENCES]), more) if part)


def _and(words: Iterable[str]) -> str:
    return i18n.list_words(words)
