"""Series with known behaviour: counts by period, drawn or exact."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from qstats.periods import Period
from qstats.trend import finish_series

Make = Callable[..., pd.DataFrame]


def periods_to(last: str, count: int) -> list[str]:
    return [str(period) for period in Period.parse(last).preceding(count)]


@pytest.fixture(scope="session")
def make_series() -> Make:
    """A series of a rate that is exact, or drawn where a generator is given."""

    def make(
        rate: Sequence[float] | np.ndarray, *, n: float | np.ndarray = 200.0, last: str = "2015Q4",
        series: str = "pass_rate", group: str = "", family: str = "binomial",
        generator: np.random.Generator | None = None, complete: bool | np.ndarray = True,
    ) -> pd.DataFrame:  # fmt: skip
        rates = np.asarray(rate, float)
        size = np.broadcast_to(np.asarray(n, float), rates.shape).copy()
        exact = rates * size
        drawn = exact if generator is None else (
            generator.poisson(exact) if family == "poisson" else generator.binomial(size.astype(int), rates)
        )  # fmt: skip
        gap = ~np.isfinite(rates)
        return finish_series(pd.DataFrame({
            "series": series, "group": group, "period": periods_to(last, len(rates)), "family": family,
            "passed": np.where(gap, np.nan, drawn), "n": np.where(gap, np.nan, size),
            "counted": np.where(gap, np.nan, size), "value": np.where(gap, np.nan, drawn / size),
            "lower": np.nan, "upper": np.nan, "complete": complete,
        }))  # fmt: skip

    return make


@pytest.fixture(scope="session")
def slope_rate() -> Callable[..., np.ndarray]:
    """Rates on a straight line of the logit, so much a year."""

    def rate(slope: float, count: int, *, level: float = 3.0, per_year: int = 4) -> np.ndarray:
        times = np.arange(count) / per_year
        return np.asarray(expit(level + slope * (times - times.mean())))

    return rate
