"""Do the intervals cover what they say? Simulation on the synthetic city's own designs.

Samples of a city with known rates are drawn, and rates, changes, shrunk rates and rank sets computed by the
same functions that the reports use. Counted is how often the truth lies inside. ``--write`` puts the tables
into ``docs/methods.md``; ``--check`` makes a design that falls short an error.

The city has the counties, shares and county effects of the synthetic city, shifted so that its rate is P. An
enterprise has a rate of its own (beta, with the intra-cluster correlation) and is sampled once or more, in
two periods that share about a third of their enterprises. Weights, where they differ, belong to enterprises
(log-normal, sd 0.7 on the logarithm). One county is a take-all stratum: all its enterprises are sampled, its
truth is the mean of their rates, and the correction for a finite population applies. The intra-cluster
correlation is never known: it is estimated from each draw.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from qstats.estimation.reliability import judge_reliability
from qstats.methods.binomial_intervals import jeffreys_interval, wilson_interval
from qstats.methods.clustered_rates import ClusteredRates, clustered_rates, correlate_cells
from qstats.methods.differences import mover_difference
from qstats.methods.effective_size import intra_cluster_correlation
from qstats.methods.ranks import rate_rank_sets, true_ranks
from qstats.methods.small_areas.shrinkage import shrink_rates
from qstats.methods.survey.design import Design, Stage
from qstats.synthetic.city import COUNTY_SHARES
from qstats.synthetic.rates import COUNTY_EFFECTS

SHARES = np.array(list(COUNTY_SHARES.values())) / sum(COUNTY_SHARES.values())
EFFECTS = np.array(list(COUNTY_EFFECTS.values()))
COUNTIES = len(SHARES)
TAKE_ALL, CITY = 3, -1
SIZES = {"small": (650, 1.2), "medium": (2600, 1.5), "clustered": (650, 3.0)}
"""Batches of the city in a period, and batches of an enterprise on average."""

RATES, LIKENESS, WEIGHTS = (0.90, 0.95, 0.98, 0.995), (0.0, 0.1, 0.3), ("equal", "unequal")
BATCHES_AT_ONCE = 400_000
LEAST_COVERAGE, WIDEST_RATIO = 0.94, 1.5
BEGIN, END = "<!-- coverage: benchmarks/coverage.py --write -->", "<!-- end of coverage -->"


@dataclass(frozen=True)
class Plan:
    """Batches of one draw of both periods: county, enterprise, period and weight of each."""

    county: np.ndarray
    enterprise: np.ndarray
    period: np.ndarray
    weight: np.ndarray


def county_rates(rate: float) -> np.ndarray:
    """Rates of the counties whose mean by size is the rate of the city."""
    shift = brentq(lambda a: SHARES @ expit(a - EFFECTS) - rate, -5, 20)
    return expit(shift - EFFECTS)


def make_plan(size: str, weights: str, generator: np.random.Generator) -> Plan:
    """Two periods; an enterprise of the second is with one chance in three one of the first."""
    batches, per_enterprise = SIZES[size]
    parts, first_free = [], 0
    for county, n in enumerate(np.maximum(6, np.round(batches * SHARES)).astype(int)):
        many = 1 + generator.poisson(per_enterprise - 1, (2, n))
        many = [row[: np.searchsorted(row.cumsum(), n) + 1] for row in many]
        codes = first_free + np.arange(max(map(len, many)))
        fresh = codes + len(codes)
        second = np.where(generator.random(len(codes)) < 1 / 3, codes, fresh)
        for period, chosen in enumerate((codes, second)):
            enterprise = np.repeat(chosen[: len(many[period])], many[period])[:n]
            parts.append(np.column_stack([np.full(n, county), enterprise, np.full(n, period)]))
        first_free += 2 * len(codes)
    county, enterprise, period = np.concatenate(parts).T
    sizes = np.exp(generator.normal(0, 0.7 if weights == "unequal" else 0, first_free))
    return Plan(county, enterprise, period, sizes[enterprise])


@dataclass(frozen=True)
class Draws:
    """Outcomes of several draws of a plan, one after the other, and the true rate of each batch."""

    plan: Plan
    count: int
    passed: np.ndarray
    truth: np.ndarray

    def spread(self, codes: np.ndarray, number: int) -> np.ndarray:
        """Codes of a plan, different in each draw."""
        return (codes + number * np.arange(self.count)[:, None]).ravel()


def draw(plan: Plan, rates: np.ndarray, icc: float, count: int, generator: np.random.Generator) -> Draws:
    """Outcomes with the enterprises' own rates, which are the truth of the take-all county."""
    enterprises = int(plan.enterprise.max()) + 1
    county = np.zeros(enterprises, int)
    county[plan.enterprise] = plan.county
    mean = np.broadcast_to(rates[county], (count, enterprises))
    own = generator.beta(mean * (1 - icc) / icc, (1 - mean) * (1 - icc) / icc) if icc else mean
    chance = own[:, plan.enterprise]
    truth = np.where(plan.county == TAKE_ALL, chance, rates[plan.county])
    return Draws(plan, count, (generator.random(chance.shape) < chance).astype(float), truth)


def design_of(draws: Draws) -> Design:
    """Counties of each period as strata; the enterprises of the take-all county are its whole population."""
    plan, enterprises = draws.plan, int(draws.plan.enterprise.max()) + 1
    strata = 2 * COUNTIES
    stratum = plan.period * COUNTIES + plan.county
    population = np.full(strata, np.inf)
    for period in (0, 1):
        here = stratum == period * COUNTIES + TAKE_ALL
        population[period * COUNTIES + TAKE_ALL] = len(np.unique(plan.enterprise[here]))
    cluster = draws.spread(plan.period * enterprises + plan.enterprise, 2 * enterprises)
    batches = Stage(cluster, np.arange(len(cluster)))
    return Design(
        np.tile(plan.weight, draws.count), draws.spread(stratum, strata), cluster,
        np.tile(population, draws.count), (batches,),
    )  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """Estimates of cells (draw × period × cell) with their truth."""

    rates: ClusteredRates
    truth: np.ndarray
    changes: tuple[np.ndarray, np.ndarray, np.ndarray]

    def table(self, cells: int) -> pd.DataFrame:
        """One row for each draw and cell of the later period."""
        r, shape = self.rates, (-1, 2, cells)
        now = {
            name: getattr(r, name).reshape(shape)[:, 1]
            for name in ("estimate", "lower", "upper", "effective_n")
        }
        truth = self.truth.reshape(shape)
        low, high = self.changes[1], self.changes[2]
        change = truth[:, 1] - truth[:, 0]
        frame = pd.DataFrame({name: values.ravel() for name, values in now.items()})
        return frame.assign(
            cell=np.tile(np.arange(cells), len(truth)), truth=truth[:, 1].ravel(), status="stated",
            enterprises=r.clusters.reshape(shape)[:, 1].ravel(),
            n=r.n.reshape(shape)[:, 1].ravel(),
            covered=((now["lower"] <= truth[:, 1]) & (truth[:, 1] <= now["upper"])).ravel(),
            change_covered=((low <= change) & (change <= high)).ravel(),
        )  # fmt: skip


def judge(draws: Draws, design: Design, of_plan: np.ndarray, cells: int, icc: np.ndarray) -> Judged:
    """Rates and changes of cells; ``of_plan`` numbers the cell of each batch of the plan."""
    domain = draws.spread(draws.plan.period * cells + of_plan, 2 * cells)
    total, likeness = 2 * cells * draws.count, np.repeat(icc, 2 * cells)
    rates = clustered_rates(design, draws.passed.ravel(), domain, total, icc=likeness)
    weight = design.weight
    truth = np.bincount(domain, weight * draws.truth.ravel(), total) / np.bincount(domain, weight, total)
    first = (2 * cells * np.arange(draws.count)[:, None] + np.arange(cells)).ravel()
    enterprises = int(draws.plan.enterprise.max()) + 1
    once = Design(
        weight,
        np.repeat(np.arange(draws.count), len(draws.plan.county)),
        draws.spread(draws.plan.enterprise, enterprises),
    )
    shared = correlate_cells(once, draws.passed.ravel(), domain, total, (first + cells, first), icc=likeness)
    parts = ((values[first + cells], values[first]) for values in (rates.estimate, rates.lower, rates.upper))
    changes = mover_difference(*parts, shared)
    return Judged(rates, truth, tuple(part.reshape(-1, cells) for part in changes))


def pooled_icc(draws: Draws) -> np.ndarray:
    """Intra-cluster correlation that each draw shows over both periods."""
    cluster = draws.plan.period * (int(draws.plan.enterprise.max()) + 1) + draws.plan.enterprise
    return np.array([intra_cluster_correlation(passed, cluster).value for passed in draws.passed])


def judge_areas(counties: pd.DataFrame, limit: int) -> dict[str, float]:
    """Coverage of shrunk rates (averaged over counties) and of rank sets (all, and each county's own)."""
    shrunk, joint, own = [], [], []
    for _, rows in list(counties.groupby(np.arange(len(counties)) // COUNTIES))[:limit]:
        estimate, n, truth = (rows[name].to_numpy() for name in ("estimate", "effective_n", "truth"))
        areas = shrink_rates(estimate * n, n)
        shrunk.append(((areas.lower <= truth) & (truth <= areas.upper)).mean())
        first, last = true_ranks(truth)
        for simultaneous, seen in ((True, joint), (False, own)):
            sets = rate_rank_sets(estimate, n, simultaneous=simultaneous)
            inside = (sets.low <= first) & (last <= sets.high)
            seen.append(inside.all() if simultaneous else inside.mean())
    return {"shrunk": np.mean(shrunk), "ranks_joint": np.mean(joint), "ranks_own": np.mean(own)}


def simulate(design: tuple[str, float, str, float], draws: int, areas: int) -> dict[str, object]:
    """Coverage in one design: size of strata, intra-cluster correlation, weights and rate."""
    size, icc, weights, rate = design
    place = (list(SIZES).index(size), round(1000 * icc), WEIGHTS.index(weights), round(1000 * rate))
    generator = np.random.default_rng([20151231, *place])
    plan, rates = make_plan(size, weights, generator), county_rates(rate)
    at_once = max(1, BATCHES_AT_ONCE // len(plan.county))
    tables = []
    for start in range(0, draws, at_once):
        some = draw(plan, rates, icc, min(at_once, draws - start), generator)
        sampled, likeness = design_of(some), pooled_icc(some)
        city = judge(some, sampled, np.zeros_like(plan.county), 1, likeness).table(1)
        tables += [
            city.assign(cell=CITY),
            judge(some, sampled, plan.county, COUNTIES, likeness).table(COUNTIES),
        ]
    cells = pd.concat(tables, ignore_index=True)
    named = dict(zip(("size", "icc", "weights", "rate"), design, strict=True))
    return named | summarise(cells) | judge_areas(cells[cells["cell"] != CITY], areas)


def summarise(cells: pd.DataFrame) -> dict[str, float]:
    """Coverage of the city, of the worst county and of their changes; widths against the narrowest rival."""
    counts = cells["estimate"] * cells["effective_n"], cells["effective_n"]
    rivals = [method(*counts) for method in (wilson_interval, jeffreys_interval)]
    width, narrowest = cells["upper"] - cells["lower"], np.min([high - low for low, high in rivals], axis=0)
    wilson = (rivals[0][0] <= cells["truth"]) & (cells["truth"] <= rivals[0][1])
    reliable = judge_reliability(cells) == "reliable"
    mean = (
        cells.assign(width=width, narrowest=narrowest, wilson=wilson, reliable=reliable.to_numpy())
        .drop(columns="status")
        .groupby("cell")
        .mean()
    )
    counties = mean.drop(CITY)
    return {
        "city": mean["covered"][CITY], "county": counties["covered"].min(),
        "take_all": mean["covered"][TAKE_ALL], "change_city": mean["change_covered"][CITY],
        "change_county": counties["change_covered"].min(),
        "wilson": mean["wilson"].min(), "width_ratio": (mean["width"] / mean["narrowest"]).max(),
        "reliable": counties["reliable"].mean(),
    }  # fmt: skip


def failures(table: pd.DataFrame, draws: int, areas: int) -> list[str]:
    """What falls short of the marks, by design."""
    short = table[["size", "icc", "weights", "rate"]].astype(str).agg(" ".join, axis=1)
    marks = dict.fromkeys(("city", "county", "change_city", "change_county", "shrunk"), LEAST_COVERAGE)
    chance = 2 * (0.95 * 0.05 / areas) ** 0.5
    marks |= {"ranks_joint": 0.95 - chance, "ranks_own": 0.95 - chance}
    found = [
        f"{name} {table[name][row]:.3f} in {short[row]}"
        for name, mark in marks.items()
        for row in table.index[table[name] < mark]
    ]
    wide = table.index[table["width_ratio"] > WIDEST_RATIO]
    return found + [f"width {table['width_ratio'][row]:.2f} in {short[row]}" for row in wide]


def as_markdown(table: pd.DataFrame) -> str:
    """Table for the documentation, one line for each design."""
    heads = {
        "size": "strata", "icc": "ρ", "weights": "weights", "rate": "P", "city": "city",
        "county": "worst county", "take_all": "take-all", "change_city": "change, city",
        "change_county": "change, worst county", "shrunk": "shrunk", "ranks_joint": "ranks, all",
        "ranks_own": "ranks, each", "wilson": "Wilson, worst", "width_ratio": "width ratio",
        "reliable": "flagged reliable",
    }  # fmt: skip
    printed = {"size": "{}", "icc": "{}", "weights": "{}", "rate": "{:.1%}", "width_ratio": "{:.2f}"}
    lines = ["| " + " | ".join(heads.values()) + " |", "|" + "---|" * len(heads)]
    for row in table.to_dict("records"):
        cells = (printed.get(name, "{:.1%}").format(row[name]) for name in heads)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_into(path: Path, text: str) -> None:
    """Put the table between its marks."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=4000, help="draws of each design")
    parser.add_argument("--areas", type=int, default=1000, help="draws used for shrunk rates and ranks")
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="put the table into docs/methods.md")
    parser.add_argument("--check", action="store_true", help="fail where a design falls short")
    asked = parser.parse_args()
    designs = list(product(asked.sizes, LIKENESS, WEIGHTS, RATES))
    began, rows = time.perf_counter(), []
    with ProcessPoolExecutor(asked.processes) as pool:
        waiting = [pool.submit(simulate, design, asked.draws, asked.areas) for design in designs]
        for number, future in enumerate(waiting, 1):
            rows.append(future.result())
            print(f"{number} of {len(designs)} designs, {time.perf_counter() - began:.0f} s", file=sys.stderr)
    table = pd.DataFrame(rows)
    text = as_markdown(table)
    print(text)
    if asked.write:
        write_into(Path(__file__).parents[1] / "docs" / "methods.md", text)
    short = failures(table, asked.draws, asked.areas)
    print("\n".join(short) or "every design reaches its marks", file=sys.stderr)
    return int(bool(short) and asked.check)


if __name__ == "__main__":
    sys.exit(main())
