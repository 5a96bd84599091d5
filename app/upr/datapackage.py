"""datapackage.json: the schema of every table, as a Frictionless tabular data package."""

from __future__ import annotations

from typing import Any

from app.upr.columns import Column, codes_for, hxl_tag
from app.upr.filters import Filters
from app.upr.tables import CODEBOOK, Table, Written


def describe(name: str, uid: str, filters: Filters, tables: list[tuple[Table, Written]]) -> dict[str, Any]:
    """What a program needs to read and check the tables of the pack."""
    return {
        "profile": "tabular-data-package",
        "name": name.lower(),
        "id": uid,
        "title": f"UPR pack, {filters.country_iso3}, {filters.first} to {filters.last}",
        "resources": [_resource(table, file, filters) for table, file in tables],
    }


def _resource(table: Table, file: Written, filters: Filters) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.primary_key:
        schema["primaryKey"] = table.primary_key
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "dialect": {
            "delimiter": filters.delimiter,
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
            # A row of tags is no row of data.
            **({"commentRows": [2]} if filters.hxl and table is not CODEBOOK else {}),
        },
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.label_en}
    if column.description_en:
        field["description"] = column.description_en
    if tag := hxl_tag(column.name):
        field["hxl"] = tag
    if column.is_list and column.type == "string":
        field["listDelimiter"] = "|"
    if column.type == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    constraints: dict[str, Any] = {}
    if column.is_required:
        constraints["required"] = True
    if column.type == "integer":
        constraints["minimum"] = 0
    if column.code_list and not column.is_list:
        constraints["enum"] = [code.code for code in codes_for(column)]
    if constraints:
        field["constraints"] = constraints
    return field
