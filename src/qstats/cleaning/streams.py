"""Which tables do the smaller data streams fill, and how are their rows cleaned and settled?

A stream has two steps. *Clean* takes the raw rows of one file and judges them one by one. *Settle* sees the
rows of all files together, in the order of deliveries: it merges what is one and the same record, and flags
what only shows beside the others. Inspections, which come in millions, have a way of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from qstats.cleaning.issues import IssueLog
from qstats.questionnaires import Questionnaire
from qstats.sources.layouts import SourceLayout

Tables = dict[str, pl.DataFrame]
"""Clean tables by name. Those with ``source_row`` lead back to the raw rows."""

ROW_ISSUES: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "rule": pl.String(),
    "field": pl.String(),
    "old_value": pl.String(),
    "new_value": pl.String(),
}
"""Columns of the issues that settling finds; a rule that merges has one row per raw row that it merged."""


@dataclass(frozen=True, slots=True)
class StreamSetting:
    """What cleaning must know of the file: its layout and id, the run's vintage, cutoff and questionnaire."""

    layout: SourceLayout
    file: str
    source_id: str
    vintage: int
    cutoff: date
    questionnaire: Questionnaire | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Tables of a stream over all files, and the issues that only showed there (``ROW_ISSUES``)."""

    tables: Tables
    issues: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Stream:
    """A data stream of small tables.

    ``schemas`` holds the columns of its tables, the main one first: each raw row that is kept stands in it,
    by ``source_id`` and ``source_row``, until settling. Tables may have columns beyond their schema.
    """

    schemas: dict[str, dict[str, pl.DataType]]
    clean: Callable[[pl.DataFrame, StreamSetting, IssueLog], Tables]
    settle: Callable[[Tables], Settled]
