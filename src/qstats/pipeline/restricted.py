"""Where do the lists go that name enterprises? Beside the clean tables of a run, never into its report."""

from datetime import date
from pathlib import Path

import polars as pl

from qstats.credit import grade_enterprises
from qstats.credit_registry import read_credit_scheme
from qstats.params import Params
from qstats.paths import processed_folder
from qstats.periods import Period
from qstats.pipeline.atomic import replacing_folder
from qstats.pipeline.inputs import RunTables, read_run
from qstats.report import credit
from qstats.report.exports import encode_csv, encode_xlsx

FOLDER = "restricted"


def write_restricted(params: Params) -> Path | None:
    """Write grades, their records and the pairs for a clerk; nothing where no department sent records."""
    received = read_run(params.run)
    if received.enterprise_records.is_empty():
        return None
    folder = processed_folder(params.run) / FOLDER
    with replacing_folder(folder) as incoming:
        for scheme in params.credit.credit_schemes:
            _write_scheme(received, scheme, params, incoming)
        (incoming / "link_review.csv").write_bytes(_encode_review(received.link_review))
    return folder


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


def _encode_review(review: pl.DataFrame) -> bytes:
    """The pairs as the clerk sends them back, ``link_decisions.csv``."""
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in review.rows()]
    return encode_csv({"frame": {"columns": review.columns, "rows": rows}})
