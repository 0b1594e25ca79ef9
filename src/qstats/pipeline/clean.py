"""Stage one: the supplier files of a run become its clean tables (``data/processed/<run>``).

Each file is opened, cleaned into a staging folder and put on record; a file that cannot be read is listed
with its problem. Rows of one batch are found over all files at the end.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import yaml

from qstats.cleaning.corrections import Correction, CorrectionLog, parse_corrections
from qstats.cleaning.inspections import Setting
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.streams import StreamSetting
from qstats.codebook import LANGUAGES, Text, sentence
from qstats.errors import CorrectionError, QstatsError, RefusedFileError
from qstats.params import Params
from qstats.paths import corrections_folder, delivery_record, processed_folder, project_root, raw_folder
from qstats.pipeline.atomic import replacing_folder
from qstats.pipeline.register import write_register
from qstats.pipeline.staging import CleanSource, Stage, stage_inspections
from qstats.pipeline.streams import STREAMS, stage_stream
from qstats.pipeline.tables import write_tables
from qstats.questionnaires import find_questionnaire
from qstats.sources import (
    RawSource,
    deliveries,
    denominators,
    frame,
    link_decisions,
    margins,
    open_source,
    read_layouts,
)
from qstats.sources.assessment_files import EVIDENCE_FILE, INCIDENT_FILE, read_evidence, read_incidents
from qstats.sources.deliveries import Delivery, read_deliveries
from qstats.sources.denominators import read_denominators
from qstats.sources.frame import read_frame
from qstats.sources.layouts import layouts_of_questionnaires
from qstats.sources.link_decisions import read_link_decisions
from qstats.sources.margins import read_margins

Progress = Callable[[str], None]
BUREAU_FILES = {
    "README.md", deliveries.FILE_NAME, frame.FILE_NAME, margins.FILE_NAME, denominators.FILE_NAME,
    link_decisions.FILE_NAME,
    INCIDENT_FILE, EVIDENCE_FILE,
}  # fmt: skip
"""Files of a raw folder that no supplier sent."""


def find_raw_folder(params: Params) -> Path:
    """Folder with the supplier files of the run; a missing or empty one is an error that says what to do."""
    folder = project_root() / params.raw_folder if params.raw_folder else raw_folder(params.run)
    if not folder.is_dir() or not supplier_files(folder):
        hint = (
            f"run 'qstats demo --run {params.run}' first"
            if params.demonstration
            else "put the supplier files there"
        )
        raise QstatsError(f"there are no supplier files in {folder}: {hint}")
    return folder


def check_raw_folder(params: Params) -> int:
    """Number of supplier files, after a look at the tables that the bureau keeps beside them.

    Raises
    ------
    QstatsError
        What would stop a run before a file is cleaned: no files, a delivery record, another of the bureau's
        tables or a correction that cannot be used.
    """
    folder = find_raw_folder(params)
    _read_corrections(params.run)
    read_deliveries(folder, delivery_record(params.run))
    _read_bureau_tables(folder, params)
    read_link_decisions(folder)
    return len(supplier_files(folder))


def supplier_files(folder: Path) -> list[Path]:
    """Files of suppliers, subfolders included; the bureau's own tables, notes and lock files are none."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name not in BUREAU_FILES
    )


def clean_run(params: Params, progress: Progress = lambda message: None) -> Path:
    """Clean all supplier files of a run; returns the folder of its tables.

    The folder is replaced as a whole when everything has been written; a failure leaves the old one.
    """
    folder = find_raw_folder(params)
    target = processed_folder(params.run)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as incoming:
        clean_files(folder, params, incoming, progress)
    return target


def clean_files(folder: Path, params: Params, target: Path, progress: Progress) -> None:
    """Clean the files of a folder into the tables of the contract in ``target``."""
    stage = Stage(folder=target / "stage")
    stage.folder.mkdir()
    corrections = CorrectionLog(_read_corrections(params.run))
    delivered = read_deliveries(folder, delivery_record(params.run))
    layouts = read_layouts() | layouts_of_questionnaires()
    bureau_tables = _read_bureau_tables(folder, params)
    decisions = read_link_decisions(folder)
    files = _in_order(supplier_files(folder), folder, delivered)
    for number, path in enumerate(files, start=1):
        name = path.relative_to(folder).as_posix()
        progress(f"cleaning file {number} of {len(files)}: {name}")
        delivery = delivered.get(name, Delivery())
        try:
            _clean_source(open_source(path, layouts, folder=folder), delivery, params, corrections, stage)
        except RefusedFileError as error:
            _record_refused(path, name, delivery, error.text, stage)
    corrections.check_all_used()
    progress("finding the rows of one batch")
    write_tables(stage, target)
    write_register(target, decisions)
    for table, rows in bureau_tables.items():
        rows.write_parquet(target / f"{table}.parquet")


def _read_bureau_tables(folder: Path, params: Params) -> dict[str, pl.DataFrame]:
    """Tables that the bureau itself keeps beside the files of suppliers."""
    return {
        "frame": read_frame(folder, params.inspection.strata),
        "margins": read_margins(folder, find_questionnaire(params.satisfaction.questionnaire)),
        "denominators": read_denominators(folder),
        "incidents": read_incidents(folder, params.cutoff),
        "assessment_evidence": read_evidence(folder, params.cutoff),
    }


def _read_corrections(run: str) -> list[Correction]:
    path = corrections_folder() / f"{run}.yaml"
    if not path.exists():
        return []
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{path} is not readable as YAML in UTF-8: {error}") from None
    return parse_corrections(entries, path.name)


def _in_order(files: list[Path], folder: Path, delivered: dict[str, Delivery]) -> list[Path]:
    """By the day of receipt where it is recorded, so that a later delivery supersedes an earlier one."""

    def received(path: Path) -> tuple[str, str]:
        name = path.relative_to(folder).as_posix()
        return delivered.get(name, Delivery()).received_on, name

    return sorted(files, key=received)


def _source_id(sha256: str, stage: Stage) -> tuple[str, str | None]:
    """Id of a source from its content; the same content again gets a suffix and the name of its twin."""
    short = sha256[:10]
    twins = [row["file"] for row in stage.sources if str(row["source_id"]).split(".")[0] == short]
    return (f"{short}.{len(twins) + 1}", str(twins[0])) if twins else (short, None)


def _clean_source(
    source: RawSource, delivery: Delivery, params: Params, corrections: CorrectionLog, stage: Stage
) -> None:
    source_id, twin = _source_id(source.sha256, stage)
    layout, problem = source.layout, None
    log = IssueLog(source_id, layout.table)
    for heading in source.unmatched_headers:
        log.add(_one_issue(0, "file.column_ignored", heading, None))
    if twin:
        log.add(_one_issue(0, "file.duplicate", source.file, twin))
    if layout.table == "inspections":
        setting = Setting(layout, params.place.vintage, params.cutoff, delivery.programme, delivery.level)
        cleaned = stage_inspections(source, source_id, setting, corrections, log, stage)
    elif stream := STREAMS.get(layout.table):
        questionnaire = find_questionnaire(params.satisfaction.questionnaire)
        small = StreamSetting(
            layout, source.file, source_id, params.place.vintage, params.cutoff, questionnaire
        )
        cleaned = stage_stream(stream, source, small, corrections, log)
    else:
        cleaned = CleanSource(rows_in=sum(raw.height for raw in source.rows()))
        problem = sentence("unreadable", "other_stream", layout=layout.label.model_dump())
        log.add(_one_issue(0, "file.other_stream", source.file, layout.label.zh))
    if source.reading_issues:
        log.add(pl.DataFrame(source.reading_issues, infer_schema_length=None))
    _record(source, source_id, delivery, cleaned, problem, log, stage)


def _record(
    source: RawSource, source_id: str, delivery: Delivery, cleaned: CleanSource, problem: Text | None,
    log: IssueLog, stage: Stage,
) -> None:  # fmt: skip
    """Put a cleaned source on record, with the account of its rows."""
    dropped = sum(issue["cases"] for issue in source.reading_issues if issue["action"] == "dropped")
    if cleaned.rows_in + dropped == 0:
        problem = sentence("unreadable", "no_rows")
    stage.cleaned.append(cleaned)
    stage.add_issues(log.table_of_issues())
    stage.sources.append(
        _source_row(source_id, source.file, source.sha256, delivery)
        | {
            "layout": source.layout.id,
            "encoding": source.encoding,
            "lists": delivery.lists or source.layout.lists,
            "rows_in": cleaned.rows_in + dropped,
            "rows_kept": cleaned.rows_clean,
        }
        | _problem_columns(problem)
    )


def _source_row(source_id: str, name: str, sha256: str, delivery: Delivery) -> dict[str, object]:
    return {
        "source_id": source_id,
        "file": name,
        "sha256": sha256,
        "supplier": delivery.supplier,
        "programme": delivery.programme,
        "level": delivery.level,
        "batches_declared": delivery.batches_declared,
    }


def _record_refused(path: Path, name: str, delivery: Delivery, problem: Text, stage: Stage) -> None:
    """A file that cannot be read is no reason to stop: it is listed with its problem."""
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    source_id, _ = _source_id(sha256, stage)
    log = IssueLog(source_id)
    log.add(_one_issue(0, "file.refused", name, None))
    stage.add_issues(log.table_of_issues())
    stage.sources.append(
        _source_row(source_id, name, sha256, delivery)
        | {"lists": delivery.lists, "rows_in": 0, "rows_kept": 0}
        | _problem_columns(problem)
    )


def _problem_columns(problem: Text | None) -> dict[str, str | None]:
    return {f"problem_{language}": problem[language] if problem else None for language in LANGUAGES}


def _one_issue(source_row: int, rule: str, old: str | None, new: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "source_row": [source_row],
            "rule": [rule],
            "field": ["file"],
            "old_value": [old],
            "new_value": [new],
        },
        schema_overrides={"old_value": pl.String, "new_value": pl.String},
    )
