"""What does the chapter on credit state? Grades by each scheme, now and a year ago, and what they predicted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from qstats import credit
from qstats.cleaning.admissibility import judge_sources, mark_admissible
from qstats.codebook import LANGUAGES, Text
from qstats.credit_registry import CreditScheme, read_credit_scheme
from qstats.periods import Period
from qstats.report.credit.publication import Published, publish_counts
from qstats.report.disclosure import DisclosureRule

Group = tuple[str, ...]
_FEWEST_BEFORE = 10
"""Multiple of the least number of enterprises: with fewer graded a year ago that year is not stated."""


@dataclass(frozen=True)
class SchemeGrades:
    """Grades by one scheme.

    Attributes
    ----------
    scheme : CreditScheme
    groups : tuple of tuple of str
        Grades as they are published: neighbours together where too few enterprises have one.
    now, before : dict
        Enterprises by group, on the day and a year earlier.
    prediction : Prediction
        Grades of a year ago beside the batches since.
    vetoed, objected : int
        Enterprises whose grade a veto made worse; with an open objection.
    publicity : str
        ``unpublished``, ``in_publicity`` or ``final``, when data was closed.
    publicity_from : date or None
        Declared day on which the grades are made public.
    undated, unrecorded : int
        Records without a day; enterprises that were sampled and are on no department's record.
    """

    scheme: CreditScheme
    groups: tuple[Group, ...]
    now: Mapping[Group, int]
    before: Mapping[Group, int]
    prediction: credit.Prediction
    vetoed: int
    objected: int
    publicity: credit.Stage
    publicity_from: date | None
    undated: int
    unrecorded: int

    @property
    def total(self) -> int:
        """Enterprises with a grade."""
        return sum(self.now.values())

    @property
    def total_before(self) -> int:
        """Enterprises with a grade a year earlier."""
        return sum(self.before.values())

    @property
    def pooled(self) -> bool:
        """Whether grades are published together."""
        return any(len(group) > 1 for group in self.groups)

    def share(self, group: Group, *, before: bool = False) -> float:
        """Share of a group among the graded."""
        counts = self.before if before else self.now
        return counts[group] / max(sum(counts.values()), 1)

    def key(self, group: Sequence[str]) -> str:
        """Name of a group with that of its scheme."""
        return f"{self.scheme.id}.{'+'.join(group)}"

    def meaning(self, group: Sequence[str]) -> Text:
        """What the grades of a group mean."""
        labels = [self.scheme.label_of(grade) for grade in group]
        return {
            one: ("、" if one == "zh" else "; ").join(label[one] for label in labels) for one in LANGUAGES
        }

    @property
    def checks(self) -> float:
        """Sampling checks a year that follow; NaN where they would tell more than the published counts do."""
        if self.pooled or self.scheme.product_risks:
            return float("nan")
        each = {one.grade: one.checks for one in self.scheme.supervision}
        return float(sum(self.now[group] * each[group[0]] for group in self.groups))


@dataclass(frozen=True)
class Assessment:
    """Credit of the enterprises of a place on a day.

    Attributes
    ----------
    place : dict
    on, before : date
    confidence : float
    rule : DisclosureRule
    schemes : tuple of SchemeGrades
        Empty where no department sent records.
    published : Published or None
        Counts by county, by industry and between years, protected.
    departments : tuple of str
        Who sent records.
    records, enterprises : int
    undecided : int
        Pairs that may be one enterprise and wait for a clerk.
    """

    place: Text
    on: date
    before: date
    confidence: float
    rule: DisclosureRule
    schemes: tuple[SchemeGrades, ...]
    published: Published | None
    departments: tuple[str, ...]
    records: int
    enterprises: int
    undecided: int

    @property
    def level(self) -> str:
        """Confidence as it is written."""
        return f"{100 * self.confidence:g}%"


def assess_credit(
    received: Any, place: Text, period: str, cutoff: str, *, schemes: Sequence[str], confidence: float,
    level: str, listed_from: float, rule: DisclosureRule, publicity_from: str | None = None,
) -> Assessment:  # fmt: skip
    """Grades of all enterprises by each scheme, from the clean tables of a run.

    Parameters
    ----------
    received : RunTables
    place : dict
    period, cutoff : str
    schemes : sequence of str
        Ids in ``data/reference/credit_schemes``.
    confidence : float
    level : str
        Level of sampling whose batches show what grades predict.
    listed_from : float
        Share of its declared batches that a source must hold.
    rule : DisclosureRule
    publicity_from : str, optional
        Day on which the grades were made public.
    """
    closed = date.fromisoformat(cutoff)
    on = min(Period.parse(period).end, closed)
    before = on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)
    records = received.enterprise_records
    told = {
        "departments": tuple(sorted(records["department"].drop_nulls().unique())), "records": records.height,
        "enterprises": received.enterprises.height,
        "undecided": received.link_review["decision"].null_count(),
    }  # fmt: skip
    if records.is_empty():
        return Assessment(place, on, before, confidence, rule, (), None, **told)
    batches = _batches_between(received, level, listed_from, before, on)
    tables = received.enterprises, received.enterprise_links, records, received.inspections
    start = date.fromisoformat(publicity_from) if publicity_from else None
    found, pairs = [], []
    for one in map(read_credit_scheme, schemes):
        graded = [
            credit.grade_enterprises(one, *tables, day, known_until=closed, publicity_from=start)
            for day in (before, on)
        ]
        if graded[0].grades.height < _FEWEST_BEFORE * rule.minimum_enterprises:
            nothing = graded[0].grades.clear()
            graded[0] = replace(graded[0], grades=nothing, lineage=graded[0].lineage.clear())
        if graded[1].grades.is_empty():
            continue
        stage = credit.stage_of_publicity(one, start, closed)
        found.append(_summarise(graded, received.enterprise_links, batches, rule, confidence, (stage, start)))
        pairs.append((graded, found[-1].groups))
    published = publish_counts(pairs, rule) if pairs else None
    return Assessment(place, on, before, confidence, rule, tuple(found), published, **told)


def _batches_between(received: Any, level: str, listed_from: float, after: date, until: date) -> pl.DataFrame:
    """Routine batches of a level sampled since the earlier grades, from sources that carry a rate."""
    judged = judge_sources(received.sources, received.windows, received.batch_rows, listed_from=listed_from)
    marked = mark_admissible(received.inspections, judged, received.batch_rows)
    day = pl.coalesce("sampled_on", "announced_on")
    return marked.filter(
        (pl.col("programme") == "routine") & (pl.col("level") == level) & (day > after) & (day <= until)
        & pl.col("refused_source").is_null()
    )  # fmt: skip


def _summarise(
    graded: list[credit.Graded], links: pl.DataFrame, batches: pl.DataFrame, rule: DisclosureRule,
    confidence: float, publicity: tuple[credit.Stage, date | None],
) -> SchemeGrades:  # fmt: skip
    scheme = graded[1].scheme
    counts = [_counts(one) for one in graded]
    least = {grade: min(one[grade] for one in counts if sum(one.values())) for grade in scheme.names}
    groups = credit.pool_grades([(name,) for name in scheme.names], least, rule.minimum_enterprises)
    summed = [{group: sum(one[grade] for grade in group) for group in groups} for one in counts]
    prediction = credit.predict_failures(
        graded[0], links, batches, confidence=confidence, groups=groups,
        minimum_enterprises=rule.minimum_enterprises,
    )  # fmt: skip
    status = graded[1].grades["status"]
    return SchemeGrades(
        scheme, tuple(groups), now=summed[1], before=summed[0], prediction=_hide_few(prediction, rule),
        vetoed=int(graded[1].grades["vetoed"].sum()), objected=int((status == "objected").sum()),
        publicity=publicity[0], publicity_from=publicity[1], undated=graded[1].undated,
        unrecorded=graded[1].unrecorded,
    )  # fmt: skip


def _counts(graded: credit.Graded) -> dict[str, int]:
    frame = credit.count_grades(graded)
    if frame.empty:
        return dict.fromkeys(graded.scheme.names, 0)
    return dict(zip(frame["grade"], frame["n"].astype(int), strict=True))


def _hide_few(prediction: credit.Prediction, rule: DisclosureRule) -> credit.Prediction:
    """A single group with too few enterprises sampled again has no rate; nor is there an order or an area."""
    few = prediction.rates["enterprises"] < rule.minimum_enterprises
    if not few.any():
        return prediction
    unknown = ["estimate", "lower", "upper"]
    rates = prediction.rates.assign(**{name: prediction.rates[name].mask(few) for name in unknown})
    area, score_area = (
        one._replace(estimate=np.nan, lower=np.nan, upper=np.nan)
        for one in (prediction.area, prediction.score_area)
    )
    nothing = credit.ClusteredTrend(np.nan, np.nan, np.nan)
    return credit.Prediction(pd.DataFrame(rates), nothing, area, score_area, None)
