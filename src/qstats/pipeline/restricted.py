"""Where do the lists go that name enterprises? Beside the clean tables of a run, never into its report."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from qstats.cleaning.rules import COSMETIC
from qstats.credit import grade_enterprises
from qstats.credit_registry import read_credit_scheme
from qstats.data_quality import list_cases
from qstats.params import Params
from qstats.paths import processed_folder
from qstats.periods import Period
from qstats.pipeline.atomic import replacing_folder
from qstats.pipeline.inputs import RunTables, read_run
from qstats.report import credit
from qstats.report.exports import encode_csv, encode_xlsx

FOLDER = "restricted"


def write_restricted(params: Params, progress: Callable[[str], None]) -> Path:
    """Write what was wrong with the files and, where departments sent records, grades and pairs."""
    received = read_run(params.run)
    folder = processed_folder(params.run) / FOLDER
    with replacing_folder(folder) as incoming:
        incoming.chmod(0o700)
        cases = list_cases(received.issues, received.sources, cosmetic=COSMETIC)
        numbered = pl.from_pandas(cases).with_columns(pl.col("source_row").cast(pl.Int64))
        (incoming / "issues.csv").write_bytes(_encode(numbered))
        if not received.enterprise_records.is_empty():
            for scheme in params.credit.credit_schemes:
                _write_scheme(received, scheme, params, incoming)
            (incoming / "link_review.csv").write_bytes(_encode(received.link_review))
    progress(_tell(params.run, received.link_review))
    return folder


def _tell(run: str, review: pl.DataFrame) -> str:
    """Where the lists lie, how many pairs wait for a clerk, how many decisions hold for nothing."""
    said = f"lists that name enterprises, not to be published: data/processed/{run}/{FOLDER}"
    if undecided := review["decision"].null_count():
        said += f"; {undecided:,} pairs in link_review.csv wait for a clerk"
    if idle := review.filter(pl.col("reason") == "unknown_key").height:
        said += (
            f"; {idle:,} lines of link_decisions.csv have a key that no row has now (unknown_key): "
            "copy keys as they stand in link_review.csv"
        )
    return said


def _write_scheme(received: RunTables, scheme: str, params: Params, folder: Path) -> None:
    on: date = min(Period.parse(params.period).end, params.cutoff)
    graded = grade_enterprises(
        read_credit_scheme(scheme), received.enterprises, received.enterprise_links,
        received.enterprise_records, received.inspections, on, known_until=params.cutoff,
        publicity_from=params.credit.publicity_from,
    )  # fmt: skip
    for table in (credit.tabulate_named(graded, received.enterprises), credit.tabulate_lineage(graded)):
        name = table.payload["name"]
        (folder / f"{name}.csv").write_bytes(encode_csv(table.payload))
        (folder / f"{name}.xlsx").write_bytes(encode_xlsx(table.payload))


def _encode(table: pl.DataFrame) -> bytes:
    """Pairs as the clerk sends them back, issues as they are."""
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in table.rows()]
    return encode_csv({"frame": {"columns": table.columns, "rows": rows}})
