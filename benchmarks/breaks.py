"""Is a break of a pass rate found where there is one, and none where there is none? Many known series.

Monthly series with a trend and a season on the logit scale, without a step (how often is one found all the
same?) and with one in the middle (how often is it found; do the limits of its place and of its change hold
the truth, among those found). Counts scatter as binomial ones, as beta-binomial ones of twice that
variance, or about an AR(1) process on the logit with a standard deviation of 0.4. ``--check`` makes it an
error if more than the nominal 5 in 100 series without a step have one found, two Monte Carlo standard
errors allowed, in any situation that is claimed. Situations beyond the claim (stronger correlation) are
shown too.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from multiprocessing import get_context
from zlib import crc32

import numpy as np
from scipy.special import expit, logit

from qstats.methods.structural_breaks import RateBreaks, rate_breaks

SEED, LEVEL, MOST_PROCESSES = 20151231, 0.05, 2
TREND, SEASON, SPREAD, DISPERSION, WARM_UP = 0.1, 0.2, 0.4, 2.0, 60


@dataclass(frozen=True)
class Situation:
    """A series by months, batches a month, pass rate, noise and step in points."""

    months: int
    n: int
    rate: float
    noise: str
    step: float = 0.0
    claimed: bool = True


def list_situations() -> list[Situation]:
    """Without a step, beyond the claim, with a step."""
    quiet = [Situation(*cell) for cell in product((36, 48, 72), (50, 220), (0.90, 0.95, 0.98), NOISES[:3])]
    beyond = [Situation(*cell, claimed=False) for cell in product((36, 72), (220,), (0.95,), NOISES[3:])]
    steps = product((36, 48, 72), (50, 220), (0.95,), NOISES[:3], (-0.03, -0.06))
    return quiet + beyond + [Situation(*cell) for cell in steps]


def draw_counts(situation: Situation, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Passes by month, and the true mean change over the months after the step."""
    month = np.arange(situation.months)
    quiet = logit(situation.rate) + TREND * (month - month.mean()) / 12 + SEASON * np.cos(np.pi * month / 6)
    jump = logit(situation.rate + situation.step) - logit(situation.rate)
    after = month >= situation.months // 2
    truth = float((expit(quiet + jump) - expit(quiet))[after].mean())
    return NOISE[situation.noise](quiet + jump * after, situation.n, rng), truth


def binomial(eta: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.binomial(n, expit(eta))


def beta_binomial(eta: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    size, rate = (n - 1) / (DISPERSION - 1) - 1, expit(eta)
    return rng.binomial(n, rng.beta(size * rate, size * (1 - rate)))


def autoregressive(rho: float):
    def draw(eta: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
        pushes = rng.normal(scale=SPREAD * np.sqrt(1 - rho**2), size=WARM_UP + eta.size)
        for place in range(1, pushes.size):
            pushes[place] += rho * pushes[place - 1]
        return rng.binomial(n, expit(eta + pushes[WARM_UP:]))

    return draw


NOISE = {
    "binomial": binomial,
    "beta-binomial": beta_binomial,
    "AR(0.3)": autoregressive(0.3),
    "AR(0.5)": autoregressive(0.5),
    "AR(0.7)": autoregressive(0.7),
}
NOISES = tuple(NOISE)


def study(situation: Situation, series: int, resamples: int) -> dict[str, float]:
    """Shares over many series."""
    rng = np.random.default_rng([SEED, crc32(repr(replace(situation, claimed=True)).encode())])
    times, n = 2010 + np.arange(situation.months) / 12, np.full(situation.months, situation.n)
    rows = []
    for seed in range(series):
        passed, truth = draw_counts(situation, rng)
        found = rate_breaks(passed, n, times, season=12, resamples=resamples, seed=seed)
        rows.append(judge(found, situation.months // 2, truth))
    return summarise(np.array(rows))


def judge(found: RateBreaks, place: int, truth: float) -> list[float]:
    """Found, exactly one, its place held, its change held, width of the limits of its place."""
    if not found.found:
        return [0, np.nan, np.nan, np.nan, np.nan]
    nearest = min(found.breaks, key=lambda one: abs(one.index - place))
    return [
        1,
        len(found.breaks) == 1,
        nearest.lower <= place <= nearest.upper,
        nearest.change_lower <= truth <= nearest.change_upper,
        nearest.upper - nearest.lower + 1,
    ]


def summarise(rows: np.ndarray) -> dict[str, float]:
    names = ("found", "single", "place held", "change held", "places")
    known = rows[rows[:, 0] == 1]
    means = [rows[:, 0].mean(), *(known[:, 1:].mean(axis=0) if len(known) else [np.nan] * 4)]
    return dict(zip(names, means, strict=True))


def report(situation: Situation, shares: dict[str, float], series: int) -> bool:
    """Print a line; whether the claim is kept."""
    limit = LEVEL + 2 * np.sqrt(LEVEL * (1 - LEVEL) / series)
    kept = situation.step != 0 or not situation.claimed or shares["found"] <= limit
    cells = [f"{situation.months:>3} {situation.n:>4} {situation.rate:>5.0%} {situation.noise:<14}"]
    cells += [f"{situation.step * 100:>+5.0f}", f"{shares['found']:>6.1%}"]
    if situation.step:
        cells += [f"{shares[name]:>6.1%}" for name in ("single", "place held", "change held")]
        cells += [f"{shares['places']:>5.1f}"]
    print(*cells, "" if kept else "  above the level", flush=True)
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--series", type=int, default=1000, help="series of each situation without a step")
    parser.add_argument("--stepped", type=int, default=400, help="series of each situation with one")
    parser.add_argument("--resamples", type=int, default=199, help="of each bootstrap test")
    parser.add_argument("--only", default="", help="situations whose line contains this, e.g. AR(0.3)")
    parser.add_argument("--check", action="store_true", help="fail if a claim is not kept")
    asked = parser.parse_args()
    situations = [one for one in list_situations() if asked.only in repr(one)]
    started = time.perf_counter()
    print(
        "months n rate noise step | found | one only, place held, change held (of those found), places held"
    )
    workers = min(MOST_PROCESSES, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        counts = [asked.stepped if one.step else asked.series for one in situations]
        jobs = [
            pool.submit(study, one, count, asked.resamples)
            for one, count in zip(situations, counts, strict=True)
        ]
        kept = [report(one, job.result(), asked.series) for one, job in zip(situations, jobs, strict=True)]
    print(f"{sum(counts)} series of {len(situations)} situations in {time.perf_counter() - started:.0f} s")
    if asked.check and not all(kept):
        sys.exit(f"{kept.count(False)} situations are above the level")


if __name__ == "__main__":
    main()
