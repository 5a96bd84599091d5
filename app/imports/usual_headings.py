"""Headings that organisations' own sheets use, in Spanish and English, and how near one of them a heading is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from app.db import folded_words
from app.imports.kinds import KINDS, RecordKind

_PLACES = {
    "country": "país|país del hecho|country of incident|nation|estado país",
    "department": "departamento|departamento del hecho|departamento ocurrio|región o departamento|department",
    "province": "provincia|provincia del hecho|provincia ocurrio|province",
    "district": "distrito|distrito del hecho|distrito ocurrio|municipio|municipality|comuna|district|ciudad|city",
    "latitude": "latitud|latitude|lat|coordenada y|gps latitude",
    "longitude": "longitud|longitude|lon|long|lng|coordenada x|gps longitude",
    "latitude+longitude": "coordenadas|coordinates|gps|ubicación gps|geolocalización|lat lon|georeferencia",
}
_SOURCES = {
    "source_citation": "fuente|fuente de información|fuentes|source|information source|medio|fuente periodística",
    "source_url": "url|enlace|link|página web|dirección web|url de la fuente|enlace de la noticia|source url",
    "source_kind": "tipo de fuente|type of source|kind of source",
}

_OF_INCIDENTS: Mapping[str, str] = {
    **_PLACES,
    **_SOURCES,
    "external_id": "número|numero de caso|numero de registro|ítem|correlativo|código de caso|id|main id|incident id|"
    "event id|case number|record number|identificador|ficha|individual id|numero de ficha|id caso",
    "title_es": "título|titular|nombre del caso|caso|denominación del hecho",
    "title": "title|headline|case title|incident title",
    "happened": "fecha|fecha hecho|fecha del hecho|fecha de los hechos|fecha del incidente|fecha de ocurrencia|"
    "fecha ocurrio|fecha del suceso|cuándo|día|date of event|incident date|date of attack|event date|date|start date|"
    "fecha inicio|date start|start date daily|año|year|mes y año",
    "happened_to": "fecha fin|fecha final|fecha de término|end date|date end|end date daily|hasta",
    "place": "ubigeo|código ubigeo|codigo de ubigeo",
    "region_text": "región|region|estado provincia|admin1|state|zona geográfica|local region",
    "community": "lugar|lugar del hecho|lugar de los hechos|localidad|comunidad|centro poblado|caserío|dirección|"
    "lugar exacto|location|place|location of death|location of incident|barrio|anexo|village|place of attack|"
    "lugar de ocurrencia|donde",
    "main_type": "tipo de hecho|tipo de ataque|tipo de agresión|tipo de violencia|tipo de vulneración|hecho|agresión|"
    "tipo de amenaza|type of attack|type of violence|type of incident|type of violation|violence|attack type|"
    "tipo de incidente|forma de violencia|modalidad de agresión|cause of death|causa de muerte|event type|violación",
    "other_types": "otros tipos|otros hechos|other types|other violations|método|method",
    "sector": "sector económico|actividad económica|industria|rubro|industry|economic sector|tipo de conflicto",
    "companies": "empresa|empresas|empresa involucrada|empresa vinculada|company|companies involved",
    "projects": "proyecto|proyecto vinculado|project|proyecto extractivo",
    "legal_name": "nombre de la víctima|nombre|nombres|nombres y apellidos|apellidos y nombres|apellidos|víctima|"
    "nombre completo|nombre y apellido|persona agredida|defensor|defensora|nombre del defensor|persona afectada|"
    "victim name|name of victim|name|full name|surname|first name|last name|given names|prenombres|primer apellido|"
    "segundo apellido|name of defender|agraviado|agraviada|afectado",
    "document": "dni|documento de identidad|número de dni|cédula|cédula de identidad|pasaporte|identity document",
    "gender": "sexo|género|sex|gender|sexo de la víctima|género de la víctima|male|identidad de género",
    "age": "edad|edad de la víctima|edad en años|age|age of victim|victim age|edad victima",
    "age_group": "grupo etario|grupo de edad|rango de edad|age group|age range",
    "peoples": "pueblo indígena|etnia|pueblo originario|indigenous people|ethnicity|people",
    "defender_groups": "tipo de defensor|perfil|perfil de la víctima|perfil del defensor|ocupación|occupation|cargo|"
    "type of defender|person characteristics|grupo de defensor",
    "group": "grupo afectado|colectivo|organización de la víctima|comunidad afectada|affected group",
    "affected_least": "número de víctimas|numero de afectados|cantidad de víctimas|total víctimas|víctimas|afectados|"
    "number of victims|victims|total victims|number affected",
    "killed_least": "muertos|fallecidos|número de muertos|number dead|deaths|killed|fatalities|víctimas mortales|"
    "total dead",
    "injured_least": "heridos|lesionados|número de heridos|injured|wounded|number injured",
    "detained_least": "detenidos|detenciones|número de detenidos|arrested|detained|arrests",
    "perpetrators": "presunto responsable|presuntos responsables|responsable|perpetrador|agresor|victimario|autor|"
    "presunto autor|tipo de responsable|tipo de agresor|perpetrator|perpetrator type|alleged perpetrator|institución|"
    "institución responsable|perpetrator affiliation|responsible|fuerza|presunto agresor|actor",
    "perpetrator_organisations": "organización responsable|unidad|nombre del responsable|perpetrator organisation|"
    "perpetrator affiliation detail|grupo responsable",
    "source_reliability": "confiabilidad|confiabilidad de la fuente|source reliability|source quality",
    "state_responses": "respuesta del estado|respuesta estatal|medidas tomadas|state response|acciones del estado",
    "summary": "resumen|summary|resumen del hecho|síntesis",
    "narrative": "descripción|descripción del hecho|descripción de los hechos|relato|hechos|detalle|detalle de los "
    "hechos|narración|qué pasó|description|description of incident|narrative|what happened|details|event description|"
    "circunstancias",
    "notes": "observaciones|notas|comentarios|comentario|notes|comments|additional comments|remarks|observación|otros",
}
_OF_PROJECTS: Mapping[str, str] = {
    **_PLACES,
    "external_id": "número|código|id|código de unidad|código único",
    "name": "nombre|nombre del proyecto|proyecto|project|project name|mina|unidad minera|caso|concesión|"
    "nombre del caso",
    "aliases": "otros nombres|alias|former names",
    "companies": "empresa|empresas|titular|operador|company|operator|titular de la concesión|concesionario",
    "sector": "sector|actividad|rubro|industry|activity|tipo de conflicto",
    "places": "ubigeo|distritos|districts",
    "status": "estado|situación|fase|status|etapa",
    "note": "observaciones|notas|comentarios|descripción|notes|comments|remarks",
    "source": "fuente|source|fuente de información",
}
_OF_CONTRACTS: Mapping[str, str] = {
    **_SOURCES,
    "country": "país|country",
    "department": "departamento|región|department|region",
    "external_id": "número de registro|id|registro|correlativo",
    "title": "título|convenio|nombre del convenio|agreement|title|denominación",
    "document": "tipo de documento|documento|document type|kind of document",
    "agreement_number": "número de convenio|número|resolución|norma|oficio|agreement number",
    "company": "empresa|compañía|titular|company|empresa minera",
    "projects": "proyecto|unidad minera|mina|project|zona|lugar",
    "places": "ubigeo|distrito|distritos|district",
    "police_unit": "unidad policial|dependencia policial|police unit|dependencia",
    "police_unit_text": "unidad pnp|comisaría|unidad",
    "signed": "fecha de firma|fecha de suscripción|suscripción|fecha|fecha del convenio|signed|date signed",
    "starts": "inicio|fecha de inicio|vigencia desde|desde|start date|vigencia inicio",
    "ends": "fin|fecha de fin|término|vigencia hasta|hasta|vencimiento|end date|vigencia",
    "officers": "efectivos|número de efectivos|policías|officers|personal policial|cantidad de efectivos",
    "total": "monto|monto total|importe|total|amount",
    "pay": "pago diario|pago por efectivo|pay per officer|tarifa|retribución",
    "notes": "observaciones|notas|comentarios|nota|notes|comments",
}
USUAL: Mapping[str, Mapping[str, str]] = {
    "incidents": _OF_INCIDENTS,
    "projects": _OF_PROJECTS,
    "contracts": _OF_CONTRACTS,
}

_SMALL = frozenset({
    "de", "del", "la", "las", "el", "los", "lo", "un", "una", "en", "por", "para", "con", "y", "o", "al", "the",
    "of", "a", "an", "in", "on", "and", "or", "to", "is", "se", "que", "su", "sus"
})  # fmt: skip
_SHORT = {
    "dpto": "departamento", "depto": "departamento", "dep": "departamento", "prov": "provincia", "dist": "distrito",
    "dto": "distrito", "fec": "fecha", "nro": "numero", "num": "numero", "nom": "nombre", "desc": "descripcion",
    "obs": "observaciones", "cod": "codigo", "muni": "municipio", "mun": "municipio", "inst": "institucion",
    "org": "organizacion", "resp": "responsable", "vict": "victima", "coord": "coordenadas", "ubi": "ubicacion",
    "n°": "numero", "nº": "numero", "no": "numero", "id": "id", "genero": "genero", "tit": "titular",
}  # fmt: skip
"""What people write to save room."""

# A heading with one of these words is about something else than its other words say.
_NOT_WHEN = frozenset({
    "registro", "registrada", "registrado", "creacion", "creation", "created", "actualizacion", "updated",
    "modificacion", "publicacion", "published", "publication", "reporte", "reported", "denuncia", "nacimiento",
    "birth", "ingreso", "envio", "submission", "epoch", "start_time"
})  # fmt: skip
_NOT_WHERE = frozenset({
    "origin", "origen", "nacimiento", "birth", "nacionalidad", "nationality", "residencia", "residence", "domicilio",
    "code", "codigo", "cod", "trabajo"
})  # fmt: skip
_OF_OTHERS = frozenset({
    "agresor", "agresores", "perpetrador", "perpetrator", "victimario", "responsable", "responsables", "imputado",
    "denunciante", "contacto", "funcionario", "funcionarios", "autor", "informante", "entrevistador", "encuestador",
    "madre", "padre", "hijos"
})  # fmt: skip
_OF_PERPETRATORS = frozenset({"perpetrators", "perpetrator_organisations", "perpetrator_degree"})
_WHEN = frozenset({"happened", "happened_to", "signed", "starts", "ends"})
_WHERE = frozenset({"country", "department", "province", "district", "region_text", "community", "place"})
_OF_A_STORY = frozenset({"hecho", "caso", "incident", "incidente", "event", "suceso", "ocurrido",
                         "sucedido", "breve", "texto", "case"})  # fmt: skip
_WHAT = frozenset({"main_type", "narrative", "title", "title_es"})
_NOT_WHAT = frozenset(
    {"descripcion", "description", "fecha", "date", "lugar", "place", "identificador", "numero", "number", "nombre",
     "name", "hora", "time"}
)  # fmt: skip
_COUNTS = frozenset({"affected_least", "killed_least", "injured_least", "detained_least"})
_OF_A_COUNT = frozenset({"total", "numero", "cantidad", "number", "hecho", "persona", "incidente"})
_OF_A_NAME = frozenset(
    {"persona", "person", "victima", "victim", "legal", "real", "civil", "defensor", "defensora", "nombre", "name"}
)
"""«Víctima, embarazo» neither counts nor names anybody: only words like these may stand beside."""


_PARTS_OF_A_NAME = frozenset(
    {"apellido", "nombre", "prenombre", "surname", "last name", "first name", "given name", "family name",
     "primer apellido", "segundo apellido", "apellido paterno", "apellido materno", "middle name"}
)  # fmt: skip
_GIVEN = frozenset({"nombre", "prenombre", "first", "given"})


def is_part_of_a_name(heading: str) -> bool:
    """Whether the column may hold a part of a name that stands in several: surnames here, given names there."""
    return " ".join(heading_words(heading)) in _PARTS_OF_A_NAME


def is_given_name(heading: str) -> bool:
    return bool(_GIVEN & set(heading_words(heading)))


@dataclass(frozen=True)
class Near:
    """A usual heading that the words of a column come near, from 0 to 100."""

    target: str
    """The fields, parted by a plus sign where one column brings two."""
    usual: str
    score: float


def near_headings(heading: str, kind: RecordKind) -> list[Near]:
    """The fields whose usual headings are near, the nearest first."""
    words = heading_words(heading)
    if not words:
        return []
    found: dict[str, Near] = {}
    for target, usual, its_words in _known(kind.name):
        score = _nearness(words, its_words)
        if score >= 60 and not _is_about_else(words, its_words, target):
            best = found.get(target)
            if best is None or score > best.score:
                found[target] = Near(target, usual, score)
    return sorted(found.values(), key=lambda one: -one.score)


def speaks_of_else(heading: str, target: str) -> bool:
    """Whether the words of a heading forbid what its cells look like: a day of birth is no day of an incident."""
    words = set(heading_words(heading))
    forbidden = {**dict.fromkeys(_WHEN, _NOT_WHEN), **dict.fromkeys(_WHERE, _NOT_WHERE)}.get(target, frozenset())
    others = target not in _OF_PERPETRATORS and target not in ("source_url", "narrative", "notes")
    return bool(words & forbidden) or (others and bool(words & _OTHERS))


def heading_words(heading: str) -> tuple[str, ...]:
    """The words that say something, whole and in the singular: «FEC_HECHO» is «fecha hecho»."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading[:200]).replace("_", " ")
    apart = re.sub(r"\b[nN]\s*[.°º]+", " numero ", apart)
    return tuple(_whole(word) for word in folded_words(apart) if word not in _SMALL)


def _whole(word: str) -> str:
    word = _SHORT.get(word, word)
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=8)
def _known(kind_name: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple(_all_usual(KINDS[kind_name]))


def _all_usual(kind: RecordKind) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    known = {one.name for one in kind.fields}
    for target, phrases in USUAL.get(kind.name, {}).items():
        if set(target.split("+")) <= known:
            for phrase in phrases.split("|"):
                yield target, phrase, heading_words(phrase)


def _nearness(words: tuple[str, ...], usual: tuple[str, ...]) -> float:
    """The same words in any order, or nearly; or a usual heading with a word or two more."""
    if set(words) == set(usual):
        return 97.0
    whole = fuzz.token_sort_ratio(" ".join(words), " ".join(usual))
    if whole >= 88:
        return min(whole, 95.0)
    if usual and set(usual) <= set(words):
        more = len(set(words) - set(usual))
        return 84.0 - 8 * more + 4 * (len(usual) - 1)
    return 0.0


def _is_about_else(words: tuple[str, ...], usual: tuple[str, ...], target: str) -> bool:
    further = set(words) - set(usual)
    if target in _WHEN and further & _NOT_WHEN:
        return True
    if target in _WHERE and further & _NOT_WHERE:
        return True
    if target in _COUNTS and further - _OF_A_COUNT or target == "legal_name" and further - _OF_A_NAME:
        return True
    if target == "source_citation" and further & {"quality", "calidad", "tipo", "type", "fecha", "date"}:
        return True
    if (target in _WHAT and further & _NOT_WHAT) or (target == "narrative" and further - _OF_A_STORY):
        return True
    return target not in _OF_PERPETRATORS and bool(further & _OTHERS)


_OTHERS = frozenset(map(_whole, _OF_OTHERS))
