"""Read the packs again and say what is wrong with them.

    python3 tools/check_packs.py [PACKS]

Ends with 1 when something is; prints the numbers that other documents quote.
"""

import csv
import re
import sys
from collections import Counter
from pathlib import Path

LEADING = [
    "code",
    "label_en",
    "label_es",
    "definition_en",
    "definition_es",
    "parent",
    "sort",
    "selectable",
    "valid_from",
    "valid_to",
    "source",
    "verified",
    "upr",
]
NO_CODE_LISTS = {"citations", "places", "sites", "organisations", "projects"}
EXPECTED = {
    ("core", "incident_types"): 64,
    ("core", "perpetrator_types"): 16,
    ("core", "sectors"): 11,
    ("core", "verification_statuses"): 8,
    ("core", "confidentiality_levels"): 3,
    ("core", "person_kinds"): 4,
    ("core", "consent_levels"): 5,
    ("demo", "events"): 62,
    ("demo", "contracts"): 7,
}
Row = dict[str, str]
wrong: list[str] = []


def expect(claim: bool, words: str) -> None:
    if not claim:
        wrong.append(words)


def table(path: Path) -> list[Row]:
    raw = path.read_bytes()
    expect(b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf"), f"{path}: CR or BOM")
    with path.open(encoding="utf-8", newline="") as handle:
        head, *body = list(csv.reader(handle))
    expect(len(set(head)) == len(head), f"{path}: a column twice")
    for number, cells in enumerate(body, start=2):
        expect(len(cells) == len(head), f"{path}, row {number}: {len(cells)} cells, {len(head)} columns")
        expect(all(cell == cell.strip() for cell in cells), f"{path}, row {number}: space at an edge")
    return [dict(zip(head, cells, strict=False)) for cells in body]


def check_list(name: str, rows: list[Row]) -> None:
    codes = [row["code"] for row in rows]
    expect(list(rows[0])[: len(LEADING)] == LEADING, f"{name}: leading columns")
    expect(len(set(codes)) == len(codes), f"{name}: a code twice")
    for row in rows:
        for column in ("code", "label_en", "label_es", "sort", "upr", "source", "verified"):
            expect(bool(row[column]), f"{name} {row['code']}: no {column}")
        expect(row["selectable"] in ("yes", "no"), f"{name} {row['code']}: selectable")
        expect(row["verified"] in ("V", "P", "G"), f"{name} {row['code']}: verified {row['verified']}")
        expect(not row["parent"] or row["parent"] in codes, f"{name} {row['code']}: no parent {row['parent']}")
        expect(row["sort"].isdigit(), f"{name} {row['code']}: sort {row['sort']}")
        expect(re.fullmatch(r"(\d{4}-\d\d-\d\d)?", row["valid_from"]) is not None, f"{name} {row['code']}: valid_from")


def check_places(rows: list[Row]) -> set[str]:
    keys = {row["key"] for row in rows}
    expect(len(keys) == len(rows), "places: a key twice")
    for row in rows:
        expect(not row["parent"] or row["parent"] in keys, f"places {row['key']}: no parent")
        expect(bool(re.fullmatch(r"PE-[A-Z]{3}", row["iso_3166_2"])), f"places {row['key']}: ISO code")
    levels = Counter(row["level"] for row in rows)
    expect(levels == {"department": 25, "province": 196, "district": 1893}, f"places: {levels}")
    for column in ("code_inei", "code_reniec"):
        twice = [code for code, times in Counter(row[column] for row in rows).items() if code and times > 1]
        expect(not twice, f"places: {column} twice: {twice}")
    names = Counter((row["parent"], row["name"]) for row in rows if row["selectable"] == "yes")
    expect(max(names.values()) == 1, "places: two of one name under one parent")
    districts = [row for row in rows if row["level"] == "district"]
    print(
        "places",
        dict(levels),
        "| ISO codes",
        len({row["iso_3166_2"] for row in rows}),
        "| districts without RENIEC",
        sum(not row["code_reniec"] for row in districts),
        "| with coordinates",
        sum(bool(row["latitude"]) for row in districts),
        "| not offered",
        sum(row["selectable"] == "no" for row in rows),
    )
    return keys


def known(codes: str, of: set[str], where: str) -> None:
    for code in filter(None, codes.split("|")):
        expect(code in of, f"{where}: {code} is not known")


def check_demo(tables: dict[tuple[str, str], list[Row]], places: set[str]) -> None:
    lists = {name: {row["code"] for row in rows} for (_, name), rows in tables.items() if "code" in rows[0]}
    cases = {row["key"]: row for row in tables["demo", "cases"]}
    keys = {
        name: {row["key"] for row in tables[part, name]}
        for part, name in (("pe", "organisations"), ("pe", "projects"), ("demo", "people"))
    }
    selectable = {row["code"] for row in tables["core", "incident_types"] if row["selectable"] == "yes"}
    events = tables["demo", "events"]
    for row in events:
        here = row["id"]
        expect(row["case"] in cases, f"{here}: case")
        expect(not row["place"] or row["place"] in places, f"{here}: place")
        known(row["companies"], keys["organisations"], here)
        known(row["projects"], keys["projects"], here)
        known(row["people"], keys["people"], here)
        known(row["incident_types"], selectable, here)
        known(row["actor_type"], lists["perpetrator_types"], here)
        known(row["offences"], lists["offences"], here)
        known(row["legal_bases"], lists["legal_bases_contracts"], here)
        known(row["defender_groups"], lists["defender_groups"], here)
        known(row["sector"], lists["sectors"], here)
        known(row["group_kind"], lists["person_kinds"], here)
        known(row["state"], lists["verification_statuses"], here)
        known(row["entry_type"], lists["timeline_event_types"], here)
        known(row["proc_stage"], lists["proc_stages"], here)
        known(row["outcome"], lists["proc_outcomes"], here)
        known(row["kind"], lists["record_kinds"], here)
        known(row["site_code"], lists["sites"], here)
        known(row["urgency"], lists["urgency_levels"], here)
        expect(bool(row["state"]) == (row["kind"] == "incident"), f"{here}: state")
        expect(bool(row["entry_type"]) != (row["kind"] == "incident"), f"{here}: entry type")
        expect(bool(row["incident_types"]) or row["kind"] != "incident", f"{here}: no type")
        expect(row["kind"] != "incident" or bool(row["people"] or row["group_es"]), f"{here}: nobody affected")
        for place in "123":
            known(row[f"source_{place}_kind"], lists["source_types"], here)
    of_kind = {"post": "leadership_kinds", "organisation": "organisation_ties"}
    for row in tables["demo", "ties"]:
        known(row["person"], keys["people"], "ties")
        known(row["kind"], lists[of_kind[row["tie"]]], row["person"])
        known(row["organisation_kind"], lists["organisation_types"], row["person"])
        known(row["event"], {event["id"] for event in events}, row["person"])
    for row in tables["demo", "contracts"]:
        known(row["companies"], keys["organisations"], row["id"])
        known(row["projects"], keys["projects"], row["id"])
        known(row["clauses"], lists["contract_clauses"], row["id"])
        known(row["case"], set(cases), row["id"])
    incidents = [row for row in events if row["kind"] == "incident"]
    good = [
        row
        for row in incidents
        if row["state"] in ("CORROBORATED", "VERIFIED")
        and row["already_public"] == "yes"
        and row["date_from"] >= "2003-01-01"
        and row["date_to"] <= "2026-12-31"
        and int(row["origins"]) > 1
    ]
    recent = [row for row in good if row["date_from"] >= "2022-07-15" and row["date_to"] <= "2026-10-31"]
    expect(len(incidents) == 29 and len(good) >= 22 and len(recent) >= 4, "demo: too few")
    print("events by kind", dict(Counter(row["kind"] for row in events)))
    print("incidents by state", dict(Counter(row["state"] for row in incidents)))
    print("reviewed, public, 2003-2026:", len(good), "by team", dict(Counter(row["team"] for row in good)))
    print("of these within 2022-07-15..2026-10-31:", len(recent), [row["id"] for row in recent])
    print(
        "events by team",
        dict(Counter(row["team"] for row in events)),
        "cases",
        dict(Counter((row["team"], row["confidentiality"]) for row in cases.values())),
    )
    print("dates", dict(Counter(row["precision"] for row in events)))


def main(packs: Path) -> None:
    tables = {(path.parent.name, path.stem): table(path) for path in sorted(packs.glob("*/*.csv"))}
    for (part, name), rows in tables.items():
        expect((part, name) not in EXPECTED or len(rows) == EXPECTED[part, name], f"{name}: {len(rows)} rows")
        if part != "demo" and name not in NO_CODE_LISTS:
            check_list(name, rows)
    types = tables["core", "incident_types"]
    expect(sum(row["selectable"] == "yes" for row in types) == 54, "incident_types: not 54 selectable")
    rights = {row["code"] for row in tables["core", "rights_affected"]}
    for row in types:
        known(row["rights"], rights, row["code"])
    places = check_places(tables["pe", "places"])
    for row in tables["pe", "sites"]:
        known(row["districts"], {key.removeprefix("PE-") for key in places}, row["code"])
        known(row["projects"], {found["key"] for found in tables["pe", "projects"]}, row["code"])
    for row in tables["pe", "projects"]:
        known(row["companies"], {found["key"] for found in tables["pe", "organisations"]}, row["key"])
        known(row["site"], {found["code"] for found in tables["pe", "sites"]}, row["key"])
    check_demo(tables, places)
    print(*wrong, f"{len(wrong)} wrong", sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) == 2 else Path("app/packs"))
