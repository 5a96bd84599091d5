"""What becomes of real public files: rows in the file, records added, rows refused and why, seconds; as a table.

.venv/bin/python bench/files.py DIRECTORY [--language es] [FILE ...]

Each file goes into one fresh installation through the command, with the map that is named here; the second time, to
see that nothing is added. A file without a map is tried as it is, and its answer is told.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from sqlalchemy import update  # noqa: E402

from app.accounts.models import User  # noqa: E402
from app.db import db  # noqa: E402
from bench.imports import fresh  # noqa: E402


@dataclass(frozen=True)
class Case:
    file: str
    kind: str = "incidents"
    map: str | None = None
    """Of those that come with Amparo, or beside this file."""
    sheets: tuple[str, ...] = ()


CASES = (
    Case("gw_land_defenders_2012_2021.csv", map="global-witness"),
    Case("cl_truth_commission_victims_1973_1990.csv", map="chile-truth-commission"),
    Case("ar_cels_hechos.csv", map="cels-hechos"),
    Case("ar_cels_victimas.csv", map="cels-victimas"),
    Case("ar_cels_funcionarios.csv", map="cels-funcionarios"),
    Case("co_masacres_datos_abiertos.csv", map="masacres-colombia"),
    Case("iom_missing_migrants_global_2026.csv", map="iom-missing-migrants"),
    Case("ph_drug_killings_manila.xlsx", map="manila-killings",
         sheets=("police killings", "unidentified assailant killings")),
    Case("pe_feminicidio_mimp.csv", map="mimp-feminicidio"),
    Case("pe_protestas_cronologia_2022_23.json", map="cronologia-protestas"),
    Case("pe_convenios_pnp_prensa_transcritos.csv", "contracts", "convenios-pnp-prensa"),
    Case("pe_conflictos_mineros_2024_03.xlsx", "projects", "defensoria-conflictos-mineros"),
    Case("pe_concesiones_mineras_17s_empresas.csv", "projects", "concesiones-mineras"),
    Case("pe_candidatos_consejeros_2014.xlsx"),
    Case("pe_ubigeo_distritos.csv"),
    Case("hxl_merged_headers.xlsx"),
    Case("hxl_valid_latin1.csv"),
    Case("upr_recs_1-5.csv"),
    Case("upr_recs_14-17.csv"),
)  # fmt: skip


@dataclass
class Outcome:
    rows: int
    told: str
    again: str
    refused: int
    reasons: Counter[str]
    seconds: float


def tried(app, path: Path, case: Case, sheet: str | None) -> Outcome:
    with tempfile.TemporaryDirectory() as directory:
        report, rest = Path(directory) / "report.csv", Path(directory) / "rest.csv"
        words = ["import", case.kind, str(path), "--as", "caseworker@example.org", "--skip-bad", "--rest", str(rest)]
        if case.map:
            words += ["--map", map_for(case, sheet, Path(directory))]
        start = time.perf_counter()
        first = app.test_cli_runner().invoke(args=[*words, "--report", str(report)])
        seconds = time.perf_counter() - start
        if first.exception and not isinstance(first.exception, SystemExit):
            raise first.exception
        rest.unlink(missing_ok=True)
        again = app.test_cli_runner().invoke(args=words)
        rows, refused, reasons = read_report(report, rest)
        return Outcome(rows, last(first.output), last(again.output), refused, reasons, seconds)


def map_for(case: Case, sheet: str | None, directory: Path) -> str:
    """The map's name or file; with the name of the sheet written into it."""
    beside = HERE / "maps" / f"{case.map}.toml"
    if not beside.exists():
        return str(case.map)
    if sheet is None:
        return str(beside)
    written = directory / beside.name
    written.write_text(f'sheet = "{sheet}"\n' + beside.read_text(encoding="utf-8"), encoding="utf-8")
    return str(written)


def read_report(report: Path, rest: Path) -> tuple[int, int, Counter[str]]:
    if not report.exists():
        return 0, 0, Counter()
    with report.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    rows = {number for line in lines for number in line[0].split(", ")}
    bad = [line for line in lines if line[2] in ("no se puede importar", "cannot be imported")]
    # What is said beside the reasons, of rows that are one incident, is none.
    told = [line for line in bad if not re.match(r"(?:Rows|Other rows|Las filas|Otras filas)", line[5])]
    reasons = Counter((f"{line[3]}: " if line[3] else "") + bare(line) for line in told)
    return len(rows), len({number for line in bad for number in line[0].split(", ")}), reasons


def bare(line: list[str]) -> str:
    """The reason without the cell: the same is said of many."""
    words = re.sub(r"^(?:Fila|Row) \d+: ", "", line[5])
    return re.sub(r"^(?:Columna|Column) [«“].*?[»”]: (?:[«“].*?[»”] )?(?:the value |el valor )?", "", words)


def last(output: str) -> str:
    """What was taken in, or why nothing was."""
    lines = output.strip().splitlines()
    told = [
        line for line in lines if re.search(r"imported\.|taken in\.|import\w+ \d|already|importad|entra|estaba", line)
    ]
    return " ".join(told or lines[-1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--language", default="en", choices=("es", "en"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        app = fresh(directory, options.language)
        with app.app_context():
            db.session.execute(update(User).values(language=options.language))
            db.session.commit()
        for case in CASES:
            if options.files and case.file not in options.files:
                continue
            for sheet in case.sheets or (None,):
                outcome = tried(app, options.directory / case.file, case, sheet)
                reasons = "; ".join(f"{number} × {words}" for words, number in outcome.reasons.most_common(4))
                name = case.file + (f" ({sheet})" if sheet else "")
                cells = [name, case.map or "–", outcome.rows or "–", outcome.told, outcome.refused or "–",
                         reasons or "–", outcome.again, f"{outcome.seconds:.1f}"]  # fmt: skip
                print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
