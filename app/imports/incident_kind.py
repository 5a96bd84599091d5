"""Incidents, as a kind of record that sheets hold."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.models import User
from app.imports.doubles import tell_doubles
from app.imports.incident_correcting import IncidentCorrector
from app.imports.incident_fields import IMPORTED, IN_STEP, LISTED, LONGEST
from app.imports.incident_rows import settler, title
from app.imports.incident_titles import TEMPLATES
from app.imports.incident_writing import IncidentWriter
from app.imports.kinds import KindWords, OwnExport, RecordKind
from app.imports.names import tell_new_names
from app.imports.planning import Plan
from app.incidents.export import ACCESS_COLUMN
from app.incidents.models import Incident
from app.incidents.queries import DIGEST_SHOWN
from app.incidents.reading import INCIDENT_COLUMNS

WORDS = KindWords(
    label=_l("Incidents"),
    one=_l("Incident"),
    lead=_l("One row, one incident."),
    imported=lambda number: ngettext("%(num)s incident imported.", "%(num)s incidents imported.", number),
    do_import=lambda number: ngettext("Import %(num)s incident", "Import %(num)s incidents", number),
    import_the_good=lambda number: ngettext(
        "Import %(num)s incident and leave out the rest", "Import %(num)s incidents and leave out the rest", number
    ),
    see=_l("See the incidents that came in"),
    good_to_know=(
        _l("Names of persons go to the identity only, and into no title, list or search."),
        _l(
            "Rows with a type, a date, a country and a source arrive as sent to review, the others as drafts. You "
            "count as their author, so somebody else reviews them."
        ),
    ),
)


def look_around(user: User, team_id: int, plan: Plan) -> None:
    tell_new_names(user, team_id, plan)
    tell_doubles(user, plan)


INCIDENTS = RecordKind(
    name="incidents",
    model=Incident,
    words=WORDS,
    fields=IMPORTED,
    settler=settler,
    title=title,
    look_around=look_around,
    writer=IncidentWriter,
    corrector=IncidentCorrector,
    brought=lambda digest: url_for("incidents.index", brought=digest[:DIGEST_SHOWN]),
    longest=LONGEST,
    in_step=IN_STEP,
    listed=LISTED,
    templates=TEMPLATES,
    own_export=OwnExport(
        ACCESS_COLUMN,
        INCIDENT_COLUMNS,
        # Who owns a record, what was reviewed or agreed, and what follows from other columns.
        frozenset(
            {
                "case",
                "team",
                "state",
                "department_code",
                "consent_least",
                "already_public",
                "created_on",
                "updated_on",
                "impunity",
                "impunity_since",
            }
        ),
    ),  # fmt: skip
    takes_case=True,
    takes_victims=True,
)
