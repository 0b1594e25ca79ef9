"""Which errors of a source are known, and what was decided about them?

Each entry of ``data/corrections/<run>.yaml`` names where, what, why and what it expects to find. An entry
that matches nothing, or whose expectation fails, stops the run: the source has changed.
"""

from datetime import date
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from qstats.cleaning.issues import IssueLog
from qstats.errors import CorrectionError


class Correction(BaseModel):
    """One declared fix: in which file, in which rows, what is set or dropped, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    where: dict[str, str] = Field(min_length=1, description="raw field (or source_row) → text that it holds")
    action: Literal["set", "drop"]
    field: str | None = None
    value: str | None = None
    expect: int = Field(ge=1, description="Number of rows that it must match")
    reason: str = Field(min_length=1)
    author: str = Field(min_length=1)
    decided_on: date
    status: Literal["active", "retired"]


def parse_corrections(entries: object, file: str) -> list[Correction]:
    """Checked corrections from the content of a YAML file; retired ones are left out."""
    try:
        corrections = TypeAdapter(list[Correction]).validate_python(entries or [])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorrectionError(f"{file}, entry {where}: {first['msg']}") from None
    for number, correction in enumerate(corrections, start=1):
        if correction.action == "set" and not correction.field:
            raise CorrectionError(f"{file}, entry {number}: action 'set' needs a field")
    return [correction for correction in corrections if correction.status == "active"]


class CorrectionLog:
    """Applies corrections chunk by chunk and counts what they matched."""

    def __init__(self, corrections: list[Correction]) -> None:
        self._matched = dict.fromkeys(range(len(corrections)), 0)
        self._corrections = corrections

    def apply(self, raw: pl.DataFrame, file: str, log: IssueLog) -> pl.DataFrame:
        """Raw rows of a chunk with the corrections of its file applied."""
        for number, correction in enumerate(self._corrections):
            if correction.file == file:
                matching = raw.filter(self._condition(correction, raw))
                self._matched[number] += matching.height
                raw = _apply_one(raw, matching, correction, log) if matching.height else raw
        return raw

    def check_all_used(self) -> None:
        """Stop the run if a correction did not find what it expected."""
        for number, correction in enumerate(self._corrections):
            if self._matched[number] != correction.expect:
                raise CorrectionError(
                    f"correction of {correction.file} where {correction.where}: expected {correction.expect} "
                    f"rows, found {self._matched[number]}. The source has changed: review the entry, "
                    "mend it or set its status to retired"
                )

    @staticmethod
    def _condition(correction: Correction, raw: pl.DataFrame) -> pl.Expr:
        if unknown := set(correction.where) - set(raw.columns):
            raise CorrectionError(f"correction of {correction.file}: unknown field {sorted(unknown)[0]!r}")
        holds = ((pl.col(field).cast(pl.String) == text) for field, text in correction.where.items())
        return pl.all_horizontal(same.fill_null(False) for same in holds)


def _apply_one(
    raw: pl.DataFrame, matching: pl.DataFrame, correction: Correction, log: IssueLog
) -> pl.DataFrame:
    rows = matching["source_row"].to_list()
    hit = pl.col("source_row").is_in(rows)
    if correction.action == "drop":
        log.add_rows(matching, "correction.dropped")
        return raw.filter(~hit)
    field = str(correction.field)
    if field not in raw.columns or field == "source_row":
        raise CorrectionError(f"correction of {correction.file}: there is no field {field!r} to set")
    new = pl.lit(correction.value, pl.String)
    log.add_rows(matching.with_columns(new.alias("_new")), "correction.applied", field, field, "_new")
    return raw.with_columns(pl.when(hit).then(new).otherwise(field).alias(field))
