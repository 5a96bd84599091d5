"""Imports: sheets become records, all rows or none."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.imports import (
    cli,
    column_views,
    mapping_models,
    models,
    progress_views,
    provenance,
    saved_map_views,
    undo_views,
    value_views,
    views,
)
from app.imports.contract_kind import CONTRACTS
from app.imports.incident_kind import INCIDENTS
from app.imports.kinds import add_kind
from app.imports.project_kind import PROJECTS
from app.web import Place, add_panel, add_place

for kind in (INCIDENTS, PROJECTS, CONTRACTS):
    add_kind(kind)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    for page in ("incident", "contract", "project", "organisation", "person"):
        add_panel(app, page, "import", provenance.panel, order=95)
    add_place(app, Place("imports.index", _l("Import"), "upload", "records.import", 60, group=1))
    cli.init_app(app)


__all__ = ["column_views", "mapping_models", "models", "progress_views", "saved_map_views", "undo_views", "value_views"]
