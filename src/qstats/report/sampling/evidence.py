"""What can the period's batches show? Figures on demonstration, declared level and detectable change.

Batches of one enterprise are alike: everything is reckoned with the effective number of batches.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qstats.codebook import Text, text
from qstats.periods import Period
from qstats.report.findings import Finding, Release
from qstats.report.subject import Subject
from qstats.sampling_plan import (
    demonstrate,
    find_demonstrated,
    judge_declared_level,
    smallest_detectable_change,
)

ASKED = 0.98
"""Pass rate that the section asks about: whether the sample demonstrates it, whether it contradicts it."""

POWER = 0.80
"""Probability with which a change is to be seen, as is usual."""

SURE = 0.90
"""Probability with which a contradiction is to be sure."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a period's batches can show.

    Attributes
    ----------
    n, failures : int
        Batches with a result, and those that failed.
    effective_n : float
        Independent batches that they are worth.
    confidence : float
    demonstrated : float
        Pass rate that the results demonstrate, one-sided, 0-1.
    awaited : int
        Batches whose result is to come or in no list.
    demonstrated_at_worst : float
        What is still demonstrated if all of these fail.
    release : str
        ``provisional`` or ``final``, as the rate of the period.
    needed : DataFrame
        Batches that would demonstrate 95, 98 and 99 % (:func:`qstats.sampling_plan.demonstrate`).
    declared : Series
        Judgement of `ASKED` (:func:`qstats.sampling_plan.judge_declared_level`).
    change : DataFrame or None
        Changes that the comparison with the earlier period would find; None where that has no rate.
    against : Period
    """

    n: int
    failures: int
    effective_n: float
    confidence: float
    demonstrated: float
    awaited: int
    demonstrated_at_worst: float
    release: Release
    needed: pd.DataFrame
    declared: pd.Series
    change: pd.DataFrame | None
    against: Period


def weigh_evidence(rates: pd.DataFrame, now: Period, before: Period, subject: Subject) -> Evidence | None:
    """What the batches of ``now`` can show; None where its rate may not be published or nothing was sampled.

    Parameters
    ----------
    rates
        One row per period, as :func:`qstats.estimation.estimate_pass_rates` gives them.
    before
        Period that the change is looked for against.
    """
    by_period = rates.set_index("period")
    row, earlier = by_period.loc[str(now)], by_period.loc[str(before)]
    if row["status"] not in ("stated", "cannot_be_stated") or row["n"] == 0:
        return None
    n, failures, confidence = int(row["n"]), int(row["failures"]), subject.scope.confidence
    counted = find_demonstrated(n, failures, effective_n=row["effective_n"], confidence=confidence).iloc[-1]
    size = float(counted["n"])
    awaited = int(row["awaited"] + row["unlisted"])
    worst = find_demonstrated(
        n + awaited, failures + awaited, effective_n=size * (n + awaited) / n, confidence=confidence
    ).iloc[-1]
    return Evidence(
        n=n,
        failures=failures,
        effective_n=size,
        confidence=confidence,
        demonstrated=float(counted["demonstrated"]),
        awaited=awaited,
        demonstrated_at_worst=float(worst["demonstrated"]),
        release=row["release"],
        needed=demonstrate(confidence=confidence, design_effect=n / size),
        declared=judge_declared_level(
            size, counted["failures"], 1 - ASKED, risk=1 - confidence, power=SURE
        ).iloc[0],
        change=_find_change(earlier, size, confidence),
        against=before,
    )


def list_findings(evidence: Evidence | None, subject: Subject) -> list[Finding]:
    """Figures that the sentences use: the rate demonstrated, batches needed, the rates told from the earlier one."""
    if evidence is None:
        return []
    needed = evidence.needed[evidence.needed["rate"] == ASKED].set_index("failures")["needed"]
    values: dict[str, tuple[float, str, str]] = {
        "effective_batches": (evidence.effective_n, "count", "effective_n"),
        "demonstrated_rate": (evidence.demonstrated, "proportion", "clopper_pearson"),
        "demonstrated_rate_if_awaited_fail": (
            evidence.demonstrated_at_worst,
            "proportion",
            "clopper_pearson",
        ),
        "batches_needed_98": (float(needed[0]), "count", "exact_binomial"),
        "batches_needed_98_one_failure": (float(needed[1]), "count", "exact_binomial"),
    }
    if evidence.change is not None:
        rates = evidence.change.set_index("direction")["rate"].dropna()
        values |= {
            f"detectable_{way}": (float(rate), "proportion", "exact_power") for way, rate in rates.items()
        }
    return [
        Finding(
            key=f"inspection.{name}.city",
            label=_label(name, subject),
            status="stated",
            basis="sample",
            unit=unit,
            n=evidence.n,
            estimate=value,
            confidence=evidence.confidence,
            method=method,
            table="tables/batches_needed.csv",
            release=evidence.release,
        )
        for name, (value, unit, method) in values.items()
    ]


def _find_change(earlier: pd.Series, effective_n: float, confidence: float) -> pd.DataFrame | None:
    if earlier["status"] != "stated":
        return None
    known = earlier["effective_n"]
    before = float(known if np.isfinite(known) else earlier["n"])
    if min(before, effective_n) < 1:
        return None
    return smallest_detectable_change(
        before, effective_n, float(earlier["estimate"]), confidence=confidence, power=POWER
    )


def _label(name: str, subject: Subject) -> Text:
    batches, what, place = subject.batches, text("indicator", name), subject.place
    return {
        "zh": f"{place['zh']}{batches['zh']}：{what['zh']}",
        "en": f"{what['en']}, {batches['en']}, {place['en']}",
    }
