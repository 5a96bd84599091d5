"""What a column of a sheet may bring of a contract, and how its cells in words are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.dates import UncertainDate
from app.fields import FULL, Field, Fields
from app.imports.cells import translated
from app.imports.day_words import read_date_as_said
from app.imports.maps import Way
from app.imports.measures import Documents, Duration, HowMany, read_documents, read_duration, read_how_many
from app.imports.problems import CellProblem, TooMuch
from app.imports.project_fields import read_names
from app.imports.sums import Sum, read_sums


def _own(name: str, label: object, kind: str = "text", code_list: str | None = None, *aliases: str) -> Field:
    return Field(name, label, kind, code_list, FULL, aliases=aliases)


IMPORTED = Fields(
    [
        _own("reference", _l("Reference"), "reference", None, "referencia"),
        _own("external_id", _l("Record number in the source"), "text", None, "id", "record id", "código", "nro"),
        _own("title", _l("Title"), "text", None, "título", "convenio", "agreement"),
        _own("document", _l("Kind of document"), "text", None, "tipo de documento", "document type", "documento"),
        _own("addendum_to", _l("Addendum to"), "text", None, "adenda a", "convenio de origen", "parent agreement"),
        _own(
            "agreement_number", _l("Number"), "text", None, "number", "número", "resolución", "norma u oficio", "oficio"
        ),
        _own("modality", _l("Modality"), "code", "contract_modalities", "modalidad"),
        _own("company", _l("Company"), "text", None, "empresa", "empresa según fuente"),
        _own("projects", _l("Projects"), "text", None, "project", "proyecto", "proyectos"),
        _own("places", _l("Districts"), "text", None, "ubigeo", "ubigeos", "distritos", "districts"),
        _own("department", _l("Department"), "place", None, "departamento", "region", "región"),
        _own("police_unit", _l("Police unit"), "code", "police_units", "unidad policial"),
        _own("police_unit_text", _l("Police unit in words"), "text", None, "unidad pnp"),
        _own("signed", _l("Signed on"), "uncertain_date", None, "fecha de firma", "suscripción"),
        _own("starts", _l("Start"), "uncertain_date", None, "inicio", "vigencia desde"),
        _own("ends", _l("End"), "uncertain_date", None, "fin", "vigencia hasta", "término"),
        _own("officers", _l("Officers"), "text", None, "efectivos"),
        _own("total", _l("Total amount"), "text", None, "monto total", "monto"),
        _own("total_basis", _l("What the amount covers"), "code", "contract_amount_bases"),
        _own("pay", _l("Pay per officer"), "text", None, "pago diario", "pago por efectivo"),
        _own("pay_period", _l("Period of pay"), "code", "contract_pay_periods", "periodo de pago"),
        _own("institution_pay", _l("Payment to the institution"), "text", None, "pago a la institución"),
        _own("scope", _l("Scope"), "long_text", None, "alcance"),
        _own("status", _l("Status"), "code", "contract_status", "estado"),
        _own("obtained", _l("How it was obtained"), "code", "contract_obtained", "cómo se obtuvo"),
        _own("may_be_published", _l("May be published"), "yes_no", None, "publicable"),
        _own("country", _l("Country"), "country", None, "país"),
        _own("source_citation", _l("Source"), "text", None, "fuente"),
        _own("source_url", _l("Address of the source"), "url", None, "url", "enlace"),
        _own("source_kind", _l("Kind of source"), "code", "source_types"),
        _own("notes", _l("Notes"), "long_text", None, "nota", "notas", "note"),
    ]
)

LONGEST = {
    "title": 200, "agreement_number": 200, "company": 300, "police_unit_text": 300, "source_citation": 1000,
    "external_id": 200,
}  # fmt: skip


@dataclass(frozen=True)
class End:
    """A day, or how long it runs; where neither can be told from the cell, a sentence of the source."""

    day: UncertainDate | None = None
    duration: Duration | None = None
    text: str = ""


@dataclass(frozen=True)
class Paper:
    """What kind of document a row is about, in the words of the source."""

    text: str
    counted: Documents | None = None


def read_day(text: str, field: Field, way: Way) -> UncertainDate | None:
    for words in translated(text, way)[:1]:
        return read_date_as_said(words, field, way)
    return None


def read_end(text: str, field: Field, way: Way) -> End | None:
    """«mayo del 2025», or «dos años»."""
    for words in translated(text, way)[:1]:
        try:
            return End(day=read_date_as_said(words, field, way), text=words)
        except CellProblem as no_day:
            try:
                return End(duration=read_duration(words), text=words)
            except TooMuch:
                raise
            except CellProblem:
                raise no_day from None
    return None


def read_total(text: str, field: Field, way: Way) -> Sum | None:
    for words in translated(text, way)[:1]:
        sums = read_sums(words, "PEN")
        if len(sums) > 1:
            raise CellProblem(_several())
        return sums[0]
    return None


def read_pay(text: str, field: Field, way: Way) -> tuple[Sum, ...] | None:
    for words in translated(text, way)[:1]:
        return read_sums(words, "PEN")
    return None


def read_officers(text: str, field: Field, way: Way) -> HowMany | None:
    for words in translated(text, way)[:1]:
        return read_how_many(words)
    return None


def read_document(text: str, field: Field, way: Way) -> Paper | None:
    """«cuatro convenios y 12 adendas» counts sixteen; «Convenio de seguridad» is one of which nothing is counted."""
    for words in translated(text, way)[:1]:
        try:
            return Paper(words, read_documents(words))
        except TooMuch:
            raise
        except CellProblem:
            return Paper(words)
    return None


def _several() -> str:
    from flask_babel import gettext as _

    return _("holds several amounts; write the total only")


READERS: dict[str, Any] = {
    "projects": read_names,
    "places": read_names,
    "document": read_document,
    "signed": read_day,
    "starts": read_day,
    "ends": read_end,
    "officers": read_officers,
    "total": read_total,
    "pay": read_pay,
}
