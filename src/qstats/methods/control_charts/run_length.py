"""Are there too long runs or too few crossings of the centre for a random series? Anhøj's run-chart tests.

Both limits depend on the number of useful points (not on the centre); nothing is assumed about the
distribution but that each point is as likely above as below, so the centre should be the median.

References
----------
Anhøj & Olesen (2014), doi:10.1371/journal.pone.0113825; Schilling (2012), doi:10.4169/math.mag.85.2.141.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom

from qstats.methods.control_charts.run_rules import sides

_CROSSINGS_TAIL = 0.05


@dataclass(frozen=True, slots=True)
class RunTest:
    """What a random series of so many useful points would show, and what this one shows."""

    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int

    @property
    def signal(self) -> bool:
        """Whether a run is too long or the crossings are too few."""
        return self.longest_run > self.longest_run_max or self.crossings < self.crossings_min


def run_test(statistic: ArrayLike, centre: ArrayLike) -> RunTest:
    """Longest run and number of crossings of one phase; points on the centre are passed over.

    A gap (NaN) ends a run, and from one of its sides to the other there is no crossing.

    Raises
    ------
    ValueError
        No point lies off the centre.
    """
    points = np.asarray(statistic, dtype=float)
    signs, stretch = sides(points, centre), np.cumsum(np.isnan(points))
    useful = signs != 0
    count = int(useful.sum())
    if count == 0:
        raise ValueError("no point lies off the centre: there are no runs to judge")
    keys = list(zip(signs[useful].tolist(), stretch[useful].tolist(), strict=True))
    runs = [len(list(run)) for _, run in itertools.groupby(keys)]
    crossings = sum(now[0] != then[0] and now[1] == then[1] for then, now in itertools.pairwise(keys))
    chances = count - len(set(stretch[useful].tolist()))  # places between neighbours where it could cross
    return RunTest(
        useful=count,
        longest_run=max(runs),
        longest_run_max=round(float(np.log2(count)) + 3),
        crossings=crossings,
        crossings_min=int(binom.ppf(_CROSSINGS_TAIL, chances, 0.5)),
    )
