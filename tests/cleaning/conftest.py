"""Rows of the smaller streams, cleaned as the pipeline does it: file by file, then settled together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.streams import Stream, StreamSetting
from qstats.cleaning.text import normalize_cells
from qstats.sources import read_layouts

CUTOFF = date(2016, 1, 31)
Row = Mapping[str, str | None]


@dataclass(frozen=True)
class CleanedFiles:
    """What came out: the main table, and all issues."""

    table: pl.DataFrame
    issues: pl.DataFrame

    @property
    def rows(self) -> list[dict[str, object]]:
        """Rows of the main table."""
        return list(self.table.iter_rows(named=True))

    @property
    def only(self) -> dict[str, object]:
        """The one row."""
        assert self.table.height == 1, self.table
        return self.rows[0]

    def met(self) -> list[str]:
        """Rules that were met, each as often as it was, without what is cosmetic about texts."""
        rules = self.issues.filter(~pl.col("rule").str.starts_with("text."))
        return sorted(rule for rule, n in rules.select("rule", "cases").iter_rows() for _ in range(n))


CleanFiles = Callable[..., CleanedFiles]


@pytest.fixture(scope="session")
def clean_stream() -> CleanFiles:
    """Cleans files (lists of rows by field) of one stream: ``clean_stream(stream, layout, *files)``."""
    layouts = read_layouts()

    def clean(
        stream: Stream, layout: str, *files: Sequence[Row], cutoff: date = CUTOFF, ids: Sequence[str] = ()
    ) -> CleanedFiles:
        parts, logs = [], []
        for number, rows in enumerate(files):
            source_id = ids[number] if ids else f"s{number + 1}"
            setting = StreamSetting(layouts[layout], f"{source_id}.csv", source_id, 2013, cutoff)
            log = IssueLog(source_id, layouts[layout].table)
            fields = layouts[layout].fields
            cells = {name: [row.get(name) for row in rows] for name in fields}
            raw = pl.DataFrame(
                {"source_row": range(2, len(rows) + 2)} | cells,
                schema={"source_row": pl.Int64} | dict.fromkeys(fields, pl.String),
            )
            parts.append(stream.clean(normalize_cells(raw, log), setting, log))
            logs.append(log)
        together = {
            name: pl.concat([pl.DataFrame(schema=schema), *(part[name] for part in parts)], how="diagonal")
            for name, schema in stream.schemas.items()
        }
        settled = stream.settle(together)
        last = IssueLog("all", next(iter(stream.schemas)))
        last.add(settled.issues)
        issues = pl.concat([log.table_of_issues() for log in (*logs, last)])
        main = next(iter(stream.schemas))
        assert settled.tables[main].schema == pl.Schema(stream.schemas[main])
        return CleanedFiles(settled.tables[main], issues)

    return clean
