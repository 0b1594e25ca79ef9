"""What does the inspection chapter state? Findings of pass rates, groups compared, and the texts of its charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import polars as pl

from qstats.codebook import LANGUAGES, Text, text
from qstats.estimation import Scope, estimate_changes, estimate_pass_rates
from qstats.periods import Period
from qstats.reference import county_name, product_class_name
from qstats.report.findings import Change, Finding
from qstats.report.formats import format_percent
from qstats.report.reasons import add_reasons

GROUP_LABELS: dict[str, Text] = {
    "county_code": {"zh": "县（市、区）", "en": "county"},
    "product_class": {"zh": "产品类别", "en": "product class"},
    "enterprise_size": {"zh": "企业规模", "en": "enterprise size"},
    "stage": {"zh": "抽样环节", "en": "stage of sampling"},
    "issuer": {"zh": "发布单位", "en": "issuing body"},
    "listing": {"zh": "信息平台", "en": "platform"},
}
_UNKNOWN: Text = {"zh": "未注明", "en": "not stated"}
_PERCENT: Text = {"zh": "单位：%", "en": "Unit: %"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What every sentence of the chapter is about: the place, the period, the batches."""

    place: Text
    period: Period
    scope: Scope

    @property
    def batches(self) -> Text:
        """Name of the batches: level and programme."""
        level, programme = text("level", self.scope.level), text("programme", self.scope.programme)
        return {"zh": level["zh"] + programme["zh"], "en": f"{level['en'].lower()} {programme['en'].lower()}"}


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """Rates of the groups of one column in a period, with their changes on an earlier one.

    Attributes
    ----------
    column : str
    rates, changes : DataFrame
        By group (``""`` for batches that state none); rates carry ``reason_zh`` and ``reason_en``.
    names : dict
        Group code → name in both languages.
    against : Period
    """

    column: str
    rates: pd.DataFrame
    changes: pd.DataFrame
    names: dict[str, Text]
    against: Period

    @property
    def label(self) -> Text:
        """What the groups are: county, product class …"""
        return GROUP_LABELS[self.column]

    def findings(self, subject: Subject) -> list[Finding]:
        """One finding for each group."""
        kind = self.column.removesuffix("_code")
        changes = self.changes.set_index(self.column)
        return [
            find_rate(
                row,
                key=f"inspection.pass_rate.{kind}.{row[self.column] or 'unknown'}",
                label=_joined(subject.batches, text("indicator", "pass_rate"), self.names[row[self.column]]),
                changes=[find_change(changes.loc[row[self.column]].to_dict(), "last_year")],
                table=f"rates_by_{kind}",
            )
            for row in self.rates.to_dict("records")
        ]

    def figure_settings(self, city: Finding, subject: Subject) -> dict[str, Any]:
        """Texts and reference line of the chart of the groups."""
        kind, period = self.label, subject.period.label
        stated = self.rates[self.rates["status"] == "stated"]
        values = {
            language: "; ".join(
                f"{self.names[row[self.column]][language]} {format_percent(row['estimate'])}"
                for row in stated.to_dict("records")
            )
            for language in LANGUAGES
        }
        return {
            "group": self.column,
            "labels": self.names,
            "reference": city.estimate,
            "title": {
                "zh": f"{period['zh']}各{kind['zh']}批次合格率：区间重叠的不能区分先后",
                "en": f"Batch pass rate by {kind['en']}, {period['en']}: where intervals overlap, no order can be told",
            },
            "alt": {
                "zh": f"各{kind['zh']}批次合格率及区间：{values['zh'] or '均未发布'}。",
                "en": f"Batch pass rate with interval by {kind['en']}: {values['en'] or 'none is published'}.",
            },
            "unit": _PERCENT,
            "source": source_line(subject),
        }


def compare_groups(
    batches: pl.DataFrame, column: str, subject: Subject, against: Period, sources: pd.DataFrame
) -> GroupComparison:
    """Rates by group in the subject's period, best first, with the change on ``against``."""
    periods = [against, subject.period]
    both = name_groups(estimate_pass_rates(batches, periods, subject.scope, by=[column]), column)
    changes = estimate_changes(both, subject.period, against, by=[column])
    rates = add_reasons(both[both["period"] == str(subject.period)], sources, subject.scope.minimum_batches)
    rates = rates.sort_values(["estimate", "n"], ascending=[False, False], kind="stable", na_position="last")
    return GroupComparison(
        column, rates.reset_index(drop=True), changes, group_names(column, rates[column].tolist()), against
    )


def name_groups(rates: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rates with the group's code as text, ``""`` where a batch states none."""
    return rates.assign(**{column: rates[column].fillna("").astype(str)})


def group_names(column: str, codes: Sequence[str]) -> dict[str, Text]:
    """Names of the groups of a column in both languages, by code."""
    return {code: _group_name(column, code) for code in codes}


def _group_name(column: str, code: str) -> Text:
    if not code:
        return _UNKNOWN
    if column == "county_code":
        return county_name(code)
    if column == "product_class":
        return product_class_name(code)
    return text(column, code) if column in ("enterprise_size", "stage") else {"zh": code, "en": code}


def add_release(rates: pd.DataFrame, complete_from: float) -> pd.DataFrame:
    """Rates with ``release``: provisional until the share of results in reaches ``complete_from``."""
    final = rates["completeness"].fillna(1.0) >= complete_from
    return rates.assign(release=final.map({True: "final", False: "provisional"}))


def find_city(rates: pd.DataFrame, now: Period, earlier: Sequence[Period], subject: Subject) -> Finding:
    """Headline finding: the rate of the period with its changes on the previous one and on last year's."""
    row = rates[rates["period"] == str(now)].iloc[0].to_dict()
    bases = ("previous", "last_year")
    changes = [
        find_change(estimate_changes(rates, now, period).iloc[0].to_dict(), basis)
        for period, basis in zip(earlier, bases, strict=True)
        if basis == "last_year" or period != earlier[1]  # of a year, both are the same period
    ]
    return find_rate(
        row, key="inspection.pass_rate.city", label=_joined(subject.batches, text("indicator", "pass_rate"), subject.place),
        changes=changes, release=row["release"], table="rates_by_period",
    )  # fmt: skip


def find_rate(
    row: Mapping[str, object], *, key: str, label: Text, changes: Sequence[Change] = (), release: str = "final",
    table: str,
) -> Finding:  # fmt: skip
    """Finding of one row of rates (with ``reason_zh`` and ``reason_en``)."""
    stated = row["status"] == "stated"
    return Finding(
        key=key,
        label=label,
        status=str(row["status"]),  # type: ignore[arg-type]
        basis="sample",
        unit="proportion",
        n=int(row["n"]),  # type: ignore[call-overload]
        estimate=row["estimate"] if stated else None,  # type: ignore[arg-type]
        lower=row["lower"] if stated else None,  # type: ignore[arg-type]
        upper=row["upper"] if stated else None,  # type: ignore[arg-type]
        confidence=row["confidence"] if stated else None,  # type: ignore[arg-type]
        method=str(row["method"]) if stated else None,
        reason=None if stated else {language: str(row[f"reason_{language}"]) for language in LANGUAGES},
        changes=tuple(changes) if stated else (),
        table=table,
        release=release,  # type: ignore[arg-type]
    )


def find_change(row: Mapping[str, object], basis: str) -> Change:
    """Change of one row of :func:`qstats.estimation.estimate_changes`; ``basis`` is the codebook's comparison."""
    stated = row["status"] == "stated"
    return Change(
        against=str(row["against"]),
        basis=basis,
        status="stated" if stated else "refused",
        estimate=row["change"] if stated else None,  # type: ignore[arg-type]
        lower=row["change_lower"] if stated else None,  # type: ignore[arg-type]
        upper=row["change_upper"] if stated else None,  # type: ignore[arg-type]
        confidence=row["confidence"] if stated else None,  # type: ignore[arg-type]
        n=int(row["n_before"]) if stated else None,  # type: ignore[call-overload]
        method="mover" if stated else None,
        reason=None if stated else text("refusal", str(row["reason"])),
    )


def series_texts(city: Finding, subject: Subject) -> dict[str, Text]:
    """Texts of the chart of the rate over periods; its title is the message."""
    period, place, batches = subject.period.label, subject.place, subject.batches
    last_year = next((change for change in city.changes if change.basis == "last_year"), None)
    if city.status != "stated":
        title = {
            "zh": f"{period['zh']}{batches['zh']}批次合格率不予发布",
            "en": f"The batch pass rate of {period['en']} is not published",
        }
    else:
        rate, movement = format_percent(float(city.estimate or 0)), _movement(last_year)
        title = {
            "zh": f"{period['zh']}{batches['zh']}批次合格率为{rate}，{movement['zh']}",
            "en": f"Batch pass rate of {rate} in {period['en']}, {movement['en']}",
        }
    return {
        "title": title,
        "alt": {
            "zh": f"{place['zh']}{batches['zh']}批次合格率逐期变化及95%区间。{title['zh']}。各期数值见表rates_by_period。",
            "en": f"Batch pass rate of {batches['en']} in {place['en']} by period with 95% intervals. {title['en']}. "
            "The values stand in the table rates_by_period.",
        },
        "unit": _PERCENT,
        "source": source_line(subject),
    }


def _movement(change: Change | None) -> Text:
    if change is None or change.status != "stated" or change.estimate is None:
        return {"zh": "与上年同期不可比", "en": "not comparable with a year earlier"}
    if not change.clear:
        return {"zh": "与上年同期相比无显著变化", "en": "no clear change on a year earlier"}
    points = f"{abs(100 * change.estimate):.1f}"
    if change.estimate > 0:
        return {"zh": f"比上年同期提高{points}个百分点", "en": f"up {points} points on a year earlier"}
    return {"zh": f"比上年同期下降{points}个百分点", "en": f"down {points} points on a year earlier"}


def pareto_settings(items: pd.DataFrame, subject: Subject, largest: int) -> dict[str, Any]:
    """Texts of the chart of failed items."""
    period = subject.period.label
    leading = items.head(3)["item"].tolist()
    zh, en = "、".join(leading) or "无", ", ".join(leading) or "none"
    return {
        "count": "batches",
        "top": largest,
        "title": {
            "zh": f"{period['zh']}不合格最多的项目：{zh}",
            "en": f"Items that failed most often, {period['en']}: {en}",
        },
        "alt": {
            "zh": "各不合格项目的批次数："
            + ("；".join(f"{row.item} {row.batches}" for row in items.head(largest).itertuples()) or "无"),
            "en": "Failed batches by item: "
            + ("; ".join(f"{row.item} {row.batches}" for row in items.head(largest).itertuples()) or "none"),
        },
        "unit": {"zh": "单位：批次", "en": "Unit: batches"},
        "source": source_line(subject),
    }


def source_line(subject: Subject) -> Text:
    """Source line of a chart."""
    return {
        "zh": f"{subject.place['zh']}{subject.batches['zh']}，按抽样日期归期",
        "en": f"{subject.batches['en'].capitalize()}, {subject.place['en']}, by date of sampling",
    }


def _joined(*parts: Text) -> Text:
    return {
        "zh": "：".join(part["zh"] for part in parts),
        "en": ", ".join(part["en"] for part in parts),
    }
