"""What does the chapter on targets state? Every target of the policy with its outlook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from qstats import targets as assess
from qstats.codebook import Text
from qstats.periods import Period
from qstats.report.targets.records import Records
from qstats.satisfaction import Survey
from qstats.target_registry import Target, read_targets
from qstats.targets import Outlook

Pair = tuple[Target, Outlook]
_COMMITMENTS = ("hard", "not_stated", "aspiration", "direction")


@dataclass(frozen=True)
class Assessment:
    """All targets on the last day of a period.

    Attributes
    ----------
    place : dict
    period : Period
    today : date
        Last day of the period, or the day on which the data was closed if that came first.
    confidence : float
    pairs : tuple of (Target, Outlook)
        In the order of the registry.
    sources : dict
        Ids of the files that the value of a target comes from.
    """

    place: Text
    period: Period
    today: date
    confidence: float
    pairs: tuple[Pair, ...]
    sources: Mapping[str, tuple[str, ...]]

    def count(self, *statuses: str) -> int:
        """Targets with one of the statuses."""
        return sum(outlook.status in statuses for _, outlook in self.pairs)

    @property
    def judged(self) -> list[Pair]:
        """Targets with a verdict or a probability."""
        without = ("cannot_be_stated", "refused", "no_data")
        return [one for one in self.pairs if one[1].status not in without]

    @property
    def by_urgency(self) -> list[Pair]:
        """All targets: what is missed or off course first, and of these what binds most."""
        return sorted(self.pairs, key=_urgency)

    @property
    def by_department(self) -> list[tuple[Text, list[Pair]]]:
        """Targets of each department, in the order in which departments appear."""
        names: dict[str, Text] = {}
        groups: dict[str, list[Pair]] = {}
        for one in self.pairs:
            names.setdefault(one[0].department["zh"], one[0].department)
            groups.setdefault(one[0].department["zh"], []).append(one)
        return [(names[name], pairs) for name, pairs in groups.items()]


def _urgency(pair: Pair) -> tuple[int, int, float, float]:
    """Status, then how much the wording binds, then how improbable or how far from its level a target is."""
    target, outlook = pair
    return (
        assess.STATUSES.index(outlook.status), _COMMITMENTS.index(target.commitment),
        float(np.nan_to_num(outlook.probability, nan=1.0)),
        -float(np.nan_to_num(outlook.distance / target.level, nan=0.0)) if target.level else 0.0,
    )  # fmt: skip


def assess_targets(
    received: Any, survey: Survey | None, place: Text, period: str, cutoff: str, *, confidence: float,
    denominator: str,
) -> Assessment:  # fmt: skip
    """Outlook of every target from the clean tables of a run.

    Parameters
    ----------
    received : RunTables
    survey : Survey or None
        Rules of the satisfaction survey; None: the run has none.
    place : dict
    period, cutoff : str
    confidence : float
    denominator : str
        What complaints are counted per.
    """
    records = Records(received, survey, place, period, cutoff, confidence, denominator)
    pairs = [(records.in_own_unit(target), records.judge(target)) for target in read_targets()]
    sources = {target.id: records.sources_of(target) for target, outlook in pairs if outlook.has_value}
    return Assessment(place, records.period, records.today, confidence, tuple(pairs), sources)
