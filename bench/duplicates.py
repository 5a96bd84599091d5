"""How well likely duplicates are found: precision and recall on a labelled set, half of which was held back.

.venv/bin/python bench/duplicates.py DIRECTORY [--weights]

The set is made from real public files, whose rows are different events or people (Global Witness, the Chilean Truth
Commission, CELS, IOM's Missing Migrants, massacres in Colombia). Half of the rows get a second telling, as another
source might have it, made by one of the rules in `RULES`; which half, and which rule, a digest of the row's number
decides. A pair is true if both tell the same row; every other pair is false, namesakes, victims of one massacre and
events of one day and town among them. Another digest puts each row into one of two halves: weights are counted on the
first (`--weights` prints them), and what is said of the second was not looked at while they were chosen.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from app.dates import DAY, UncertainDate
from app.db import folded_words
from app.duplicates import likeness
from app.duplicates.tellings import Telling, name_sounds, place_words, swapped
from app.imports.day_words import read_day_words

FOUND_IN = "prensa"


@dataclass(frozen=True)
class Row:
    """One real row, before it is told."""

    key: str
    file: str
    day: date
    name: str = ""
    place: str = ""
    larger: str = ""
    country: str = ""
    point: tuple[float, float] | None = None
    type: str = "LIFE.KILL"
    gender: str = ""
    age: int | None = None
    victims: int | None = 1


def draw(row: Row, what: str, number: int) -> int:
    """A number below *number*, always the same for the row and the question."""
    return int.from_bytes(hashlib.sha256(f"{what}:{row.file}:{row.key}".encode()).digest()[:4], "big") % number


def group_of_age(age: int | None) -> frozenset[str]:
    ends = ((11, "CHILD"), (17, "ADOL"), (29, "YOUTH"), (59, "ADULT"), (120, "OLDER"))
    return frozenset() if age is None or age > 120 else frozenset({next(name for end, name in ends if age <= end)})


def told(row: Row, second: bool = False) -> Telling:
    return Telling(
        key=(row.file, row.key, second),
        happened=UncertainDate.on(row.day),
        country=row.country or None,
        places=place_words(row.place, row.larger),
        finest=" ".join(folded_words(row.place or row.larger)),
        point=row.point,
        type=row.type,
        names=(name_sounds(row.name),) if row.name else (),
        genders=frozenset({row.gender} - {""}),
        ages=group_of_age(row.age),
        victims=row.victims,
    )


# --- second tellings -----------------------------------------------------------------------------

Rule = Callable[[Row, Telling], Telling | None]


def _renamed(name: str, telling: Telling) -> Telling:
    return replace(telling, names=(name_sounds(name),) if name else ())


def _order(row: Row, telling: Telling) -> Telling | None:
    words = row.name.split()
    return _renamed(" ".join([*words[-2:], *words[:-2]]), telling) if len(words) > 2 else None


def _one_surname(row: Row, telling: Telling) -> Telling | None:
    words = row.name.split()
    return _renamed(" ".join(words[:-1]), telling) if len(words) > 2 else None


def _slip(row: Row, telling: Telling) -> Telling | None:
    """One letter goes from the longest word, as in haste."""
    words = row.name.split()
    longest = max(words, key=len, default="")
    if len(longest) < 5:
        return None
    at = 1 + draw(row, "slip", len(longest) - 2)
    words[words.index(longest)] = longest[:at] + longest[at + 1 :]
    return _renamed(" ".join(words), telling)


def _first_names(row: Row, telling: Telling) -> Telling | None:
    words = row.name.split()
    return _renamed(f"{words[0]} {words[-2] if len(words) > 3 else words[-1]}", telling) if len(words) > 2 else None


def _no_name(row: Row, telling: Telling) -> Telling | None:
    return _renamed("", telling) if row.name else None


def _next_day(row: Row, telling: Telling) -> Telling:
    return replace(telling, happened=UncertainDate.on(row.day + timedelta(days=1 - 2 * draw(row, "day", 2))))


def _swapped(row: Row, telling: Telling) -> Telling | None:
    day = swapped(row.day)
    return replace(telling, happened=UncertainDate.on(day)) if day else None


def _month(row: Row, telling: Telling) -> Telling:
    return replace(telling, happened=UncertainDate.in_month(row.day.year, row.day.month))


def _year(row: Row, telling: Telling) -> Telling:
    return replace(telling, happened=UncertainDate.in_year(row.day.year))


def _larger_place(row: Row, telling: Telling) -> Telling | None:
    if not row.larger:
        return None
    return replace(telling, places=place_words(row.larger), finest=" ".join(folded_words(row.larger)), point=None)


def _no_point(row: Row, telling: Telling) -> Telling | None:
    if row.point is None:
        return None
    point = (round(row.point[0], 1), round(row.point[1], 1)) if draw(row, "point", 2) else None
    return replace(telling, point=point)


def _other_words(row: Row, telling: Telling) -> Telling | None:
    """The place is told by another landmark beside what both name."""
    words = folded_words(row.place)
    if not words:
        return None
    return replace(telling, places=place_words(f"cruce puente {' '.join(words[-2:])}", row.larger), finest="")


def _other_type(row: Row, telling: Telling) -> Telling:
    return replace(telling, type=("LIFE.ATT_KILL", "LIFE.KILL_PROTEST", "PHYS.FORCE")[draw(row, "type", 3)])


def _same(row: Row, telling: Telling) -> Telling:
    return telling


RULES: dict[str, tuple[Rule, ...]] = {
    "word for word": (_same,),
    "surnames first": (_order,),
    "one surname dropped": (_one_surname,),
    "a slip in the name": (_slip,),
    "first name and first surname, next day": (_first_names, _next_day),
    "the next day": (_next_day,),
    "day and month swapped": (_swapped,),
    "month only": (_month,),
    "year only": (_year,),
    "larger place, month only": (_larger_place, _month),
    "larger place": (_larger_place,),
    "coordinates rounded or none": (_no_point,),
    "a slip in the name, the next day, larger place": (_slip, _next_day, _larger_place),
    "place in other words": (_other_words,),
    "another type": (_other_type,),
    "place in other words, another type, one surname dropped": (_one_surname, _other_words, _other_type),
    "no name": (_no_name,),
    "no name, the next day": (_no_name, _next_day),
}


def second_telling(row: Row) -> tuple[str, Telling] | None:
    """By the first rule, from one that the digest names on, that can be followed; None for half of the rows."""
    if draw(row, "told twice", 2):
        return None
    names = list(RULES)
    begin = draw(row, "rule", len(names))
    for name in [*names[begin:], *names[:begin]]:
        telling: Telling | None = told(row, second=True)
        for rule in RULES[name]:
            telling = rule(row, telling) if telling is not None else None
        if telling is not None:
            return name, _described_otherwise(row, telling)
    return None


def _described_otherwise(row: Row, telling: Telling) -> Telling:
    """Others do not say the age, take it for another, and count otherwise."""
    if not draw(row, "gender", 3):
        telling = replace(telling, genders=frozenset())
    if not draw(row, "age", 3):
        telling = replace(telling, ages=frozenset())
    elif not draw(row, "other age", 6):
        telling = replace(telling, ages=group_of_age(row.age + 3 if row.age else None))
    if telling.victims and not draw(row, "victims", 6):
        telling = replace(telling, victims=telling.victims + 1 + draw(row, "how many", 3))
    return telling


# --- the rows ------------------------------------------------------------------------------------


def rows_of(directory: Path) -> Iterator[Row]:
    for reader in (global_witness, chile, cels, migrants, massacres):
        yield from reader(directory)


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def a_day(text: str) -> date | None:
    found = read_day_words(text)
    return found.earliest if found.precision == DAY else None


def number(text: str) -> int | None:
    return int(float(text)) if text.replace(".", "", 1).isdigit() and float(text) else None


def a_point(*texts: str) -> tuple[float, float] | None:
    try:
        return float(texts[0]), float(texts[1])
    except ValueError:
        return None


def global_witness(directory: Path) -> Iterator[Row]:
    for line in lines(directory / "gw_land_defenders_2012_2021.csv"):
        if day := a_day(line["date"]):
            yield Row(line["id"], "Global Witness", day, line["name"], line["local_region"], line["country"],
                      line["country_numeric"], gender=line["gender"], age=number(line["age"]),
                      victims=number(line["number_of_victims"]))  # fmt: skip


def chile(directory: Path) -> Iterator[Row]:
    for line in lines(directory / "cl_truth_commission_victims_1973_1990.csv"):
        if line["start_date_daily"] != "NA":
            place = "" if line["location_1"] == "NA" else line["location_1"]
            yield Row(line["individual_id"], "Chile", date.fromisoformat(line["start_date_daily"]),
                      f"{line['first_name']} {line['last_name']}", place, "", "CL",
                      a_point(line["latitude_1"], line["longitude_1"]),
                      "LIFE.DIS" if "Disapp" in line["violence"] else "LIFE.KILL",
                      {"1": "M", "0": "W"}.get(line["male"], ""), number(line["age"]))  # fmt: skip


def cels(directory: Path) -> Iterator[Row]:
    """Events, with the victims that are told of each; nobody is named."""
    people = defaultdict(list)
    for line in lines(directory / "ar_cels_victimas.csv"):
        people[line["identificador_hecho"]].append(line)
    for line in lines(directory / "ar_cels_hechos.csv"):
        victims = people.get(line["identificador"], [])
        first = victims[0] if victims else {"genero": "", "edad": ""}
        yield Row(line["identificador"], "CELS", date.fromisoformat(line["fecha_del_hecho"]), "",
                  line["lugar_del_hecho"], line["provincia"], "AR", gender=first["genero"], age=number(first["edad"]),
                  victims=len(victims) or None)  # fmt: skip


def migrants(directory: Path) -> Iterator[Row]:
    """Each only once of what its makers themselves tell in several rows."""
    seen = set()
    for line in lines(directory / "iom_missing_migrants_global_2026.csv"):
        day = a_day("{2}-{0}-{1}".format(*line["Incident Date"].split(", ")[1].split(" ")[0].split("/")))
        if day and line["Main ID"] not in seen:
            seen.add(line["Main ID"])
            yield Row(line["Incident ID"], "Missing Migrants", day, "", line["Location of death"], line["Region"], "",
                      a_point(*line["Coordinates"].split(",")), "OTHER",
                      victims=number(line["Number Dead"]))  # fmt: skip


def massacres(directory: Path) -> Iterator[Row]:
    for place, line in enumerate(lines(directory / "co_masacres_datos_abiertos.csv")):
        month, day, year = map(int, line["FECHA HECHO"].split(" ")[0].split("/"))
        yield Row(str(place), "Colombia", date(year, month, day), "", line["MUNICIPIO"], line["DEPARTAMENTO"], "CO",
                  victims=number(line["VICTIMAS"]))  # fmt: skip


# --- counting ------------------------------------------------------------------------------------


@dataclass
class Half:
    tellings: list[Telling]
    rules: dict[object, str]
    """Of the second tellings, by their keys."""

    @property
    def true(self) -> set[tuple[object, object]]:
        return {((*key[:2], False), key) for key in self.rules}

    def candidates(self) -> list[tuple[Telling, Telling]]:
        return list(likeness.pairs(self.tellings))


def halves(rows: list[Row]) -> tuple[Half, Half]:
    found = (Half([], {}), Half([], {}))
    for row in rows:
        half = found[draw(row, "half", 2)]
        half.tellings.append(told(row))
        if second := second_telling(row):
            rule, telling = second
            half.tellings.append(telling)
            half.rules[telling.key] = rule
    return found


def is_true(one: Telling, other: Telling) -> bool:
    return one.key[:2] == other.key[:2]  # type: ignore[index]


MOST = 5.0


def counted_weights(half: Half) -> tuple[dict[tuple[str, str], float], float]:
    """ln(m/u) of each level, and the prior, from the candidates of a half."""
    met: dict[bool, Counter[tuple[str, str]]] = {True: Counter(), False: Counter()}
    totals: Counter[bool] = Counter()
    for one, other in half.candidates():
        same = is_true(one, other)
        totals[same] += 1
        met[same].update(likeness.levels_of(one, other))
    weights = {}
    for level in sorted(set(met[True]) | set(met[False])):
        if level[1]:
            m = (met[True][level] + 0.5) / (totals[True] + 1)
            u = (met[False][level] + 0.5) / (totals[False] + 1)
            # What was met a few times is not certain for ever.
            weights[level] = max(-MOST, min(MOST, round(math.log(m / u), 2)))
    return weights, round(math.log(totals[True] / totals[False]), 2)


def figures(half: Half, threshold: float) -> dict[str, tuple[int, int, int]]:
    """By file and by rule: pairs that were rightly flagged, flagged, and true."""
    flagged = [(one, other) for one, other in half.candidates() if likeness.compare(one, other).score >= threshold]
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one, other in flagged:
        right = is_true(one, other)
        names = {"all", f"file: {one.key[0]}"}  # type: ignore[index]
        names |= {half.rules[key] for key in (one.key, other.key) if right and key in half.rules}
        for name in names:
            found[name][0] += right
            found[name][1] += 1
    for key, rule in half.rules.items():
        for name in ("all", f"file: {key[0]}", rule):  # type: ignore[index]
            found[name][2] += 1
    return {name: (right, shown, true) for name, (right, shown, true) in found.items()}


def tell(title: str, half: Half) -> None:
    possible = figures(half, likeness.POSSIBLE)["all"]
    start = time.perf_counter()
    found = figures(half, likeness.LIKELY)
    seconds = time.perf_counter() - start
    print(f"\n{title}: {len(half.tellings)} tellings, {len(half.rules)} true pairs, {seconds:.1f} s")
    right, shown, true = possible
    print(f"  all, possible ones too: precision {right / shown:.3f}, recall {right / true:.3f}")
    for name in ["all", *sorted(key for key in found if key.startswith("file")), *(n for n in RULES if n in found)]:
        right, shown, true = found[name]
        by_rule = name in RULES
        precision = "" if by_rule else f"precision {right / shown:.3f}, " if shown else "precision –, "
        print(f"  {name}: {precision}recall {right / true:.3f} ({right} of {true})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--weights", action="store_true", help="Count the weights anew on the first half, and print.")
    parser.add_argument("--thresholds", action="store_true", help="What each threshold would give, on the first half.")
    options = parser.parse_args()
    first, held_back = halves(list(rows_of(options.directory)))
    if options.weights:
        weights, prior = counted_weights(first)
        print(f"PRIOR = {prior}")
        for level, weight in weights.items():
            print(f"    {level!r}: {weight},".replace("'", '"'))
        likeness.WEIGHTS, likeness.PRIOR = weights, prior
    if options.thresholds:
        for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            right, shown, true = figures(first, threshold)["all"]
            print(f"  first half, from {threshold}: precision {right / shown:.3f}, recall {right / true:.3f}")
    tell("The half on which weights are counted", first)
    tell("The half that was held back", held_back)


if __name__ == "__main__":
    main()
