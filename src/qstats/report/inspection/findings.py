"""What does the inspection chapter state? Findings of pass rates, and groups compared."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qstats.codebook import text
from qstats.report.findings import Change, Finding, join_label
from qstats.report.rates import find_rate
from qstats.report.subject import Subject


def find_city(
    row: Mapping[str, Any],
    changes: Sequence[Change],
    subject: Subject,
    *,
    key: str = "inspection.pass_rate.city",
) -> Finding:
    """Headline finding: the rate of a period with its changes, crude and standardised."""
    label = join_label(subject.batches, text("indicator", "pass_rate"), subject.place)
    table = f"tables/rates_by_period.csv#period={row['period']}"
    return find_rate(row, key=key, label=label, changes=changes, release=row["release"], table=table)


def find_weightings(rates: pd.DataFrame, subject: Subject) -> list[Finding]:
    """The rate by enterprise and by sales, beside the headline's by batch."""
    return [
        find_rate(
            row,
            key=f"inspection.pass_rate.weighted.{row['weighting']}",
            label=join_label(subject.batches, text("weighting", row["weighting"]), subject.place),
            release=row["release"],
            table=f"tables/rates_by_weighting.csv#weighting={row['weighting']}",
        )
        for row in rates[rates["weighting"] != "batches"].to_dict("records")
    ]


def find_bounds(row: Mapping[str, Any], subject: Subject) -> list[Finding]:
    """Share of results in, and the rate if all awaited results failed or all passed; none without a stated rate."""
    if row["status"] != "stated":
        return []
    n, passes = int(row["n"]), int(row["passes"])
    awaited = int(row["awaited"]) + int(row["unlisted"])
    sampled = n + awaited
    values = {
        "completeness": n / sampled,
        "pass_rate_if_awaited_fail": passes / sampled,
        "pass_rate_if_awaited_pass": (passes + awaited) / sampled,
    }
    return [
        Finding(
            key=f"inspection.{name}.city", label=join_label(subject.batches, text("indicator", name), subject.place),
            status="stated", basis="census", unit="proportion", n=sampled, estimate=value, method="count",
            table=f"tables/rates_by_period.csv#period={row['period']}", release=row["release"],
        )
        for name, value in values.items()
    ]  # fmt: skip


def find_programmes(rates: pd.DataFrame) -> list[Finding]:
    """One finding for each programme and level beside the headline's, refused ones included."""
    return [
        find_rate(
            row,
            key=f"inspection.pass_rate.programme.{row['programme']}.{row['level']}",
            label=join_label(
                text("level", row["level"]),
                text("programme", row["programme"]),
                text("indicator", "pass_rate"),
            ),
            release=row["release"],
            table=f"tables/rates_by_programme_and_level.csv#programme={row['programme']},level={row['level']}",
        )
        for row in rates.to_dict("records")
    ]
