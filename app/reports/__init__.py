"""Reports: what is told of the records to others, from the same select that lists and pages stand on."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.downloads import KINDS
from app.reports import bulletin_views, case_file_views, sdg_views
from app.reports.blueprint import bp, of_case
from app.reports.bulletin_files import BULLETIN
from app.reports.case_file_operations import CASE_FILE


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(of_case)
    place = web.Place("reports.index", _l("Reports"), "clipboard-data", "records.read", order=65, group=1)
    web.add_place(app, place)
    KINDS[BULLETIN] = _l("Monthly bulletin")
    KINDS[CASE_FILE] = _l("Case file for a lawyer or a body")
    web.add_panel(app, "case acts", "file", case_file_views.acts_panel, order=15)


__all__ = ["bulletin_views", "case_file_views", "sdg_views"]
