"""Projects, as a kind of record that sheets hold."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.imports.kinds import KindWords, RecordKind
from app.imports.project_fields import IMPORTED, LONGEST, read_companies, read_names
from app.imports.project_plan import look_around
from app.imports.project_rows import settler, title
from app.imports.project_writing import ProjectWriter
from app.organisations.models import Project

WORDS = KindWords(
    label=_l("Projects"),
    one=_l("Project"),
    lead=_l("Several rows of one project make one project."),
    imported=lambda number: ngettext("%(num)s row of projects taken in.", "%(num)s rows of projects taken in.", number),
    do_import=lambda number: ngettext("Take in %(num)s row", "Take in %(num)s rows", number),
    import_the_good=lambda number: ngettext(
        "Take in %(num)s row and leave out the rest", "Take in %(num)s rows and leave out the rest", number
    ),
    see=_l("See the projects"),
    good_to_know=(
        _l(
            "Projects and companies that are on record are recognised by their names. What is only nearly called so is "
            "shown and decided by you."
        ),
    ),
)

PROJECTS = RecordKind(
    name="projects",
    model=Project,
    words=WORDS,
    fields=IMPORTED,
    settler=settler,
    title=title,
    look_around=look_around,
    writer=ProjectWriter,
    brought=lambda digest: url_for("organisations.projects"),
    longest=LONGEST,
    readers={"companies": read_companies, "aliases": read_names, "places": read_names},
    matches_names=True,
)
