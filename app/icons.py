"""Icons drawn into the page: `icon()` names one, `icon_sprite()` at the foot of the body brings only those named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

from flask import Flask, g
from markupsafe import Markup

_SYMBOL = re.compile(r'<symbol [^>]*?viewBox="(?P<box>[^"]+)" id="(?P<name>[^"]+)">(?P<lines>.*?)</symbol>', re.DOTALL)
_SHIPPED = ("static", "bootstrap5", "icons", "bootstrap-icons.svg")

_RING = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"{}/>'
_BARS = ("M1 14v-3.4h2.4V14z", "M4.6 14V7.2H7V14z", "M8.2 14V3.8h2.4V14z", "M11.8 14V.4h2.4V14z")


def _bars(full: int) -> str:
    """Four rising bars, the first `full` of them in ink."""
    return "".join(
        f'<path d="{bar}"/>' if place < full else f'<path d="{bar}" opacity=".3"/>' for place, bar in enumerate(_BARS)
    )


OWN: Mapping[str, tuple[str, str]] = {
    # The mark: a trapezoid doorway with a person in it.
    "logo": (
        "0 0 24 28",
        '<path fill-rule="evenodd" d="M5.6 1h12.8L23 27H1zm3.6 4.6L6.4 23.6V27h11.2v-3.4L14.8 5.6z"/>'
        '<circle cx="12" cy="15.2" r="2.3"/><path d="M8.7 27v-3.3a3.3 3.3 0 0 1 6.6 0V27z"/>',
    ),
    # Verification: a circle that fills as a record is borne out.
    "v0": ("0 0 16 16", _RING.format(' stroke-dasharray="2.4 2.3"')),
    "v1": ("0 0 16 16", _RING.format("")),
    "v2": ("0 0 16 16", _RING.format("") + '<path d="M8 3.6A4.4 4.4 0 0 1 12.4 8H8z"/>'),
    "v3": ("0 0 16 16", _RING.format("") + '<path d="M8 3.6a4.4 4.4 0 0 1 0 8.8z"/>'),
    "v4": (
        "0 0 16 16",
        '<path fill-rule="evenodd" d="M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2'
        'm3.9 4.9-1.2-1.2L7.1 8.6 5.3 6.8 4.1 8l3 3z"/>',
    ),
    "vq": ("0 0 16 16", _RING.format("") + '<path d="M7.2 7h1.6v4.6H7.2zM7.2 4.4h1.6V6H7.2z"/>'),
    "vx": ("0 0 16 16", _RING.format("") + '<path stroke="currentColor" stroke-width="1.6" d="m4.5 11.5 7-7"/>'),
    # Urgency: the more bars, the sooner.
    "u1": ("0 0 16 16", _bars(4)),
    "u2": ("0 0 16 16", _bars(3)),
    "u3": ("0 0 16 16", _bars(2)),
    "u4": ("0 0 16 16", _bars(1)),
    "u5": ("0 0 16 16", _bars(0)),
    # Timeline: circle incident, square court, diamond protection, bar contract, ring anything else.
    "s-inc": ("0 0 14 14", '<circle cx="7" cy="7" r="5.6"/>'),
    "s-proc": ("0 0 14 14", '<rect x="2" y="2" width="10" height="10" rx="1.5"/>'),
    "s-prot": ("0 0 14 14", '<path d="m7 0 7 7-7 7-7-7z"/>'),
    "s-con": ("0 0 14 14", '<rect y="3.5" width="14" height="7" rx="1.5"/>'),
    "s-other": ("0 0 14 14", '<circle cx="7" cy="7" r="4.4" fill="none" stroke="currentColor" stroke-width="1.8"/>'),
}


def _shipped() -> dict[str, tuple[str, str]]:
    """The drawings that come with the installed Bootstrap-Flask."""
    drawing = files("flask_bootstrap").joinpath(*_SHIPPED).read_text(encoding="utf-8")
    return {found["name"]: (found["box"], found["lines"]) for found in _SYMBOL.finditer(drawing)}


_drawings: dict[str, tuple[str, str]] = {}


def icon(name: str, kind: str = "i") -> Markup:
    """One icon, for the eye only: the words beside it must say the same. An unknown name is a KeyError."""
    if name not in _drawings:
        raise KeyError(f"no icon is called {name!r}")
    _named_on_this_page()[name] = None
    return Markup('<svg class="{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>').format(kind, name)


def icon_sprite() -> Markup:
    """The drawings of the icons named so far; call it once, last in the body."""
    symbols = Markup().join(_symbol(name) for name in _named_on_this_page())
    return Markup('<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{}</svg>').format(
        symbols
    )


def _symbol(name: str) -> Markup:
    box, lines = _drawings[name]
    # Nothing a person typed: the lines are from the package or from this file.
    drawing = Markup(lines)  # noqa: S704
    return Markup('<symbol id="i-{}" viewBox="{}">{}</symbol>').format(name, box, drawing)


def _named_on_this_page() -> dict[str, None]:
    """A dict for its order: the same page gives the same bytes."""
    if "icons" not in g:
        g.icons = {}
    named: dict[str, None] = g.icons
    return named


def init_app(app: Flask) -> None:
    """Read the drawings once, and give the templates `icon` and `icon_sprite` as globals, so that macros have them."""
    if not _drawings:
        _drawings.update({**_shipped(), **OWN})
    app.jinja_env.globals.update(icon=icon, icon_sprite=icon_sprite)
