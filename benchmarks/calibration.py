"""Do forecasts and target probabilities mean what they say? Many synthetic cities with known truth.

A city is a monthly series of inspections whose true rate moves by a slope, a season, a policy's step, a drift
and shocks, some of them correlated from month to month: sizes are drawn for each city around those of the
demonstration (`qstats.synthetic.rates`), not from the grid of the forecasts. Batches of one enterprise are
alike. Its projects are accepted at first or not; its certificates come one by one or in lumps, last three
years, and are renewed or not.

Counted are, by the functions that the reports call:

- how often central intervals of the true rate hold it, for each horizon, and whether the place of the
  reported count in its forecast is uniform; both also among the forecasts that the report would show;
- how often targets are met that were promised a probability, in fifths of equal count: the true value of a
  month ahead; its reported value, and the share of a year's projects that pass at first; the stock of
  certificates and the number of awards at the end of the year.

Cities are clusters: the standard error of a fifth counts each city once. ``--check`` makes an error of
coverage outside 77–83 % and 93–97 %, of a fifth more than 5 points off, of a Brier skill of 0 or less.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from multiprocessing import get_context

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import kstest

from qstats.methods.forecasts import (
    COMBINED,
    backtest_rates,
    brier_score,
    draw_counts,
    forecast_rate,
    forecast_total,
    randomised_pit,
    rolling_origins,
)
from qstats.synthetic.rates import SEASON, SLOPE_PER_YEAR
from qstats.target_registry import Target, read_targets
from qstats.targets import judge_registered, judge_share

SEED, STEPS, BLOCK = 20131212, 12, 50
HISTORIES = (36, 48, 60, 71)
LEVELS = (0.80, 0.95)
ALLOWED = {0.80: (0.77, 0.83), 0.95: (0.93, 0.97)}
LEVELS_ASKED = 3
"""Levels that each city is asked about, for each reading."""


YEAR, REGISTER = 2015, "provincial_trademark"
COLUMNS = ["city", "reading", "probability", "met"]
NO_HISTORY = pd.DataFrame({"day": [date(2014, 12, 31)], "period": ["2014"], "value": [0.98]})
NO_DENOMINATORS = pd.DataFrame(columns=["denominator", "year", "county_code", "count"])


@dataclass(frozen=True)
class City:
    """A monthly series: true rates, batches and passes of past and future months."""

    rate: np.ndarray
    n: np.ndarray
    passed: np.ndarray
    history: int
    dispersion: float


def draw_city(generator: np.random.Generator) -> City:
    history = int(generator.choice(HISTORIES))
    months = history + STEPS
    years = np.arange(months) / 12
    base = -np.log(1 / generator.uniform(0.93, 0.985) - 1)
    slope = generator.normal(-SLOPE_PER_YEAR, 0.12)
    season = generator.uniform(0, 1.5 * SEASON) * np.cos(2 * np.pi * (years - generator.random()))
    step = generator.choice([0.0, generator.normal(0.15, 0.15)]) * (
        years * 12 >= generator.integers(12, history)
    )
    drift = generator.choice([0.0, generator.uniform(0.05, 0.35)]) / np.sqrt(12)
    logit = base + slope * (years - years.mean()) + season + step
    logit += np.cumsum(drift * generator.standard_normal(months)) + shocks(months, generator)
    dispersion = generator.uniform(1.0, 1.6)
    n = generator.poisson(generator.uniform(40, 300), months) + 5
    rate = expit(logit)
    return City(rate, n, draw_counts(rate, n, generator, dispersion=dispersion), history, dispersion)


def shocks(months: int, generator: np.random.Generator) -> np.ndarray:
    """None, independent ones, or ones with a correlation of 0.3 from month to month."""
    size, correlation = generator.choice([0.0, generator.uniform(0.05, 0.25)]), generator.choice([0.0, 0.3])
    noise = size * generator.standard_normal(months)
    for month in range(1, months):
        noise[month] = correlation * noise[month - 1] + np.sqrt(1 - correlation**2) * noise[month]
    return noise


def forecast_city(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of horizons (was the truth inside?) and of targets (was it met, how probable?)."""
    generator = np.random.default_rng([SEED, number])
    city = draw_city(generator)
    past, ahead = slice(None, city.history), slice(city.history, None)
    passed, n = city.passed[past].astype(float), city.n[past].astype(float)
    forecast = forecast_rate(passed, n, steps=STEPS, season=12, dispersion=city.dispersion)
    tested = backtest_rates(
        passed[None], n[None], steps=STEPS, origins=rolling_origins(city.history, 12), season=12,
        dispersion=city.dispersion, seed=number,
    )  # fmt: skip
    counts = forecast.reported(city.n[ahead], 2000, generator, dispersion=city.dispersion)
    horizons = pd.DataFrame({
        "city": number, "step": np.arange(1, STEPS + 1), "shown": tested.beats_last_year(COMBINED, 0),
        "pit": randomised_pit(counts, city.passed[ahead], generator),
    })  # fmt: skip
    for level in LEVELS:
        low, high = forecast.interval(level)
        horizons[f"inside_{level:.2f}"] = (low <= city.rate[ahead]) & (city.rate[ahead] <= high)
    asked = [ask_rates(number, city, forecast, counts, generator), ask_projects(number, generator)]
    return horizons, pd.concat([*asked, ask_registers(number, generator), ask_rare_awards(number)])


def ask_rates(number, city, forecast, counts, generator) -> pd.DataFrame:
    """Levels near the city's own rate, asked of a month ahead, as true and as reported value."""
    recent = city.passed[: city.history][-12:].sum() / city.n[: city.history][-12:].sum()
    rows = []
    for _ in range(LEVELS_ASKED):
        step = int(generator.integers(STEPS))
        level = expit(-np.log(1 / recent - 1) + generator.normal(0, 0.35))
        month = city.history + step
        reported = counts[:, step] / city.n[month]
        rows += [
            (
                number,
                "true value: pass rate",
                forecast.probability_at_least(level)[step],
                city.rate[month] >= level,
            ),
            (
                number,
                "reported value: pass rate",
                (reported >= level).mean(),
                city.passed[month] / city.n[month] >= level,
            ),
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def ask_projects(number: int, generator: np.random.Generator) -> pd.DataFrame:
    """First-time acceptance of a year, asked some months before its end: `qstats.targets.judge_share`."""
    begun, month = int(generator.integers(2, 5)), int(generator.integers(3, 12))
    months, known = 12 * begun + 12, 12 * begun + month
    n = generator.poisson(generator.uniform(4, 40), months)
    years = np.arange(months) / 12
    logit = -np.log(1 / generator.uniform(0.95, 0.995) - 1) + generator.normal(0, 0.3) * (
        years - years.mean()
    )
    passes = generator.binomial(n, expit(logit + shocks(months, generator)))
    today = pd.Period(year=YEAR, month=month, freq="M").end_time.date()
    so_far = slice(12 * begun, known)
    counted = {"n": n[so_far].sum(), "passes": passes[so_far].sum(), "unknown": 0, "period": str(YEAR)}
    counted["failures"] = counted["n"] - counted["passes"]
    share = passes[12 * begun :].sum() / n[12 * begun :].sum()
    table = pd.DataFrame({"n": n[:known], "passes": passes[:known]})
    rows = []
    for level in np.round(
        1 - (1 - passes[:known].sum() / n[:known].sum()) * generator.uniform(0.6, 1.6, 3), 3
    ):
        target = replace(targets()["T22"], level=float(level), deadline=date(YEAR, 12, 31))
        told = judge_share(target, table, counted, "running", NO_HISTORY, today, confidence=0.95, seed=number)
        if np.isfinite(told.probability):
            rows.append((number, "reported value: acceptance", told.probability, share >= level))
    return pd.DataFrame(rows, columns=COLUMNS)


def ask_registers(number: int, generator: np.random.Generator) -> pd.DataFrame:
    """Stock of what lasts three years, and a cumulative number: `qstats.targets.judge_registered`."""
    entries, today = draw_register(generator)
    deadline = date(YEAR, 12, 31)
    rows = []
    for name, base, still in (("stock", "T04", True), ("total", "T07", False)):
        level, value = (count_things(entries, day, still_valid=still) for day in (today, deadline))
        known = entries[entries["awarded_on"] <= pd.Timestamp(today)]
        for _ in range(LEVELS_ASKED):
            step = max(generator.normal(0.5, 1.2) * np.sqrt(level + 1), 1)
            target = replace(
                targets()[base], deadline=deadline, since=None, selector=(REGISTER,), grades=(),
                level=float(round(level + step)),
            )  # fmt: skip
            told = judge_registered(target, known, NO_DENOMINATORS, today, confidence=0.95)
            if np.isfinite(told.probability):
                rows.append((number, f"cumulative count: {name}", told.probability, value >= target.level))
    return pd.DataFrame(rows, columns=COLUMNS)


def ask_rare_awards(number: int) -> pd.DataFrame:
    """One to four more awards of a prize that is given a few times a year, by the projection of registers."""
    generator = np.random.default_rng([SEED, number, 1])
    known, left = 60, int(generator.integers(3, 13))
    years = np.arange(known + 12) / 12
    level = np.log(generator.uniform(0.03, 0.35)) + generator.normal(0.05, 0.2) * (years - 3)
    awards = generator.poisson(np.exp(level + moving(len(years), generator)))
    expected = forecast_total(awards[:known], periods_left=left, season=12, per_year=12, seed=number)
    came = int(awards[known : known + left].sum())
    rows = [
        (number, "cumulative count: rare awards", expected.probability_at_least(more), came >= more)
        for more in range(1, 5)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def moving(months: int, generator: np.random.Generator) -> np.ndarray:
    """Drift and lumps of the logarithm of a rate of awards, without moving its mean by the lumps."""
    drift = generator.choice([0.0, 0.3]) / np.sqrt(12)
    lumps = generator.choice([0.0, generator.uniform(0.2, 0.8)])
    noise = np.cumsum(drift * generator.standard_normal(months)) + lumps * generator.standard_normal(months)
    return noise - lumps**2 / 2


def count_things(entries: pd.DataFrame, day: date, *, still_valid: bool) -> int:
    """Certificates awarded by a day, all of them or those valid on it, each once."""
    counted = entries["awarded_on"] <= pd.Timestamp(day)
    if still_valid:
        counted &= entries["valid_until"] >= pd.Timestamp(day)
    return int(entries.loc[counted, "thing_id"].nunique())


def draw_register(generator: np.random.Generator) -> tuple[pd.DataFrame, date]:
    """Awards of eight years that last three, renewed with a share of the city; and the day that we are on."""
    first = pd.Timestamp(YEAR - 7, 1, 1)
    months = 96
    years = np.arange(months) / 12
    level = np.log(generator.uniform(0.3, 4)) + generator.normal(0.1, 0.25) * (years - 4)
    awards = generator.poisson(np.exp(level + moving(months, generator)))
    renewed = generator.uniform(0.3, 0.95)
    rows = []
    for thing, month in enumerate(np.repeat(np.arange(months), awards)):
        day = first + pd.DateOffset(months=int(month)) + pd.Timedelta(days=int(generator.integers(28)))
        while day <= pd.Timestamp(YEAR, 12, 31):
            rows.append((f"T{thing}", day))
            if generator.random() > renewed:
                break
            day = day + pd.DateOffset(years=3)
    table = pd.DataFrame(rows, columns=["thing_id", "awarded_on"])
    ends = table["awarded_on"] + pd.DateOffset(years=3) - pd.Timedelta(days=1)
    whole = table.assign(
        entry_id=[f"E{place}" for place in range(len(table))], register=REGISTER, valid_until=ends,
        withdrawn_on=pd.NaT, ending="until", award_stated="day", grade=None, holder_id=table["thing_id"],
        name=table["thing_id"], holder=table["thing_id"], quantity=np.nan,
    )  # fmt: skip
    today = pd.Period(year=YEAR, month=int(generator.integers(1, 11)), freq="M").end_time.date()
    return whole, today


@cache
def targets() -> dict[str, Target]:
    return {one.id: one for one in read_targets()}


def summarise_horizons(rows: pd.DataFrame) -> pd.DataFrame:
    """Coverage of each horizon, over all forecasts and over those shown."""
    found = []
    for which, chosen in (("all", rows), ("shown", rows[rows["shown"]])):
        for step, part in chosen.groupby("step"):
            row = {"forecasts": which, "step": step, "series": len(part)}
            row |= {f"{level:.0%}": part[f"inside_{level:.2f}"].mean() for level in LEVELS}
            row |= {f"reported {level:.0%}": (abs(part["pit"] - 0.5) <= level / 2).mean() for level in LEVELS}
            found.append(row | {"pit uniform, p": kstest(part["pit"], "uniform").pvalue})
    return pd.DataFrame(found)


def summarise_targets(rows: pd.DataFrame) -> pd.DataFrame:
    """Stated and observed frequency in fifths of equal count, with the error of cities as clusters."""
    found = []
    for reading, part in rows.groupby("reading", sort=False):
        order = np.argsort(part["probability"].to_numpy(), kind="stable")
        skill = 1 - brier_score(part["probability"], part["met"]) / brier_score(
            part["met"].mean(), part["met"]
        )
        for fifth, places in enumerate(np.array_split(order, 5), start=1):
            chosen = part.iloc[places]
            gap = (chosen["met"] - chosen["probability"]).groupby(chosen["city"]).sum()
            found.append({
                "reading": reading, "fifth": fifth, "n": len(chosen), "cities": chosen["city"].nunique(),
                "stated": chosen["probability"].mean(), "observed": chosen["met"].mean(),
                "error": np.sqrt((gap**2).sum()) / len(chosen), "brier skill": skill,
            })  # fmt: skip
    return pd.DataFrame(found)


def faults(horizons: pd.DataFrame, targets: pd.DataFrame) -> list[str]:
    found = []
    for level, (least, most) in ALLOWED.items():
        name = f"{level:.0%}"
        outside = horizons[~horizons[name].between(least, most)]
        found += [
            f"{row['forecasts']}, step {row['step']}: {name} intervals hold {row[name]:.3f}"
            for row in outside.to_dict("records")
        ]
    off = targets[(targets["stated"] - targets["observed"]).abs() > 0.05]
    found += [
        f"{row.reading}, fifth {row.fifth}: {row.stated:.3f} stated, {row.observed:.3f} observed"
        for row in off.itertuples()
    ]
    found += [f"{name}: no skill" for name in targets.loc[targets["brier skill"] <= 0, "reading"].unique()]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cities", type=int, default=2120)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    began = time.monotonic()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(forecast_city, range(chosen.cities), chunksize=BLOCK))
    horizons = summarise_horizons(pd.concat([part[0] for part in parts]))
    targets = summarise_targets(pd.concat([part[1] for part in parts]))
    print(f"{chosen.cities} cities, {time.monotonic() - began:.0f} s")
    for table in (horizons, targets):
        print(table.to_string(index=False, float_format="{:.3f}".format))
    problems = faults(horizons, targets)
    print("\n".join(problems) or "every claim holds")
    return int(bool(problems and chosen.check))


if __name__ == "__main__":
    sys.exit(main())
