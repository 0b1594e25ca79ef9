"""What happened to the enterprises, 2011 to 2015? Records whose rates follow true quality.

The effect that makes batches of an enterprise fail multiplies its rate of bad records by
``exp(slope · effect)`` and that of good ones by less than one, so that a grade made
of records tells of later failures.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST, LAST = date(2011, 1, 1), date(2015, 12, 31)
_YEARS = 5


@dataclass(frozen=True)
class Law:
    """Records of a kind: yearly rate, slope on the effect, shares of severity, amount, days valid."""

    department: str
    kind: str
    rate: float
    slope: float
    severity: tuple[float, float, float] | None = None
    amount: float = 0.0
    days: int = 0


BAD = (0.70, 0.25, 0.05)
LAWS = (
    Law("quality", "licence", 0.06, 0.0, days=1825), Law("quality", "award", 0.02, -0.6),
    Law("quality", "certification", 0.05, -0.4, days=1095), Law("quality", "penalty", 0.035, 0.9, BAD, 2.0),
    Law("quality", "complaint_upheld", 0.02, 0.7, BAD), Law("commerce", "penalty", 0.02, 0.5, BAD, 1.0),
    Law("commerce", "complaint_upheld", 0.02, 0.6, BAD), Law("commerce", "revocation", 0.002, 0.9, (0, 0, 1)),
    Law("commerce", "cancellation", 0.006, 0.0), Law("food_drug", "licence", 0.05, 0.0, days=1095),
    Law("food_drug", "penalty", 0.02, 0.9, BAD, 1.5),
    Law("agriculture", "certification", 0.03, -0.4, days=1095),
    Law("agriculture", "sampling_failure", 0.01, 0.9, BAD),
    Law("entry_exit", "certification", 0.03, -0.5, days=1095),
    Law("entry_exit", "sampling_failure", 0.006, 0.9, BAD), Law("tax", "award", 0.05, -0.4),
    Law("tax", "tax_arrears", 0.02, 0.3, BAD, 12.0, 200), Law("tax", "penalty", 0.01, 0.3, BAD, 3.0),
    Law("police", "criminal_case", 0.003, 0.7, (0, 0.6, 0.4)),
    Law("work_safety", "licence", 0.02, 0.0, days=1095),
    Law("work_safety", "accident", 0.006, 0.5, BAD, 20.0), Law("work_safety", "penalty", 0.02, 0.5, BAD, 2.0),
    Law("bank", "loan_default", 0.015, 0.3, BAD, 80.0, 300), Law("bank", "award", 0.02, -0.3),
)  # fmt: skip
SEVERITIES = ("minor", "serious", "grave")
REPAIRED, OBJECTED = 0.15, 0.03
"""Shares of the penalties that are repaired later, and that are objected to while they are public."""

RECORDS: dict[str, pl.DataType] = {
    "enterprise": pl.Int64(), "department": pl.String(), "kind": pl.String(), "recorded_on": pl.Date(),
    "ended_on": pl.Date(), "severity": pl.String(), "amount": pl.Float64(), "document_no": pl.String(),
    "basis": pl.String(),
}  # fmt: skip


def draw_records(
    effect: np.ndarray, generator: np.random.Generator, failures: pl.DataFrame | None = None
) -> pl.DataFrame:
    """True records (``record`` and ``RECORDS``), one registration for each enterprise first.

    Parameters
    ----------
    effect : array
        True quality effect of each enterprise, on the logit of failure.
    generator : numpy.random.Generator
    failures : DataFrame, optional
        Failed batches: place of the enterprise in ``effect``, sheet number, day, product.
    """
    rows: list[tuple[object, ...]] = []
    for at in range(len(effect)):
        day = date(2000, 1, 1) + timedelta(days=int(generator.integers(0, 4000)))
        rows.append((at, "commerce", "registration", day, None, None, None, f"ZC-{at:06d}", "设立登记"))
    for law in LAWS:
        counts = generator.poisson(law.rate * _YEARS * np.exp(law.slope * effect))
        for place in np.repeat(np.arange(len(effect)), counts):
            rows += _draw_one(law, int(place), len(rows), generator)
    if failures is not None:
        for at, sheet, day, product in failures.iter_rows():
            rows.append((at, "quality", "sampling_failure", day, None, "minor", None, sheet, product))
    records = pl.DataFrame(rows, schema=RECORDS, orient="row")
    return records.with_row_index("record").with_columns(pl.col("record").cast(pl.Int64))


def _draw_one(law: Law, at: int, number: int, generator: np.random.Generator) -> list[tuple[object, ...]]:
    """A record, and what follows from it."""
    day = FIRST + timedelta(days=int(generator.integers(0, (LAST - FIRST).days + 1)))
    end = day + timedelta(days=law.days) if law.days else None
    severity = SEVERITIES[int(generator.choice(3, p=law.severity))] if law.severity else None
    amount = round(law.amount * float(generator.lognormal(0, 0.6)), 2) if law.amount else None
    number_no = f"{law.department[:2].upper()}{day.year}-{number:06d}"
    rows: list[tuple[object, ...]] = [
        (at, law.department, law.kind, day, end, severity, amount, number_no, f"演示{law.kind}")
    ]
    for share, kind, delay in ((REPAIRED, "repair", 200), (OBJECTED, "publicity_objection", 15)):
        if law.kind == "penalty" and generator.random() < share:
            later = day + timedelta(days=delay)
            if later <= LAST:
                rows.append((at, law.department, kind, later, None, None, None, number_no, "演示"))
    return rows
