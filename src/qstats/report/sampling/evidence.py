"""What can the period's batches show? Findings and sentences on demonstration, declared level and change.

Batches of one enterprise are alike: everything is reckoned with the effective number of batches.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qstats.codebook import Text, text
from qstats.periods import Period
from qstats.report.findings import Finding, Release
from qstats.report.formats import format_count, format_percent
from qstats.report.subject import Subject
from qstats.sampling_plan import (
    demonstrate,
    find_demonstrated,
    judge_declared_level,
    smallest_detectable_change,
)

ASKED = 0.98
"""Pass rate that the section asks about: whether the sample demonstrates it, whether it contradicts it."""

_POWER = 0.80  # of the comparison of two periods, as is usual
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


def describe_evidence(evidence: Evidence | None) -> list[Text]:
    """What is demonstrated, what 98 % would take, and which change would be seen."""
    if evidence is None:
        return [NOTHING]
    return [
        _describe_demonstrated(evidence),
        _describe_declared(evidence),
        _describe_needed(evidence),
        _describe_change(evidence),
    ]


NOTHING: Text = {
    "zh": "本期合格率不予发布或没有结果，无从说明这些批次能证明什么。",
    "en": "The rate of the period is not published or there are no results: what the batches can show is not said.",
}


def _find_change(earlier: pd.Series, effective_n: float, confidence: float) -> pd.DataFrame | None:
    if earlier["status"] != "stated":
        return None
    known = earlier["effective_n"]
    before = float(known if np.isfinite(known) else earlier["n"])
    if min(before, effective_n) < 1:
        return None
    return smallest_detectable_change(
        before, effective_n, float(earlier["estimate"]), confidence=confidence, power=_POWER
    )


def _describe_demonstrated(evidence: Evidence) -> Text:
    shown = math.floor(1000 * evidence.demonstrated) / 1000  # “at least” is never rounded up
    rate, level = format_percent(shown), format_percent(evidence.confidence, decimals=0)
    size = f"{evidence.effective_n:.0f}"
    worst = _describe_worst(evidence)
    return {
        "zh": f"本期{evidence.n}批次中不合格{evidence.failures}批次；同一企业的批次结果相近，约相当于{size}个相互独立的批次。"
        f"由此可以证明（单侧{level}置信）合格率不低于{rate}{worst['zh']}。",
        "en": f"{evidence.failures:,} of {evidence.n:,} batches failed; batches of one enterprise are alike, so they are worth "
        f"about {size} independent ones. They demonstrate a pass rate of at least {rate} (one-sided, {level} confidence){worst['en']}.",
    }


def _describe_worst(evidence: Evidence) -> Text:
    """What remains if all awaited results fail; empty where none is awaited."""
    if evidence.awaited == 0:
        return {"zh": "", "en": ""}
    least = format_percent(math.floor(1000 * evidence.demonstrated_at_worst) / 1000)
    return {
        "zh": f"；待出的{evidence.awaited}批次如全部不合格，则只能证明不低于{least}",
        "en": f"; if all {evidence.awaited} awaited results failed, of at least {least} only",
    }


def _describe_declared(evidence: Evidence) -> Text:
    asked, verdict = format_percent(ASKED, decimals=0), evidence.declared["verdict"]
    if verdict == "contradicted":
        return {
            "zh": f"如果有人声称合格率不低于{asked}，本期结果否定这一声称。",
            "en": f"If a pass rate of {asked} or more were declared, the results would contradict it.",
        }
    if evidence.demonstrated_at_worst >= ASKED:
        return {
            "zh": f"合格率不低于{asked}得到证明。",
            "en": f"A pass rate of {asked} or more is demonstrated.",
        }
    return {
        "zh": f"对于“合格率不低于{asked}”，本期结果既不能否定，也不能证明：不否定不等于证明。",
        "en": f"A pass rate of {asked} or more is neither contradicted nor demonstrated: not contradicted is not proved.",
    }


def _describe_needed(evidence: Evidence) -> Text:
    rows = evidence.needed[evidence.needed["rate"] == ASKED].set_index("failures")["needed"]
    asked = format_percent(ASKED, decimals=0)
    none, one = ({lang: format_count(rows[k], lang) for lang in ("zh", "en")} for k in (0, 1))
    return {
        "zh": f"按本期的抽样方式，要证明合格率达到{asked}，全部合格时需{none['zh']}批次，有1批次不合格时需{one['zh']}批次。",
        "en": f"Sampled in the same way, {none['en']} batches would demonstrate {asked} if all passed, {one['en']} with one failure.",
    }


def _describe_change(evidence: Evidence) -> Text:
    against = evidence.against.label
    if evidence.change is None:
        return {
            "zh": f"{against['zh']}没有可比的合格率，能看出多大的变化无从计算。",
            "en": f"There is no rate for {against['en']} to compare with, so which change would be seen cannot be said.",
        }
    rates = evidence.change.set_index("direction")["rate"]
    change = evidence.change.set_index("direction")["change"].abs() * 100
    sure, base = format_percent(_POWER, decimals=0), format_percent(float(evidence.change["p"].iloc[0]))
    rise = {
        "zh": f"升到{format_percent(rates['rise'])}以上（提高{change['rise']:.1f}个百分点）",
        "en": f"risen to {format_percent(rates['rise'])} (up {change['rise']:.1f} points)",
    }
    if not np.isfinite(rates["rise"]):
        rise = {"zh": "（上升即使到100%也看不出）", "en": "(even a rise to 100% would not show)"}
    fall = {
        "zh": f"降到{format_percent(rates['fall'])}以下（下降{change['fall']:.1f}个百分点）",
        "en": f"fallen to {format_percent(rates['fall'])} (down {change['fall']:.1f} points)",
    }
    if not np.isfinite(rates["fall"]):
        fall = {"zh": "（下降到0也看不出）", "en": "(no fall would show)"}
    return {
        "zh": f"与{against['zh']}（{base}）比较：真实合格率须{fall['zh']}或{rise['zh']}，才有{sure}的把握看出变化；"
        "更小的变化很可能报告为“变化不显著”。",
        "en": f"Against {against['en']} ({base}), the true rate must have {fall['en']} or {rise['en']} to be noticed with "
        f"{sure} certainty; a smaller change will often read “no clear change”.",
    }


def _label(name: str, subject: Subject) -> Text:
    batches, what, place = subject.batches, text("indicator", name), subject.place
    return {
        "zh": f"{place['zh']}{batches['zh']}：{what['zh']}",
        "en": f"{what['en']}, {batches['en']}, {place['en']}",
    }
