"""How is a row of rates shown: as a finding, and as a row of a printed table?"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.findings import Change, Finding, Release

RATE_COLUMNS: dict[str, Column | str] = {
    "n": "count",
    "failures": "count",
    "effective_n": "count",
    "estimate": "percent",
    "interval": Column(format="interval", lower="lower", upper="upper", unit="percent"),
}
"""Columns of a table of rates, in order."""

PERCENT: Text = {"zh": "单位：%", "en": "Unit: %"}
"""Unit of a chart of rates."""


def add_release(rates: pd.DataFrame, complete_from: float) -> pd.DataFrame:
    """Rates with ``release``: final once stated and the share of results in reaches ``complete_from``."""
    final = (rates["completeness"] >= complete_from) & (rates["status"] == "stated")
    return rates.assign(release=final.map({True: "final", False: "provisional"}))


def mark_reliability(rates: pd.DataFrame) -> pd.DataFrame:
    """Rates with ``mark``: their status, or ``use_with_care`` where one is stated that is not reliable."""
    care = (rates["status"] == "stated") & (rates["reliability"] == "use_with_care")
    return rates.assign(mark=rates["status"].where(~care, "use_with_care"))


def find_rate(
    row: Mapping[str, Any], *, key: str, label: Text, changes: Sequence[Change] = (), release: Release = "final",
    table: str,
) -> Finding:  # fmt: skip
    """Finding of one row of rates (with ``reason_zh`` and ``reason_en``)."""
    stated = row["status"] == "stated"
    return Finding(
        key=key,
        label=label,
        status=row["status"],
        basis="sample",
        unit="proportion",
        n=int(row["n"]),
        estimate=row["estimate"] if stated else None,
        lower=row["lower"] if stated else None,
        upper=row["upper"] if stated else None,
        confidence=row["confidence"] if stated else None,
        method=str(row["method"]) if stated else None,
        reason=None if stated else {language: str(row[f"reason_{language}"]) for language in LANGUAGES},
        changes=tuple(changes) if stated else (),
        table=table,
        sources=tuple(filter(None, str(row["sources"]).split(","))),
        release=release,
    )


def find_change(row: Mapping[str, Any], basis: str) -> Change:
    """Change of one row of :func:`qstats.estimation.estimate_changes`; ``basis`` is the codebook's comparison."""
    stated = row["status"] == "stated"
    return Change(
        against=str(row["against"]),
        basis=basis,
        status="stated" if stated else "refused",
        estimate=row["change"] if stated else None,
        lower=row["change_lower"] if stated else None,
        upper=row["change_upper"] if stated else None,
        confidence=row["confidence"] if stated else None,
        n=int(row["n_before"]) if stated else None,
        method="mover" if stated else None,
        holds=bool(row["holds"]),
        reason=None if stated else text("refusal", str(row["reason"])),
    )
