"""Do the intervals of an intervention's effect cover what they say? Months are drawn with a known effect.

A series of a pass rate near 96 or 97 % with a trend, a season and, at a known date, a change of level and
of trend, as in the policy of December 2013: 47 or 11 months before, 24 from the date on, about 220 or 60
batches a month. Counts are binomial; or beta-binomial; or their logits carry AR(1) noise of ρ = 0.3 and a
standard deviation of 0.3, which neither trend nor season describe. Every figure comes from
`interruption_effect`.

Counted is how often the true change of level lies within the limits of the default errors, and beside them of
quasi-likelihood without correlation and of Newey-West; and how often the true average effect (in points, over
the months after) lies within its own. ``--check`` makes less than 93 of 100 an error for the default.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from qstats.methods.interrupted_series import Interruption, interruption_effect

SEED, LEAST = 20131212, 0.93
BEFORE, AFTER = (47, 11), 24
BATCHES = (220, 60)
NOISES = ("binomial", "beta-binomial", "AR(0.3)")
AT = 2013 + 11 / 12
RATE, TREND, SEASON = 0.965, 0.07, 0.20
LEVEL, SLOPE = 0.25, 0.10
"""Effect on the logit of a pass: at the date, and a year."""
SCATTER, RHO, NOISE = 0.006, 0.3, 0.3
"""Correlation within a month; correlation of neighbouring months; standard deviation of the logit's noise."""
ERRORS = ("auto", "quasi", "newey_west")
OTHERS_EVERY = 5
"""The errors beside the default are looked at in every fifth series."""


def true_logits(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logit of the pass rate of each month with the effect and without it."""
    since = times - AT
    without = logit(RATE) + TREND * since - SEASON * np.cos(2 * np.pi * (times - 0.5))
    after = since > -1e-6
    return without + after * (LEVEL + SLOPE * since), without


def marginal(linear: np.ndarray, noise: str) -> np.ndarray:
    """Pass rate with the noise of the logit integrated out."""
    if noise != NOISES[2]:
        return expit(linear)
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    return expit(linear[:, None] + NOISE * nodes) @ (weights / weights.sum())


def draw_rates(linear: np.ndarray, noise: str, generator: np.random.Generator) -> np.ndarray:
    """True rates of the months of one series."""
    if noise == "beta-binomial":
        precision = (1 - SCATTER) / SCATTER
        return generator.beta(expit(linear) * precision, (1 - expit(linear)) * precision)
    if noise == "binomial":
        return expit(linear)
    shock = generator.normal(size=len(linear)) * NOISE
    for month in range(1, len(linear)):
        shock[month] = RHO * shock[month - 1] + np.sqrt(1 - RHO**2) * shock[month]
    return expit(linear + shock)


def run_case(before: int, batches: int, noise: str, repeats: int) -> dict[str, object]:
    """Shares of series whose limits hold the truth, for one length, size and noise."""
    generator = np.random.default_rng([SEED, before, batches, NOISES.index(noise)])
    times = AT + (np.arange(before + AFTER) - before) / 12
    changed, unchanged = true_logits(times)
    gain = marginal(changed, noise) - marginal(unchanged, noise)
    rows = []
    for number in range(repeats):
        n = np.round(batches * generator.uniform(0.6, 1.4, len(times)))
        passed = generator.binomial(n.astype(int), draw_rates(changed, noise, generator))
        kinds = ERRORS if number % OTHERS_EVERY == 0 else ERRORS[:1]
        effects = [interruption_effect(passed, n, times, AT, season=12, errors=errors) for errors in kinds]
        rows.append(look(effects, float(gain[before:] @ n[before:] / n[before:].sum())))
    figures = pd.DataFrame(rows)
    stated = int(figures["auto"].notna().sum())
    case = {"before": before, "batches": batches, "noise": noise, "stated": stated}
    return case | figures.mean().to_dict() | {"width": figures["width"].median()}


def look(effects: list[Interruption], average: float) -> dict[str, float]:
    """Whether the limits of one series hold the truth; NaN where nothing is stated."""
    held = dict.fromkeys(ERRORS, np.nan) | {
        errors: np.nan if effect.reason else float(effect.level_lower <= LEVEL <= effect.level_upper)
        for errors, effect in zip(ERRORS, effects, strict=False)
    }
    first = effects[0]
    held["average"] = np.nan if first.reason else float(first.average_lower <= average <= first.average_upper)
    return held | {"width": first.level_upper - first.level_lower}


def tabulate(repeats: int, processes: int) -> pd.DataFrame:
    cases = list(product(BEFORE, BATCHES, NOISES))
    with ProcessPoolExecutor(processes) as pool:
        rows = list(pool.map(run_case, *zip(*cases, strict=True), [repeats] * len(cases)))
    return pd.DataFrame(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000, help="series of each case")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--check", action="store_true", help="fail where the default covers less than 93 %%")
    arguments = parser.parse_args()
    start = time.perf_counter()
    table = tabulate(arguments.repeats, arguments.processes)
    print(table.round(3).to_string(index=False))
    print(f"{arguments.repeats} series of each case, {time.perf_counter() - start:.0f} s")
    low = table[(table["auto"] < LEAST) | (table["stated"] < arguments.repeats * 0.95)]
    if arguments.check and len(low):
        print(f"covered too seldom, or too seldom stated:\n{low.to_string(index=False)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
