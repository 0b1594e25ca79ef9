"""Which figures does credit state? Enterprises and shares by grade, failure rates by grade, the area."""

from typing import Any

import numpy as np

from qstats.codebook import LANGUAGES, Text
from qstats.credit import Area
from qstats.report.credit.assessment import Assessment, SchemeGrades
from qstats.report.credit.wording import say_group, say_nothing
from qstats.report.findings import Change, Finding, Release, join_label

_SHARE: Text = {"zh": "占评定企业的比例", "en": "share of graded enterprises"}
_COUNT: Text = {"zh": "企业家数", "en": "number of enterprises"}
_RATE: Text = {"zh": "此后一年批次不合格率", "en": "failure rate of batches in the year after"}
_AREA: Text = {"zh": "等级对不合格的区分度（AUC）", "en": "area under the curve of the grade for failures"}
_SCORE_AREA: Text = {
    "zh": "得分（否决以前）对不合格的区分度（AUC）",
    "en": "area under the curve of the score before vetoes for failures",
}
_FEW: Text = {"zh": "受检企业或不合格批次太少", "en": "too few enterprises sampled or batches failed"}
_LABEL: Text = {"zh": "企业质量信用等级", "en": "Grades of quality credit"}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Counts, shares, rates and area of each scheme; without records one that says so."""
    if not assessed.schemes:
        return [
            Finding(
                key="credit.grades",
                label=_LABEL,
                status="no_data",
                basis="census",
                unit="count",
                reason=say_nothing(assessed),
            )
        ]
    return [finding for one in assessed.schemes for finding in _of_scheme(assessed, one)]


def _of_scheme(assessed: Assessment, one: SchemeGrades) -> list[Finding]:
    counted = [found for group in one.groups for found in _count(assessed, one, group)]
    rates = [_rate(assessed, one, row) for row in one.prediction.rates.to_dict("records")]
    areas = ("area", one.prediction.area, _AREA), ("score_area", one.prediction.score_area, _SCORE_AREA)
    return [*counted, *rates, *(_area(assessed, one, *told) for told in areas)]


def _count(assessed: Assessment, one: SchemeGrades, group: tuple[str, ...]) -> list[Finding]:
    key = one.key(group)
    table = f"tables/credit_grades.csv#key={key}"
    shared: dict[str, Any] = {
        "status": "stated",
        "basis": "census",
        "method": "count",
        "n": one.total,
        "table": table,
        "release": _release(one),
    }
    change = Change(
        against=assessed.before.isoformat(), basis="same_scheme", status="stated", n=one.total_before,
        estimate=one.share(group) - one.share(group, before=True),
    )  # fmt: skip
    return [
        Finding(
            key=f"credit.{key}.count", label=join_label(_name(one, group), _COUNT), unit="count",
            estimate=float(one.now[group]), **shared,
        ),
        Finding(
            key=f"credit.{key}.share", label=join_label(_name(one, group), _SHARE), unit="proportion",
            estimate=one.share(group), changes=(change,) if one.total_before else (), **shared,
        ),
    ]  # fmt: skip


def _release(one: SchemeGrades) -> Release:
    """No grade is final before objections could be made."""
    return "final" if one.publicity == "final" and not one.objected else "provisional"


def _name(one: SchemeGrades, group: tuple[str, ...]) -> Text:
    said = say_group(group)
    return {lang: f"{one.scheme.short.text[lang]} {said[lang]}" for lang in LANGUAGES}


def _rate(assessed: Assessment, one: SchemeGrades, row: dict[str, Any]) -> Finding:
    group = tuple(str(row["grades"]).split("+"))
    key = one.key(group)
    shared: dict[str, Any] = {
        "key": f"credit.{key}.failure_rate_after", "label": join_label(_name(one, group), _RATE), "basis": "sample",
        "unit": "proportion", "n": int(row["n"]), "table": f"tables/credit_prediction.csv#key={key}",
    }  # fmt: skip
    if not np.isfinite(row["estimate"]):
        return Finding(**shared, status="cannot_be_stated", reason=_FEW)
    return Finding(
        **shared, status="stated", estimate=float(row["estimate"]), lower=float(row["lower"]),
        upper=float(row["upper"]), confidence=assessed.confidence, method="korn_graubard",
    )  # fmt: skip


def _area(assessed: Assessment, one: SchemeGrades, name: str, area: Area, label: Text) -> Finding:
    shared: dict[str, Any] = {
        "key": f"credit.{one.scheme.id}.{name}", "label": join_label(one.scheme.short.text, label), "basis": "sample",
        "unit": "proportion", "n": area.events + area.others,
    }  # fmt: skip
    if not np.isfinite(area.lower):
        return Finding(**shared, status="cannot_be_stated", reason=_FEW)
    return Finding(
        **shared, status="stated", estimate=area.estimate, lower=area.lower, upper=area.upper,
        confidence=assessed.confidence, method="clustered_area",
    )  # fmt: skip
