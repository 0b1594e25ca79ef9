"""Which figures does the chapter on targets state? The value and the probability of each, and how many stand how."""

from typing import Any, Literal

import numpy as np

from qstats import targets as assess
from qstats.codebook import Text, text
from qstats.report.findings import Finding, Status, join_label
from qstats.report.targets.assessment import Assessment, Pair
from qstats.report.targets.wording import say_reason

_VALUE: Text = {"zh": "最新值", "en": "latest value"}
_PROBABILITY: Text = {"zh": "达到目标的概率", "en": "probability of reaching the target"}
_NUMBER: Text = {"zh": "目标项数", "en": "Number of targets"}
_FALLBACK: dict[str, tuple[Status, str]] = {
    "no_data": ("no_data", "no_data"),
    "refused": ("refused", "no_same_basis"),
    "cannot_be_stated": ("cannot_be_stated", "not_stated"),
}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Two findings of each target, then the number of targets by status."""
    found = []
    for pair in assessed.pairs:
        found.append(_find_value(pair, assessed))
        found += _find_probability(pair)
    return [*found, *(_find_count(assessed, status) for status in assess.STATUSES)]


def _shared(pair: Pair, name: str, label: Text) -> dict[str, Any]:
    target, _ = pair
    own = {one: f"{target.id} {target.name[one]}" for one in ("zh", "en")}
    return {
        "key": f"targets.{target.id}.{name}", "label": join_label(own, label),
        "table": f"tables/targets.csv#target_id={target.id}",
    }  # fmt: skip


def _find_value(pair: Pair, assessed: Assessment) -> Finding:
    target, outlook = pair
    unit = target.unit or "count"
    shared = _shared(pair, "value", _VALUE)
    if not outlook.has_value:
        status, reason = _reason(outlook)
        return Finding(**shared, status=status, basis=outlook.basis, unit=unit, reason=reason)
    limits: dict[str, Any] = {}
    if outlook.basis == "sample" and np.isfinite(outlook.lower):
        limits = {"lower": outlook.lower, "upper": outlook.upper, "confidence": outlook.confidence}
    return Finding(
        **shared, status="stated", basis=outlook.basis, unit=unit, estimate=float(outlook.value),
        n=outlook.n or None, method=_method_of_value(outlook), sources=assessed.sources.get(target.id, ()),
        **limits,
    )  # fmt: skip


def _method_of_value(outlook: assess.Outlook) -> str:
    return "count" if outlook.basis == "census" else outlook.method


def _find_probability(pair: Pair) -> list[Finding]:
    """The probability in the declared reading; what is judged has none."""
    _, outlook = pair
    if outlook.status in ("met", "missed"):
        return []
    shared = _shared(pair, "probability", _PROBABILITY)
    basis: Literal["model"] = "model"
    if not np.isfinite(outlook.probability):
        status, reason = _reason(outlook)
        return [Finding(**shared, status=status, basis=basis, unit="probability", reason=reason)]
    return [
        Finding(
            **shared, status="stated", basis=basis, unit="probability", estimate=float(outlook.probability),
            n=outlook.n or None, method=outlook.method,
        )
    ]  # fmt: skip


def _reason(outlook: assess.Outlook) -> tuple[Status, Text]:
    status, code = _FALLBACK.get(outlook.status, ("cannot_be_stated", "not_stated"))
    return status, say_reason(outlook) if outlook.reason else text("target_reason", code)


def _find_count(assessed: Assessment, status: str) -> Finding:
    return Finding(
        key=f"targets.count.{status}", label=join_label(_NUMBER, text("target_status", status)), status="stated",
        basis="census", unit="count", n=len(assessed.pairs), estimate=float(assessed.count(status)), method="count",
        table="tables/targets.csv",
    )  # fmt: skip
