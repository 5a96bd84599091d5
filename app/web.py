"""What every page shares: the door policy, headers, navigation, panels, pages of a list, and answers to errors."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Response, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask import Request as FlaskRequest
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from sqlalchemy import ForeignKey, Select, String, delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as Answer

from app import access, audit, i18n
from app.access import PUBLIC, permission_of
from app.dates import today
from app.db import Base, ReasonMissing, db, folded_words, now, set_writing
from app.keyring import Keyring

csrf = CSRFProtect()

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PER_PAGE = 50


class Given(ImmutableMultiDict[str, Any]):
    """What an address or a form brought, without NUL: nobody types it, and PostgreSQL keeps no text with it."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, MultiDict) else (mapping or ())
        super().__init__([(_without_nul(name), _without_nul(value)) for name, value in pairs])


def _without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value  # files come this way too


class Request(FlaskRequest):
    parameter_storage_class = Given


# --- large forms ---------------------------------------------------------------------------------

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def takes_files(most: str) -> Callable[[Endpoint], Endpoint]:
    """Let a route take as much as that setting, in bytes, allows a file to weigh; every other form is small."""

    def larger(endpoint: Endpoint) -> Endpoint:
        endpoint.takes_files = most  # type: ignore[attr-defined]
        return endpoint

    return larger


def _make_room_for_files() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if most := getattr(view, "takes_files", None):
        request.max_content_length = current_app.config["SETTINGS"].max_request_with(most)


# --- the policy ----------------------------------------------------------------------------------


def check_every_route_states_its_permission(app: Flask) -> None:
    """Raises RuntimeError at the start for a route without `@allow(...)`: silence means no."""
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if not _stated(app, rule.endpoint)]
    if silent:
        raise RuntimeError("these routes state no permission: " + ", ".join(sorted(silent)))


def _stated(app: Flask, endpoint: str) -> str | None:
    return PUBLIC if _is_static(endpoint) else permission_of(app.view_functions[endpoint])


def _is_static(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.endswith(".static")


def _keep_the_door() -> Any:
    set_writing(request.method not in SAFE_METHODS)
    audit.set_actor(None)
    endpoint = request.endpoint
    if endpoint is None or _is_static(endpoint):
        return None
    if "\x00" in request.path:
        abort(404)
    permission = permission_of(current_app.view_functions[endpoint])
    if permission is None:
        abort(404)
    if current_user.is_authenticated:
        audit.set_actor(current_user.id)
    if permission == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not access.may(current_user, permission):
        abort(403)
    return None


def _ask_to_sign_in() -> Any:
    """Keep what was being written: it travels sealed through the sign-in form and waits behind it."""
    where = request.full_path.rstrip("?") if request.method == "GET" else request.path
    target = url_for("accounts.sign_in", next=where if where != "/" else None)
    if request.method == "POST" and request.form:
        return render_template("accounts/sign_in_again.html", **kept_for_sign_in()), 401
    return redirect(target)


KEPT_FOR = timedelta(hours=12)


def kept_for_sign_in() -> dict[str, Any]:
    """A form that met a closed session, sealed so that nobody reads it in the page, for the same user only.

    *kept* is None where the browser no longer says who was here: then the text is nobody's to be given back.
    """
    path = request.full_path.rstrip("?")
    if "kept" in request.form:  # the sign-in page itself was too old
        return {"kept": request.form["kept"], "next": request.form.get("next")}
    if "was" not in session or permission_of(current_app.view_functions[request.endpoint or ""]) == PUBLIC:
        return {"kept": None, "next": request.form.get("next") or path}
    items = [(key, value) for key, value in request.form.items(multi=True) if not _is_secret(key)]
    content = {"user": session["was"], "path": path, "items": items, "files": any(request.files.values())}
    return {"kept": _seal().encrypt(json.dumps(content).encode()).decode(), "next": path}


def _is_secret(key: str) -> bool:
    return key == "csrf_token" or "password" in key


@dataclass(frozen=True)
class KeptForm:
    """A form that waited behind the sign-in. Files cannot wait: *had_files* says that they must be chosen again."""

    path: str
    items: list[tuple[str, str]]
    had_files: bool


def unsealed(kept: str, user_id: int) -> KeptForm | None:
    """The kept form; None when it is not this user's, too old or not ours."""
    try:
        content = json.loads(_seal().decrypt(kept.encode(), ttl=int(KEPT_FOR.total_seconds())))
    except (InvalidToken, ValueError):
        return None
    if content["user"] != user_id or local_path(content["path"]) is None:
        return None
    return KeptForm(content["path"], [(key, value) for key, value in content["items"]], content["files"])


def _seal() -> Fernet:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring.seal_for("kept forms")


def local_path(target: str | None) -> str | None:
    """The address if it leads into this installation and nowhere else."""
    # Browsers drop tabs and line ends and take \ for /: "/<tab>/elsewhere" would lead away.
    if not target or not target.startswith("/") or not target.isprintable() or "\\" in target:
        return None
    parts = urlsplit(target)
    return target if not target.startswith("//") and not parts.scheme and not parts.netloc else None


def page_path(target: str | None) -> str | None:
    """The same, and only if a page opens there: an address that takes forms alone would be a dead end."""
    path = local_path(target)
    if path is None:
        return None
    below = urlsplit(path).path.removeprefix(request.script_root)
    try:
        current_app.url_map.bind("").match(below, method="GET")
    except RequestRedirect:
        return path
    except HTTPException:
        return None
    return path


CONTENT_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"  # strict CSRF over TLS asks for the referrer
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.endpoint and _is_static(request.endpoint):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        # On a shared computer the back button must not bring the records back.
        headers["Cache-Control"] = "no-store"
    return _compressed(response)


COMPRESSED_TYPES = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")


def _compressed(response: Response) -> Response:
    if (
        response.mimetype not in COMPRESSED_TYPES
        or response.is_streamed
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or "Content-Encoding" in response.headers
    ):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    # Pages hold secrets beside reflected text: a comment of random length blurs what sizes could tell (BREACH).
    if response.mimetype == "text/html":
        content += f"<!--{secrets.token_hex(secrets.randbelow(32) + 1)}-->".encode()
    response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.get_data()))
    response.vary.add("Accept-Encoding")
    return response


# --- forms that are posted twice -----------------------------------------------------------------


class FormToken(Base):
    """One form as it was handed out; used once, in the transaction that writes what the form asked for."""

    __tablename__ = "form_token"
    __audited__ = False

    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    """What the form carried, as `_mark_of` writes it: the same in the forms of two people are two."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    address: Mapped[str]
    used_at: Mapped[datetime] = mapped_column(default=now, index=True)
    content: Mapped[str | None] = mapped_column(String(64))
    """A digest of what was posted with it: the same again is a second click, something else a correction."""


def new_form_token() -> str:
    return secrets.token_urlsafe(32)


def _mark_of(token: str) -> str:
    digest = hashlib.sha256(f"{current_user.id} {token}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def commit_once(address: str, token: str | None, *, again: bool = False) -> str:
    """Commit, and note that this form is done. Of the same form posted twice, both lead to the one record.

    With *again* it was done before, and its record is what was corrected now.
    """
    if token:
        db.session.execute(delete(FormToken).where(FormToken.used_at < now() - timedelta(days=2)))
        used = (used_form(token) if again else None) or FormToken(token=_mark_of(token), user_id=current_user.id)
        used.address, used.used_at, used.content = address, now(), posted_content()
        db.session.add(used)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if earlier := already_done(token):
            return earlier
        raise
    return address


def already_done(token: str | None) -> str | None:
    """Where the same form led the first time."""
    used = used_form(token)
    return used.address if used is not None else None


def used_form(token: str | None) -> FormToken | None:
    if not token:
        return None
    mine = FormToken.user_id == current_user.id
    return db.session.scalar(select(FormToken).where(FormToken.token == _mark_of(token), mine))


def posted_content() -> str:
    """A digest of what is posted, without the token of the session; salted, so that it tells nothing by itself."""
    typed = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    key = current_app.extensions["keyring"].key_for("forms")
    return hmac.new(key, json.dumps(typed).encode(), "sha256").hexdigest()


# --- pages of a list -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A part of a list. *total* counts the whole list by the same sentence that drew the part."""

    rows: list[Any]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / self.per_page))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.per_page + len(self.rows)

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def paged(
    statement: Select[Any],
    per_page: int = PER_PAGE,
    *,
    load: Callable[[Select[Any]], Select[Any]] = lambda statement: statement,
    total: int | None = None,
) -> Page:
    """The page that the address asks for (`?page=`).

    *load* says what is loaded with each row; *total* saves the counting to whoever has counted already.
    """
    total = access.count(statement) if total is None else total
    pages = max(1, math.ceil(total / per_page))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows = access.rows_of(statement, (number - 1) * per_page, per_page, load)
    return Page(rows, number, total, per_page)


def page_url(number: int) -> str:
    """This address with another page; filters stay."""
    return _url_with(page=number)


def _url_with(**changes: Any) -> str:
    arguments = request.args.to_dict(flat=False) | (request.view_args or {})
    return url_for(request.endpoint or "", **(arguments | changes))


# --- navigation and panels -----------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """An entry of the menu. *count* gives what waits behind it; *group* starts a new block."""

    endpoint: str
    label: Any
    icon: str
    permission: str
    order: int
    count: Callable[[Any], int] | None = None
    group: int = 0
    on_tabs: bool = False

    @property
    def active(self) -> bool:
        return (request.script_root + request.path).startswith(self.url)

    @property
    def badge(self) -> int | None:
        return self.count(current_user) if self.count else None

    @property
    def url(self) -> str:
        return url_for(self.endpoint)


Renderer = Callable[[Any], str | Markup]


@dataclass
class House:
    """What rooms have brought in: menu entries and panels on the pages of lower rooms."""

    places: list[Place] = field(default_factory=list)
    panels: dict[str, list[tuple[int, str, Renderer]]] = field(default_factory=dict)


def house() -> House:
    found: House = current_app.extensions["house"]
    return found


def add_place(app: Flask, place: Place) -> None:
    app.extensions["house"].places.append(place)


def add_panel(app: Flask, page: str, name: str, render: Renderer, order: int = 50) -> None:
    """Show on the page *page* ("case", "incident", "person", "work") what this room knows of its record."""
    app.extensions["house"].panels.setdefault(page, []).append((order, name, render))


def panels_of(page: str, record: Any) -> list[Markup]:
    """What all rooms have to say of a record, in order; a panel with nothing to say leaves nothing."""
    ordered = sorted(house().panels.get(page, []), key=lambda entry: entry[:2])
    # Panels are rendered templates: their text is escaped already.
    return [Markup(text) for _order, _name, render in ordered if (text := render(record))]  # noqa: S704


def _navigation() -> list[Place]:
    if not current_user.is_authenticated:
        return []
    places = [place for place in house().places if access.may(current_user, place.permission)]
    return sorted(places, key=lambda place: (place.group, place.order))


def _version_of_static_files(endpoint: str, values: dict[str, Any]) -> None:
    """Static files are kept by the browser for good; their address changes with the installed version."""
    if _is_static(endpoint) and "filename" in values:
        values.setdefault("v", current_app.extensions["static_version"])


def _static_version(app: Flask) -> str:
    digest = hashlib.sha256(version("bootstrap-flask").encode())
    for path in sorted(Path(app.static_folder or "").glob("*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _in_every_template() -> dict[str, Any]:
    if g.get("failed"):
        # The database may be what failed: an error page asks it nothing.
        return {"navigation": [], "tabs": [], "demo_mode": False, "theme": "auto", "locale": i18n.language()}
    user = current_user
    navigation = _navigation()
    return {
        "navigation": navigation,
        "tabs": [place for place in navigation if place.on_tabs][:4],
        "who_words": user.who_words if user.is_authenticated else "",
        "help_url": url_for("help.index"),
        # Single-key shortcuts can be switched off: they get in the way of speech input.
        "keys_url": url_for("help.page", name="keyboard") if getattr(user, "shortcuts", False) else None,
        "demo_mode": current_app.config["KIND"] == "demo",
        "theme": getattr(user, "theme", "auto") if user.is_authenticated else "auto",
        "locale": i18n.language(),
        "may": lambda permission, team_id=None: user.is_authenticated and access.may(user, permission, team_id),
        "today": today(),
        "panels_of": panels_of,
        "page_url": page_url,
        "url_with": _url_with,
    }


# --- errors --------------------------------------------------------------------------------------


def _show_error(error: HTTPException) -> Any:
    """An error in plain words; the same page for a record that is hidden and for one that never was."""
    if isinstance(error, SecurityError):
        # Under a strange name there are no addresses, so no page could be drawn.
        sentence = _("Amparo is not called so: use the name you were given, or add this one to AMPARO_HOSTS.")
        return Response(sentence, 400, mimetype="text/plain")
    if isinstance(error, CSRFError):
        if request.form and not current_user.is_authenticated and _waits_behind_sign_in():
            return _ask_to_sign_in()
        error.code = 400
    if error.code is not None and error.code < 400:
        return error
    code = error.code or 500
    return render_template("error.html", code=code, detail=_wording(error)), code


def _waits_behind_sign_in() -> bool:
    endpoint = request.endpoint
    if endpoint is None or endpoint == "accounts.sign_in":
        return endpoint is not None
    return permission_of(current_app.view_functions[endpoint]) not in (None, PUBLIC)


def _wording(error: HTTPException) -> str | None:
    """Our own sentence where one was given with `abort(…, sentence)`; never a library's."""
    description = error.description
    default = type(error).description
    return None if description == default or isinstance(error, CSRFError) else description


def _show_reason_missing(error: ReasonMissing) -> Any:
    return render_template("error.html", code=400, detail=str(error)), 400


def _show_conflict(error: StaleDataError) -> Any:
    db.session.rollback()
    return render_template("error.html", code=409, detail=None), 409


def _show_busy(error: OperationalError) -> Any:
    _forget_the_database()
    current_app.logger.error("database not available: %s", type(error.orig).__name__)
    return render_template("error.html", code=503, detail=None), 503


def _forget_the_database() -> None:
    with contextlib.suppress(Exception):
        db.session.rollback()
    g.failed = True


def _show_crash(error: Exception) -> Any:
    _forget_the_database()
    # The text of an exception may quote a record; its type and place do not.
    current_app.logger.error("%s in %s", type(error).__name__, request.endpoint)
    if current_app.config["SETTINGS"].testing:
        raise error
    return render_template("error.html", code=500, detail=None), 500


def back_to(endpoint: str, **values: Any) -> Answer:
    return redirect(url_for(endpoint, **values), 303)


def say(sentence: str, kind: str = "good") -> None:
    """A sentence at the top of the next page: good, info, warn or grave."""
    flash(sentence, kind)


def init_app(app: Flask) -> None:
    app.request_class = Request
    app.extensions["house"] = House()
    app.extensions["static_version"] = _static_version(app)
    app.url_defaults(_version_of_static_files)
    app.before_request(_make_room_for_files)  # before the token is looked for: that reads the whole form
    csrf.init_app(app)
    app.before_request(_keep_the_door)
    app.after_request(_finish)
    app.teardown_request(lambda error: audit.set_actor(None))
    app.context_processor(_in_every_template)
    app.jinja_env.globals.update(csrf_token=generate_csrf, new_form_token=new_form_token, has_words=_has_words)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(ReasonMissing, _show_reason_missing)
    app.register_error_handler(StaleDataError, _show_conflict)
    app.register_error_handler(OperationalError, _show_busy)
    app.register_error_handler(Exception, _show_crash)


def _has_words(text: str | None) -> bool:
    """Whether a search could find anything by it."""
    return bool(folded_words(text))


def remember_who_was_here(user_id: int) -> None:
    """So that a form which meets a closed session is given back to the same person only."""
    session["was"] = user_id
