"""How do the smaller data streams go through stage one? In memory, until all their files are known."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from qstats.cleaning.complaints import COMPLAINT_STREAM
from qstats.cleaning.corrections import CorrectionLog
from qstats.cleaning.dwellings import DWELLING_STREAM
from qstats.cleaning.enterprise_records import ENTERPRISE_RECORD_STREAM
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.measurements import MEASUREMENT_STREAM
from qstats.cleaning.projects import PROJECT_STREAM
from qstats.cleaning.published_counts import PUBLISHED_COUNT_STREAM
from qstats.cleaning.published_series import PUBLISHED_SERIES_STREAM
from qstats.cleaning.registers import REGISTER_STREAM
from qstats.cleaning.respondents import RESPONDENT_STREAM
from qstats.cleaning.returns import RETURN_STREAM
from qstats.cleaning.streams import Stream, StreamSetting, Tables
from qstats.cleaning.text import normalize_cells
from qstats.pipeline.staging import CleanSource, Stage
from qstats.sources import RawSource

STREAMS: Mapping[str, Stream] = {
    "published_counts": PUBLISHED_COUNT_STREAM,
    "published_series": PUBLISHED_SERIES_STREAM,
    "respondents": RESPONDENT_STREAM,
    "projects": PROJECT_STREAM,
    "dwellings": DWELLING_STREAM,
    "measurements": MEASUREMENT_STREAM,
    "complaints": COMPLAINT_STREAM,
    "registers": REGISTER_STREAM,
    "enterprise_returns": RETURN_STREAM,
    "enterprise_records": ENTERPRISE_RECORD_STREAM,
}
"""Streams by the table that a layout feeds; inspections have a way of their own (`staging`)."""


def stage_stream(
    stream: Stream, source: RawSource, setting: StreamSetting, corrections: CorrectionLog, log: IssueLog
) -> CleanSource:
    """Clean the rows of one of the smaller streams; its tables stay in memory."""
    cleaned = CleanSource()
    chunks: list[Tables] = []
    for raw in source.rows():
        cleaned.rows_in += raw.height
        raw = normalize_cells(corrections.apply(raw, source.file, log), log)
        chunks.append(stream.clean(raw, setting, log))
    for name in stream.schemas if chunks else ():
        cleaned.tables[name] = pl.concat([tables[name] for tables in chunks], how="diagonal")
    if chunks:
        rows = cleaned.tables[next(iter(stream.schemas))]
        cleaned.rows_clean = rows["source_row"].n_unique()
    return cleaned


def write_streams(stage: Stage, target: Path) -> None:
    """Settle each stream over all its files and write its tables; issues found on the way go to the stage."""
    for table, stream in STREAMS.items():
        settled = stream.settle(_together(stream, stage))
        for name in stream.schemas:
            settled.tables[name].write_parquet(target / f"{name}.parquet")
        for (source_id,), found in settled.issues.partition_by(
            "source_id", as_dict=True, maintain_order=True
        ).items():
            log = IssueLog(str(source_id), table)
            log.add(found)
            stage.add_issues(log.table_of_issues())


def _together(stream: Stream, stage: Stage) -> Tables:
    """Rows of all files in the order of deliveries; the columns of the schemas are always there."""
    return {
        name: pl.concat(
            [
                pl.DataFrame(schema=schema),
                *(source.tables[name] for source in stage.cleaned if name in source.tables),
            ],
            how="diagonal",
        )
        for name, schema in stream.schemas.items()
    }
