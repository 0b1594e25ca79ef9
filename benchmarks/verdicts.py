"""How often is a trend named where there is none, and found where there is one? Cities with a known course.

Six years of months with 220 batches each, near 96 %, of large and of small firms (98 and 93 %). Their course
is steady, rises by 0.1 a year on the logit, or rises for four years and then falls; the share of small firms
stays, or grows from a fifth to four fifths; months are independent, or carry AR(1) noise of ρ = 0.6 and a
standard deviation of 0.25 on the logit.

Counted is the share of cities in which a direction is named: by the interval of the slope alone; with the
AR(1) interval as well; unless the course bends; by all rules, the mix included; and, beside these, of the
rate at one mix. What the mix makes of the crude rate is no trend: only a rise that the firms share is one.
``--check`` makes more than 6 of 100 false ones an error where months are independent, and more than 10 where
they are alike.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from qstats.periods import Period
from qstats.trend import Rules, finish_series, tabulate_trends
from qstats.trend.rules import DIRECTIONS, bends_away, excludes_none

SEED = 20131212
MOST = {"independent": 0.06, "AR(0.6)": 0.10}
MONTHS = [str(one) for one in Period.parse("2015-12").preceding(72)]
BATCHES, RATES = 220, (0.98, 0.93)
COURSES = {"steady": (0.0, 0.0), "rising": (0.1, 0.0), "bending": (0.1, -0.05)}
"""Slope a year in the middle, and half of what it changes by in a year."""

MIXES = {"same mix": (0.5, 0.5), "shifting mix": (0.2, 0.8)}
NOISES = {"independent": (0.0, 0.0), "AR(0.6)": (0.6, 0.25)}
RULES = Rules(resamples=99)
NO_BREAK = pd.DataFrame({"series": ["pass_rate"], "group": [""], "break_period": [""]})


def draw_city(
    course: tuple[float, float],
    mix: tuple[float, float],
    noise: tuple[float, float],
    generator: np.random.Generator,
):
    """Series of the whole, and its cells by size of firm."""
    year = np.arange(len(MONTHS)) / 12
    year = year - year.mean()
    rho, spread = noise
    shock = spread * generator.normal(size=len(MONTHS))
    for month in range(1, len(MONTHS)):
        shock[month] = rho * shock[month - 1] + np.sqrt(1 - rho**2) * shock[month]
    small = np.round(BATCHES * np.linspace(*mix, len(MONTHS))).astype(int)
    parts = []
    for size, n, rate in (("large", BATCHES - small, RATES[0]), ("small", small, RATES[1])):
        passes = generator.binomial(n, expit(logit(rate) + course[0] * year + course[1] * year**2 + shock))
        parts.append(pd.DataFrame({"period": MONTHS, "group": "", "size": size, "n": n, "passes": passes}))
    cells = pd.concat(parts, ignore_index=True)
    sums = cells.groupby("period")["passes"].sum().reindex(MONTHS).to_numpy(float)
    series = finish_series(pd.DataFrame({
        "series": "pass_rate", "group": "", "period": MONTHS, "family": "binomial", "passed": sums,
        "n": float(BATCHES), "counted": float(BATCHES), "value": sums / BATCHES, "lower": np.nan,
        "upper": np.nan, "complete": True,
    }))  # fmt: skip
    return series, cells


def run_case(course: str, mix: str, noise: str, repeats: int) -> dict[str, object]:
    """Shares of directions named in one kind of city."""
    generator = np.random.default_rng([SEED, len(course), len(mix), len(noise)])
    counted = np.zeros(5)
    for _ in range(repeats):
        series, cells = draw_city(COURSES[course], MIXES[mix], NOISES[noise], generator)
        row = tabulate_trends(series, NO_BREAK, RULES, cells={"pass_rate": (cells, ["size"])}).iloc[0]
        alone = excludes_none(row["slope_lower"], row["slope_upper"])
        alike = alone and excludes_none(row["ar_lower"], row["ar_upper"])
        same = row["verdict_at_one_mix"] in DIRECTIONS
        straight = alike and not bends_away(row, row["slope"], RULES)
        counted += [alone, alike, straight, row["verdict"] in DIRECTIONS, same]
    names = ("slope alone", "with AR(1)", "no bend", "all rules", "at one mix")
    shares = dict(zip(names, counted / repeats, strict=True))
    return {"course": course, "mix": mix, "noise": noise, "cities": repeats} | shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    cases = list(product(COURSES, MIXES, NOISES))
    with ProcessPoolExecutor(2) as pool:
        rows = list(pool.map(run_case, *zip(*cases, strict=True), [chosen.repeats] * len(cases)))
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format=lambda share: f"{share:.3f}"))
    steady = table[table["course"] == "steady"]
    beyond = steady[["all rules", "at one mix"]].max(axis=1) > steady["noise"].map(MOST)
    if chosen.check and beyond.any():
        sys.exit(f"a trend is named too often in {int(beyond.sum())} kinds of steady cities")


if __name__ == "__main__":
    main()
