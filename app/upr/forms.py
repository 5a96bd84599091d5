"""What a coordinator asks of a pack: the same wishes as on the command line; and what the cover of the annex says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import DateInput, NumberInput

from app.i18n import LANGUAGES
from app.people.allowed import ANONYMISED_PUBLIC, NAMED_PUBLIC
from app.places.countries import country_choices
from app.places.queries import regions_with_codes
from app.recommendations.calendar import default_first
from app.recommendations.queries import cycles_of
from app.upr.annex_words import code_words
from app.upr.cover import FEWEST, INDIVIDUAL, JOINT, LONGEST, MOST_WORDS, Cover
from app.upr.filters import (
    ALL,
    CELL_MIN,
    EVENT,
    FIRM_ENOUGH,
    LEAST,
    LISTS,
    MOST,
    RECORDED,
    SEVERAL,
    BadFilters,
    Filters,
    K,
    codes_that_leave,
)
from app.upr.models import INTERNAL, PUBLIC
from app.upr.period import presets
from app.vocabulary.offered import Ticks, WholeNumberField, offered

FIELD_OF = {"from": "first", "to": "last", "bom": "mark"}
"""Name in the address → attribute of the form, where they differ."""


def _number(words: Any, help_: Any) -> StringField:
    """Judged by `read_filters`, as all that is typed here."""
    return StringField(words, widget=NumberInput(min=LEAST, max=MOST), description=help_)


class FiltersForm(FlaskForm):
    """Filters in the address of the preview. What is typed is judged by `read_filters`, here as on the command line."""

    class Meta:
        csrf = False

    country = SelectField(_l("Country"), choices=country_choices, validate_choice=False)
    session = SelectField(_l("Session of the review"), validate_choice=False)
    first = StringField(_l("First day"), name="from", widget=DateInput())
    last = StringField(_l("Last day"), name="to", widget=DateInput())
    date_basis = SelectField(
        _l("Day that counts"),
        choices=[SelectChoice(EVENT, _l("of the incident")), SelectChoice(RECORDED, _l("on which it was recorded"))],
        validate_choice=False,
    )
    include_undated = BooleanField(_l("With incidents without a date"))
    verification = SelectField(
        _l("Verification, at least"),
        choices=[
            SelectChoice("verified", _l("verified")),
            SelectChoice("corroborated", _l("corroborated")),
            SelectChoice("single_source", _l("single source")),
            SelectChoice("unverified", _l("not verified (internal packs only)")),
        ],
        validate_choice=False,
    )
    consent = SelectField(
        _l("Consent, at least"),
        choices=[
            SelectChoice(ANONYMISED_PUBLIC, _l("anonymous publication (C3)")),
            SelectChoice(NAMED_PUBLIC, _l("publication with the name (C4)")),
        ],
        validate_choice=False,
    )
    types = Ticks(_l("Types of incident"), validate_choice=False)
    perpetrators = Ticks(_l("Alleged perpetrators"), validate_choice=False)
    sectors = Ticks(_l("Sectors"), validate_choice=False)
    admin1 = Ticks(_l("Regions"), validate_choice=False)
    recs = Ticks(
        _l("Cycles of recommendations"),
        validate_choice=False,
        description=_l("None: the last two on record, and earlier recommendations that you have worked on."),
    )
    profile = SelectField(
        _l("Profile"),
        choices=[
            SelectChoice(PUBLIC, _l("public: safe to publish")),
            SelectChoice(INTERNAL, _l("internal: days, provinces, numbers of files")),
        ],
        validate_choice=False,
    )
    reason = StringField(
        _l("Why does it show more?"), description=_l("For the internal profile, and for smaller numbers than usual.")
    )
    k = _number(_l("Rows alike, at least"), _l("A row that is not public already is like so many others."))
    cell_min = _number(_l("Smallest cell"), _l("Of tables by group and gender; smaller ones are not printed."))
    lang = SelectField(_l("README language"), choices=list(LANGUAGES.items()), validate_choice=False)
    delimiter = SelectField(
        _l("Column separator"), choices=[(",", _l("comma")), (";", _l("semicolon"))], validate_choice=False
    )
    mark = SelectField(
        _l("Byte order mark"),
        name="bom",
        choices=[SelectChoice("1", _l("yes, Excel needs it")), SelectChoice("0", _l("no"))],
        validate_choice=False,
    )
    hxl = SelectField(
        _l("Row of HXL tags"),
        choices=[SelectChoice("0", _l("no")), SelectChoice("1", _l("yes"))],
        validate_choice=False,
    )

    @classmethod
    def asked(cls, given: MultiDict[str, str], language: str, today: date) -> FiltersForm:
        """The form with what was typed, defaults where nothing was."""
        country = given.get("country") or current_app.config["SETTINGS"].country
        first = default_first(country, today)
        values: dict[str, Any] = {
            "country": country,
            "session": given.get("session", ""),
            "first": given.get("from") or (first.isoformat() if first else ""),
            "last": given.get("to") or today.isoformat(),
            "date_basis": given.get("date_basis") or EVENT,
            "include_undated": given.get("include_undated") in ("1", "y", "yes"),
            "verification": given.get("verification") or FIRM_ENOUGH,
            "consent": given.get("consent") or ANONYMISED_PUBLIC,
            "recs": _cycles_given(given.getlist("recs"), country),
            "profile": given.get("profile") or PUBLIC,
            "reason": given.get("reason", ""),
            "k": given.get("k") or str(K),
            "cell_min": given.get("cell_min") or str(CELL_MIN),
            "lang": given.get("lang") or language,
            "delimiter": given.get("delimiter") or ",",
            "mark": given.get("bom") or "1",
            "hxl": given.get("hxl") or "0",
            **{name: given.getlist(name) for name in (*LISTS, "admin1")},
        }
        form = cls(formdata=None, data=values)
        form.session.choices = offered([("", ""), *_sessions(country, today)])
        for name, list_name in LISTS.items():
            form[name].choices = offered(_codes(list_name))
        form.recs.choices = offered((str(cycle), str(cycle)) for cycle in cycles_of(country))
        form.admin1.choices = offered((code, f"{name} ({code})") for code, name in regions_with_codes(country))
        return form

    @property
    def is_narrowed(self) -> bool:
        """Whether something beyond country and period differs from what holds without being asked."""
        usual = {"date_basis": EVENT, "verification": FIRM_ENOUGH, "consent": ANONYMISED_PUBLIC, "profile": PUBLIC,
                 "k": str(K), "cell_min": str(CELL_MIN), "delimiter": ",", "mark": "1", "hxl": "0"}  # fmt: skip
        others = ("include_undated", "recs", "reason", *LISTS, "admin1")
        return any(self[name].data != value for name, value in usual.items()) or any(
            self[name].data or self[name].errors for name in others
        )

    def tell(self, bad: BadFilters) -> None:
        """Put each problem at its field."""
        for problem in bad.problems:
            field = getattr(self, FIELD_OF.get(problem.field, problem.field))
            field.errors = [*field.errors, problem.message]


def _cycles_given(given: list[str], country: str) -> list[str]:
    return [str(cycle) for cycle in cycles_of(country)] if given == [ALL] else given


def _sessions(country: str, today: date) -> list[tuple[str, str]]:
    return [(str(one.review.session), str(one.review.session)) for one in presets(country, today)]


def _codes(list_name: str) -> list[tuple[str, str]]:
    return [(code, code_words(list_name, code)) for code in codes_that_leave(list_name)]


def arguments(filters: Filters) -> MultiDict[str, str]:
    """The filters as an address or a hidden form carries them."""
    found = MultiDict(
        {
            "country": filters.country,
            "from": filters.first.isoformat(),
            "to": filters.last.isoformat(),
            "date_basis": filters.date_basis,
            "include_undated": "1" if filters.include_undated else "0",
            "verification": filters.verification,
            "consent": filters.consent,
            "profile": filters.profile,
            "k": str(filters.k),
            "cell_min": str(filters.cell_min),
            "lang": filters.language,
            "delimiter": filters.delimiter,
            "bom": "1" if filters.mark else "0",
            "hxl": "1" if filters.hxl else "0",
        }
    )
    if filters.session:
        found["session"] = str(filters.session)
    if filters.reason:
        found["reason"] = filters.reason
    for name in (*LISTS, "admin1"):
        found.setlist(name, getattr(filters, name))
    if filters.cycles is not None:
        found.setlist("recs", [str(cycle) for cycle in filters.cycles] or [ALL])
    return found


def arguments_of(manifest: Mapping[str, Any], country: str) -> dict[str, Any]:
    """The same of a pack that was made, for making it again; a reason must be given anew."""
    kept: Mapping[str, Any] = manifest.get("filters", {})
    csv: Mapping[str, Any] = manifest.get("csv", {})
    plain = ("from", "to", "session", "date_basis", "verification", "consent", "lang", "k", "cell_min")
    found: dict[str, Any] = {name: kept[name] for name in plain if kept.get(name)}
    found |= {name: kept[name] for name in SEVERAL if isinstance(kept.get(name), list)}
    if kept.get("recs") == ALL:
        found["recs"] = ALL
    flags: Iterable[tuple[str, Any]] = (
        ("include_undated", kept.get("include_undated")),
        ("hxl", kept.get("hxl")),
        ("bom", csv.get("bom", True)),
    )
    found |= {name: "1" if value else "0" for name, value in flags}
    return {
        "country": country,
        "profile": manifest.get("profile", PUBLIC),
        "delimiter": csv.get("delimiter", ","),
    } | found


class CoverForm(FlaskForm):
    """Who submits, as the annex says it. All of it may be left to be written in the file."""

    kind = RadioField(
        _l("Type of submission"),
        choices=[SelectChoice(INDIVIDUAL, _l("individual")), SelectChoice(JOINT, _l("joint"))],
        default=INDIVIDUAL,
    )
    submitters = TextAreaField(
        _l("Submitted by"),
        [Length(max=LONGEST["submitters"])],
        description=_l("A line for each organisation: name; acronym; city."),
    )
    contact = StringField(_l("Contact"), [Length(max=LONGEST["contact"])])
    description = StringField(_l("One line on each organisation"), [Length(max=LONGEST["description"])])
    key_words = StringField(_l("Key words"), [Length(max=LONGEST["key_words"])])
    own_limit = WholeNumberField(
        _l("Word limit"),
        [Optional(), NumberRange(FEWEST, MOST_WORDS)],
        description=_l("Blank: 2,815 words, or 5,630 for a joint submission. Check OHCHR's current guidelines."),
    )

    def cover(self) -> Cover:
        return Cover(
            self.kind.data or INDIVIDUAL,
            self.submitters.data or "",
            self.contact.data or "",
            self.description.data or "",
            self.key_words.data or "",
            self.own_limit.data,
        )
