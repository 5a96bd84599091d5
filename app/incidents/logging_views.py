"""Logging an incident, changing it, and keeping what is being typed."""

from __future__ import annotations

from typing import Any

from flask import abort

from app.access import allow
from app.incidents.blueprint import bp


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    abort(404)


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    abort(404)


@bp.post("/<reference>/autosave")
@allow("records.write")
def autosave(reference: str) -> Any:
    abort(404)
