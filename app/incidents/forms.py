"""What may be typed of an incident: one page, in the order of its sections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, FormField, HiddenField, StringField, TextAreaField, ValidationError

from app import dates
from app.i18n import language
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.form_fields import (
    NOTHING,
    Choice,
    CodeChoice,
    FieldList,
    Radios,
    Ticks,
    YesNoUnknown,
    code_options,
    options,
)
from app.incidents.models import SUMMARY_LENGTH
from app.incidents.operations import LIMITS
from app.incidents.persons import LEVELS, NOT_ASKED
from app.places.countries import country_choices
from app.vocabulary.offered import NameField
from app.vocabulary.queries import choices, entries, label

GROUP, INDIVIDUAL = "GROUP", "INDIVIDUAL"
MOST_ROWS = 200
LONGEST_LINE = 300

NARRATIVE_LANGUAGES = (
    ("es", _l("Spanish")),
    ("en", _l("English")),
    ("qu", _l("Quechua")),
    ("ay", _l("Aymara")),
    ("cni", _l("Asháninka")),
    ("agr", _l("Awajún")),
    ("shp", _l("Shipibo-Konibo")),
    ("pt", _l("Portuguese")),
    ("fr", _l("French")),
)
POINT_PRECISIONS = (
    ("", NOTHING),
    ("EXACT", _l("The exact spot")),
    ("NEAR", _l("Near it")),
    ("PLACE", _l("The middle of the place")),
)
PRECISION_WORDS = (
    ("", _l("As written beside")),
    (dates.DAY, _l("Day")),
    (dates.MONTH, _l("Month")),
    (dates.YEAR, _l("Year")),
    (dates.RANGE, _l("Between two dates")),
    (dates.UNKNOWN, _l("Not on record")),
)


def _words(name: str) -> Any:
    return INCIDENT_FIELDS[name].label


def _line(words: Any, longest: int = LONGEST_LINE, **kwargs: Any) -> Any:
    return StringField(words, [at_most(longest)], **kwargs)


def _name(words: Any) -> Any:
    return NameField(words, [at_most(200)])


def at_most(longest: int) -> Callable[[Any, Any], None]:
    """Refuses what is too long, in words. No `maxlength`: browsers cut pasted text off without saying so."""

    def check(form: Any, field: Any) -> None:
        if len(field.data or "") > longest:
            raise ValidationError(_("Too long: at most %(limit)s characters.", limit=longest))

    return check


def _kinds() -> list[Any]:
    return [*code_options("person_kinds"), *options([(GROUP, _l("Counted group, without a file"))])]


def _consents() -> list[Any]:
    answers = [(level, f"{level} · {label('consent_levels', level)}") for level in LEVELS]
    return options([(NOT_ASKED, _l("Not asked yet")), *answers])


def _urgencies() -> list[Any]:
    found = [one for one in entries("urgency_levels").values() if one.active and one.selectable]
    return options((one.code, f"{one.label}: {_as_rest(one.definition)}".rstrip(": ")) for one in found)


def _as_rest(sentence: str | None) -> str:
    """A sentence as it stands behind a colon."""
    return (sentence or "")[:1].lower() + (sentence or "")[1:].rstrip(".")


class VictimForm(Form):
    """A line of «To whom»."""

    person = HiddenField()
    who = _name(_l("Person or group"))
    kind = Choice(_l("Kind"), choices=_kinds, default=INDIVIDUAL)
    act_type = CodeChoice(_l("Type of act"), "incident_types", first=_l("The main type"), grouped=True)
    affected = _line(_l("Affected"), 40)
    killed = _line(_l("Killed"), 40)
    injured = _line(_l("Injured"), 40)
    detained = _line(_l("Detained"), 40)
    rights = Ticks(_l("What they defend"), "rights_defended")
    consent = Radios(
        _l("What may be done with their information?"),
        choices=_consents,
        description=_l("Ask in your own words. They may change their mind at any time."),
    )


class PerpetratorForm(Form):
    """A line of «By whom»."""

    perpetrator_type = CodeChoice(_l("Alleged perpetrator"), "perpetrator_types")
    organisation = _name(_l("Unit, company or body"))
    degree = CodeChoice(_l("Part taken"), "involvement_degree")


class SourceForm(Form):
    """A line of «How we know»."""

    source = HiddenField()
    citation = _line(_l("Source"), 1000)
    url = _line(_l("Address on the web"), 2000)
    kind = CodeChoice(_l("Kind of source"), "source_types")
    reliability = CodeChoice(_l("Reliability"), "source_reliability")
    credibility = CodeChoice(_l("Credibility of this information"), "info_credibility")
    origin_group = _line(
        _l("Origin"), 200, description=_l("The same words for sources that repeat one another: they count as one.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, name in ((self.reliability, "source_reliability"), (self.credibility, "info_credibility")):
            field.choices = options([("", NOTHING), *((code, f"{code} · {words}") for code, words in choices(name))])


class IncidentForm(FlaskForm):
    """The whole page. A title is enough to save; what else a review needs is asked when it is sent."""

    together = (
        ("first_day", "precision", "last_day"),
        ("place", "place_choice", "department", "province", "district", "place_before", "country", "region_text"),
        ("latitude", "longitude", "coordinate_precision"),
    )
    """What is kept or replaced together when two people edit the record: half of a date is another date."""

    place_guess: tuple[str, str] | None = None
    """What was typed as the place, and the only one that it could mean."""

    version = HiddenField()
    form_token = HiddenField()
    unsaved = HiddenField()
    """With which text, begun in another window or on another day, this one goes on."""

    title_es = _line(_words("title_es"), LIMITS["title_es"], description=INCIDENT_FIELDS["title_es"].help)
    title_en = _line(_words("title_en"), LIMITS["title_en"], description=INCIDENT_FIELDS["title_es"].help)
    main_type = CodeChoice(_words("main_type"), "incident_types", grouped=True)
    other_types = Ticks(_words("other_types"), "incident_types", grouped=True)
    narrative = TextAreaField(
        _words("narrative"), [at_most(LIMITS["narrative"])], description=INCIDENT_FIELDS["narrative"].help
    )
    language = Choice(_words("language"), choices=lambda: options(NARRATIVE_LANGUAGES), default=language)

    precision = Choice(_l("Precision"), choices=lambda: options(PRECISION_WORDS), default="")
    first_day = _line(_l("Date or first day"), 40, description=_l("22/10/2024, 10/2024 or 2024."))
    last_day = _line(_l("Last day"), 40, description=_l("Only between two dates."))
    happened_text = _line(_words("happened_text"), description=_l("Its own words, such as “at harvest time”."))

    country = Choice(_words("country"), default=lambda: current_app.config["SETTINGS"].country)
    place = _line(
        _l("District, province or department"),
        description=_l("Any part of the name, or the UBIGEO code."),
    )
    place_choice = Radios(_l("Which of these do you mean?"), validate_choice=False)
    department = Choice(_l("Department"), validate_choice=False)
    province = Choice(_l("Province"), validate_choice=False)
    district = Choice(_l("District"), validate_choice=False)
    place_before = HiddenField()
    region_text = _line(_l("Region, state or province"), LIMITS["region_text"])
    community = _line(_words("community"), LIMITS["community"])
    latitude = _line(_words("latitude"), 30)
    longitude = _line(_words("longitude"), 30)
    coordinate_precision = Choice(_l("How exact"), choices=lambda: options(POINT_PRECISIONS), default="")

    victims = FieldList(FormField(VictimForm), _l("Person or group"), min_entries=1, max_entries=MOST_ROWS)
    nobody = BooleanField(_l("The act affected no particular person or group"))

    perpetrators = FieldList(
        FormField(PerpetratorForm), _l("Alleged perpetrator"), min_entries=1, max_entries=MOST_ROWS
    )

    companies = FieldList(_name(_l("Company")), _l("Company"), min_entries=1, max_entries=MOST_ROWS)
    projects = FieldList(_name(_l("Project")), _l("Project"), min_entries=1, max_entries=MOST_ROWS)
    sector = CodeChoice(_words("sector"), "sectors")

    sources = FieldList(FormField(SourceForm), _l("Source"), min_entries=1, max_entries=MOST_ROWS)

    threat_type = CodeChoice(_words("threat_type"), "threat_types")
    threat_channel = CodeChoice(_l("Channel"), "threat_channels")
    threat_credibility = CodeChoice(_l("Credibility of the threat"), "threat_credibility")
    urgency = Radios(_words("urgency"), choices=_urgencies)
    reprisals = Ticks(_l("It looks like a reprisal"), "reprisal_grounds")
    threats_before = YesNoUnknown(_l("Were there threats before?"))
    protest = YesNoUnknown(_l("During a protest?"))
    emergency = YesNoUnknown(_l("Under a state of emergency?"))

    summary_es = TextAreaField(_words("summary_es"), [at_most(SUMMARY_LENGTH)])
    summary_en = TextAreaField(_words("summary_en"), [at_most(SUMMARY_LENGTH)])
    embargo_until = _line(
        _l("Not public before"), 40, description=_l("22/10/2024. Leave it empty if there is no date.")
    )

    case = Choice(_words("case"))
    team = Choice(_words("team"))
    notes = TextAreaField(
        _words("notes"),
        [at_most(LIMITS["notes"])],
        description=_l("For those who work on the record; in no export."),
    )
    why = _line(
        _l("Why it changes"),
        1000,
        description=_l(
            "Asked for when a reviewed record changes; it stays in the history. If its type, date, place, persons or "
            "perpetrators change, it is reviewed again."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = options([("", NOTHING), *country_choices()])

    @property
    def title(self) -> Any:
        """The title to begin with: in the language of the page, or in the only one that there is."""
        own, other = (self.title_en, self.title_es) if language() == "en" else (self.title_es, self.title_en)
        return other if other.data and not own.data else own

    @property
    def other_title(self) -> Any:
        return self.title_es if self.title is self.title_en else self.title_en
