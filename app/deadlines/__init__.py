"""What is due and when: the list, the month, a calendar feed for one's own programme, and reminders."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.accounts import operations as accounts
from app.deadlines import cli, feed, models, panels, settings_views, views
from app.deadlines.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.cli.add_command(cli.reminders)
    if feed.end_feed not in accounts.also_ending:
        accounts.also_ending.append(feed.end_feed)
    place = web.Place(
        "deadlines.index", _l("Deadlines"), "calendar-week", "records.read", order=26, count=panels.pressing_number
    )
    web.add_place(app, place)
    web.add_panel(app, "case next", "deadlines", panels.next_in_case, order=5)
    web.add_panel(app, "work", "deadlines", panels.due_soon, order=10)


__all__ = ["models", "settings_views", "views"]
