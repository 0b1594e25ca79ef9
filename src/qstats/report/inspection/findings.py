"""What does the inspection chapter state? Findings of pass rates, and groups compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import polars as pl

from qstats.codebook import LANGUAGES, Text, text
from qstats.estimation import Scope, correlate_periods, estimate_changes, estimate_pass_rates
from qstats.periods import Period
from qstats.reference import county_name, product_class_name
from qstats.report.findings import Change, Finding
from qstats.report.reasons import add_reasons

GROUP_LABELS: dict[str, Text] = {
    "county_code": {"zh": "县（市、区）", "en": "county"},
    "product_class": {"zh": "产品类别", "en": "product class"},
    "enterprise_size": {"zh": "企业规模", "en": "enterprise size"},
    "stage": {"zh": "抽样环节", "en": "stage of sampling"},
    "issuer": {"zh": "发布单位", "en": "issuing body"},
    "province": {"zh": "省份", "en": "province"},
    "listing": {"zh": "信息平台", "en": "platform"},
}
_UNKNOWN: Text = {"zh": "未注明", "en": "not stated"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What every sentence of the chapter is about: the place, the period, the batches."""

    place: Text
    period: Period
    scope: Scope

    @property
    def batches(self) -> Text:
        """Name of the batches by level and programme."""
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
        """Kind of the groups, such as county or product class."""
        return GROUP_LABELS[self.column]

    @property
    def name(self) -> str:
        """Name of the table and chart of the groups."""
        return f"rates_by_{self.column.removesuffix('_code')}"

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
                release=row["release"],
                table=f"tables/{self.name}.csv#{self.column}={row[self.column]}",
            )
            for row in self.rates.to_dict("records")
        ]


def compare_groups(
    batches: pl.DataFrame, column: str, subject: Subject, against: Period, sources: pd.DataFrame,
    *, complete_from: float,
) -> GroupComparison:  # fmt: skip
    """Rates by group in the subject's period, best first, with the change on ``against``.

    Groups that have no batch in either period are left out where they are no county.
    """
    periods = [against, subject.period]
    both = name_groups(estimate_pass_rates(batches, periods, subject.scope, by=[column]), column)
    shared = name_groups(correlate_periods(batches, subject.period, against, subject.scope, [column]), column)
    changes = estimate_changes(both, subject.period, against, [column], correlation=shared)
    now = both[both["period"] == str(subject.period)]
    if column != "county_code":
        now = now[now[column].isin(both.loc[both["planned"] > 0, column])]
    rates = add_release(add_reasons(now, sources, subject.scope.minimum_batches), complete_from)
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
    """Rates with ``release``: final once stated and the share of results in reaches ``complete_from``."""
    final = (rates["completeness"] >= complete_from) & (rates["status"] == "stated")
    return rates.assign(release=final.map({True: "final", False: "provisional"}))


def find_city(
    row: Mapping[str, Any],
    changes: Sequence[Change],
    subject: Subject,
    *,
    key: str = "inspection.pass_rate.city",
) -> Finding:
    """Headline finding: the rate of a period with its changes, crude and standardised."""
    label = _joined(subject.batches, text("indicator", "pass_rate"), subject.place)
    table = f"tables/rates_by_period.csv#period={row['period']}"
    return find_rate(row, key=key, label=label, changes=changes, release=row["release"], table=table)


def find_weightings(rates: pd.DataFrame, subject: Subject) -> list[Finding]:
    """The rate by enterprise and by sales, beside the headline's by batch."""
    return [
        find_rate(
            row,
            key=f"inspection.pass_rate.weighted.{row['weighting']}",
            label=_joined(subject.batches, text("weighting", row["weighting"]), subject.place),
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
            key=f"inspection.{name}.city", label=_joined(subject.batches, text("indicator", name), subject.place),
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
            label=_joined(
                text("level", row["level"]),
                text("programme", row["programme"]),
                text("indicator", "pass_rate"),
            ),
            release=row["release"],
            table=f"tables/rates_by_programme_and_level.csv#programme={row['programme']},level={row['level']}",
        )
        for row in rates.to_dict("records")
    ]


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
        sources=tuple(filter(None, str(row["sources"]).split(","))),
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
        holds=bool(row["holds"]),
        reason=None if stated else text("refusal", str(row["reason"])),
    )


def _joined(*parts: Text) -> Text:
    return {
        "zh": "：".join(part["zh"] for part in parts),
        "en": ", ".join(part["en"] for part in parts),
    }
