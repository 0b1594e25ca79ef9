"""Which tables does a notebook read? The clean tables of a run, cleaned first if they are not there yet."""

from dataclasses import dataclass

import polars as pl

from qstats.params import read_params
from qstats.paths import params_folder, processed_folder
from qstats.pipeline.clean import clean_run


@dataclass(frozen=True, slots=True)
class RunTables:
    """Row tables of a run, as ``data/processed/<run>`` holds them."""

    inspections: pl.DataFrame
    inspection_items: pl.DataFrame
    batch_rows: pl.DataFrame
    issues: pl.DataFrame
    sources: pl.DataFrame
    windows: pl.DataFrame
    frame: pl.DataFrame
    respondents: pl.DataFrame
    unanswered: pl.DataFrame
    margins: pl.DataFrame
    projects: pl.DataFrame
    dwellings: pl.DataFrame
    measurements: pl.DataFrame
    complaints: pl.DataFrame
    registers: pl.DataFrame
    enterprise_returns: pl.DataFrame
    enterprise_records: pl.DataFrame
    enterprises: pl.DataFrame
    enterprise_links: pl.DataFrame
    link_review: pl.DataFrame
    denominators: pl.DataFrame
    incidents: pl.DataFrame
    assessment_evidence: pl.DataFrame
    published_series: pl.DataFrame


def read_run(run: str) -> RunTables:
    """Clean tables of a run; one never cleaned, or by a version without some table, is cleaned now."""
    folder = processed_folder(run)
    if not all((folder / f"{name}.parquet").is_file() for name in RunTables.__slots__):
        clean_run(read_params(params_folder() / f"{run}.yaml"))
    return RunTables(**{name: pl.read_parquet(folder / f"{name}.parquet") for name in RunTables.__slots__})
