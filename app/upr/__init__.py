"""The UPR pack: what leaves for Geneva, and what stays."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.downloads import name_kind
from app.people.exports import UPR
from app.upr import cli, models, views
from app.upr.models import INTERNAL, PUBLIC


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    web.add_place(app, web.Place("upr.index", _l("UPR export"), "globe2", "upr.export", 70, group=1))
    cli.init_app(app)
    name_kind(
        UPR,
        _l("UPR pack"),
        country=(_l("Country"), None),
        profile=(_l("Profile"), {PUBLIC: _l("public"), INTERNAL: _l("internal")}),
        verification=(_l("Verification, at least"), None),
        consent=(_l("Consent, at least"), None),
        types=(_l("Types of incident"), None),
        perpetrators=(_l("Alleged perpetrators"), None),
        sectors=(_l("Sectors"), None),
        admin1=(_l("Regions"), None),
        recs=(_l("Cycles of recommendations"), None),
        k=(_l("Rows alike, at least"), None),
        cell_min=(_l("Smallest cell"), None),
        date_basis=(_l("Day that counts"), None),
        include_undated=(_l("With incidents without a date"), None),
    )


__all__ = ["models"]
