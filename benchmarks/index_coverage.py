"""Do the intervals of the satisfaction index cover what they say? The synthetic city is surveyed many times.

A wave of customers is drawn once. Each survey then draws 25 outlets of each industry and twelve customers of
each outlet, as the files of the demonstration are made: the young answer less often. Weights are raked to
industry, age and sex, and every figure comes from the functions that the report calls. The truth of a figure
is the same function on all customers: for the index the same model fitted to everybody, as its paths differ
from those that the answers were drawn from.

Counted is how often the truth lies within the limits, and on which side it lies otherwise. The claim is on
errors of sampling: nobody's answer depends on how he was asked (the demonstration shifts answers on the web).
Two populations: the city, with 120 outlets in each industry, of which 25 are a fifth, though limits do not
count on a finite number of them; and ten such cities in one, where the share is small. ``--check`` makes an
index of all or of a sector an error if it is covered in fewer than 93 or more than 97 of 100 surveys.
Industries and districts are estimated in the first ``--small`` surveys and stand beside it.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import numpy as np
import pandas as pd
import polars as pl

from qstats.questionnaires import Questionnaire, read_questionnaires
from qstats.satisfaction import Sample, Survey, estimate_indices, estimate_scores, fit_index, take_sample
from qstats.synthetic.survey.customers import draw_customers
from qstats.synthetic.survey.files import ANSWERS_BY_AGE, CUSTOMERS_ASKED

SEED, WAVE, OUTLETS = 20151231, "2015", 25
CITIES = {"city": 1, "ten cities": 10}
GROUPS = ("all", "sector", "industry", "county_code")
CHECKED = ("all", "sector")
LEAST, MOST = 0.93, 0.97
SURVEYS_AT_ONCE, MOST_PROCESSES = 10, 2
MARGINS = ("industry", "age_group", "sex")
NO_MARGINS = {"wave": pl.String, "variable": pl.String, "category": pl.String, "population": pl.Int64}
KEY = ["group", "code", "measure"]


@dataclass(frozen=True)
class Population:
    """All customers of a wave by outlet, how many there are by margin, and what is true of them.

    ``outlets`` holds the rows of the customers of each outlet, by industry.
    """

    customers: pl.DataFrame
    chance: np.ndarray
    outlets: dict[str, list[np.ndarray]]
    margins: pl.DataFrame
    truth: pd.DataFrame


def questionnaire() -> Questionnaire:
    return read_questionnaires()["service_satisfaction"]


@cache
def population(name: str) -> Population:
    """Customers of one or more cities, with the truth of each group and measure."""
    cities = CITIES[name]
    generator = np.random.default_rng([SEED, cities])
    drawn = [draw_customers(questionnaire(), WAVE, generator) for _ in range(cities)]
    outlets = drawn[0].frame["outlet_index"].n_unique()
    frames = [
        one.frame.with_columns(
            pl.col("outlet_index") + at * outlets, pl.format("{}-{}", pl.lit(at), "outlet").alias("outlet")
        )
        for at, one in enumerate(drawn)
    ]
    customers = with_answers(pl.concat(frames), np.concatenate([one.answers for one in drawn]))
    chance = np.array([ANSWERS_BY_AGE[one] for one in customers["age_group"]])
    return Population(
        customers, chance, rows_of_outlets(customers), margins_of(customers), truth_of(customers)
    )


def with_answers(frame: pl.DataFrame, answers: np.ndarray) -> pl.DataFrame:
    """Customers as cleaning hands respondents over: outlets within industries, nobody screened."""
    sectors = {code: one.sector for code, one in questionnaire().categories_of("industry").items()}
    return frame.with_columns(
        pl.lit(WAVE).alias("wave"),
        pl.lit(None, pl.String).alias("screened"),
        pl.lit(None, pl.Float64).alias("weight"),
        pl.col("industry").alias("stratum"),
        pl.col("outlet").alias("cluster"),
        pl.col("industry").replace_strict(sectors).alias("sector"),
        *(pl.Series(item, answers[:, at]) for at, item in enumerate(questionnaire().items)),
    )


def rows_of_outlets(customers: pl.DataFrame) -> dict[str, list[np.ndarray]]:
    table = customers.select("industry", "outlet_index").to_pandas()
    outlets: dict[str, list[np.ndarray]] = {}
    for (industry, _), rows in table.groupby(["industry", "outlet_index"]).indices.items():
        outlets.setdefault(industry, []).append(rows)
    return outlets


def margins_of(customers: pl.DataFrame) -> pl.DataFrame:
    """Customers by industry, age and sex, as the bureau declares them."""
    parts = [
        customers.group_by(pl.col(name).alias("category")).agg(pl.len().alias("population")).sort("category")
        .select(pl.lit(WAVE).alias("wave"), pl.lit(name).alias("variable"), "category", "population")
        for name in MARGINS
    ]  # fmt: skip
    return pl.concat(parts)


def truth_of(customers: pl.DataFrame) -> pd.DataFrame:
    """Figures of a survey in which everybody answers."""
    survey = Survey(questionnaire=questionnaire(), replicates=2)
    everybody = take_sample(customers, pl.DataFrame(schema=NO_MARGINS), survey, WAVE)
    return figures(everybody, survey)[[*KEY, "estimate"]].rename(columns={"estimate": "truth"})


def draw_sample(whole: Population, generator: np.random.Generator) -> pl.DataFrame:
    """Respondents of one survey with design weights: outlets of each industry, customers of each outlet."""
    rows, weights = [], []
    for outlets in whole.outlets.values():
        for at in generator.choice(len(outlets), OUTLETS, replace=False):
            people, chance = outlets[at], whole.chance[outlets[at]]
            asked = generator.choice(people, CUSTOMERS_ASKED, replace=False, p=chance / chance.sum())
            rows.append(asked)
            weights.append(len(outlets) / OUTLETS * len(people) / CUSTOMERS_ASKED)
    weight = pl.Series("weight", np.repeat(weights, CUSTOMERS_ASKED))
    return whole.customers[np.concatenate(rows)].with_columns(weight)


def figures(sample: Sample, survey: Survey, groups: Sequence[str] = GROUPS) -> pd.DataFrame:
    """Index, mean score and share satisfied of all and of each group, as the chapter states them."""
    index, parts = fit_index(sample, survey), []
    for group in groups:
        by = [] if group == "all" else [group]
        indices = estimate_indices(index, survey, by)
        indices = indices[indices["latent"] == survey.questionnaire.index_of]
        rows = pd.concat([indices, estimate_scores(sample, survey, by, measures=["score", "share"])])
        parts.append(rows.assign(group=group, code=rows[group] if by else ""))
    return pd.concat(parts, ignore_index=True)[[*KEY, "status", "estimate", "std_error", "lower", "upper"]]


def survey_once(name: str, number: int, resamples: int, groups: Sequence[str]) -> pd.DataFrame:
    """Figures of one survey beside their truth."""
    whole = population(name)
    generator = np.random.default_rng([SEED, CITIES[name], number])
    survey = Survey(questionnaire=questionnaire(), replicates=resamples, seed=number)
    sample = take_sample(draw_sample(whole, generator), whole.margins, survey, WAVE)
    if sample.weighting != "calibrated":
        raise RuntimeError(f"survey {number} of {name}: the margins were not used ({sample.problem})")
    return figures(sample, survey, groups).merge(whole.truth, on=KEY).assign(population=name)


def survey_some(name: str, numbers: range, resamples: int, small: int) -> pd.DataFrame:
    return pd.concat(
        [survey_once(name, one, resamples, GROUPS if one < small else CHECKED) for one in numbers]
    )


def simulate(surveys: int, resamples: int, small: int, processes: int) -> pd.DataFrame:
    """One row for each survey, group and measure that was stated."""
    # Polars and forked processes do not go together; two processes on two cores need no threads.
    os.environ |= {"OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    began, tables, done = time.perf_counter(), [], 0
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [
            pool.submit(survey_some, name, range(at, min(at + SURVEYS_AT_ONCE, surveys)), resamples, small)
            for name in CITIES
            for at in range(0, surveys, SURVEYS_AT_ONCE)
        ]
        for future in waiting:
            tables.append(future.result())
            done += 1
            if done % 10 == 0 or done == len(waiting):
                print(f"{done} of {len(waiting)} parts, {time.perf_counter() - began:.0f} s", file=sys.stderr)
    table = pd.concat(tables, ignore_index=True)
    return table[table["status"] == "stated"]


def summarise(table: pd.DataFrame) -> pd.DataFrame:
    """Coverage of each group and measure, on which side the truth was missed, widths, errors."""
    judged = table.assign(
        below=table["truth"] < table["lower"], above=table["truth"] > table["upper"],
        width=table["upper"] - table["lower"], off=table["estimate"] - table["truth"],
    )  # fmt: skip
    judged = judged.assign(covered=~(judged["below"] | judged["above"]))
    found = judged.groupby(["population", *KEY], sort=False).agg(
        surveys=("covered", "size"), covered=("covered", "mean"), below=("below", "mean"),
        above=("above", "mean"), width=("width", "mean"), truth=("truth", "first"), bias=("off", "mean"),
        spread=("off", "std"), stated=("std_error", "mean"),
    ).reset_index()  # fmt: skip
    found = found.sort_values(["population", "measure"], kind="stable", ignore_index=True)
    chance = np.sqrt(found["covered"] * (1 - found["covered"]) / found["surveys"])
    return found.assign(chance=chance, errors=found["stated"] / found["spread"])


def print_details(found: pd.DataFrame) -> str:
    """Table of all and of the sectors."""
    heads = (
        "population", "measure", "group", "covered", "truth below", "truth above", "mean width", "bias",
        "error stated / true",
    )  # fmt: skip
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in found[found["group"].isin(CHECKED)].to_dict("records"):
        points = 100 if row["measure"] == "share" else 1
        cells = (
            row["population"], row["measure"], row["code"] or "all",
            f"{row['covered']:.1%} ± {row['chance']:.1%}", f"{row['below']:.1%}", f"{row['above']:.1%}",
            f"{points * row['width']:.2f}", f"{points * row['bias']:+.3f}", f"{row['errors']:.3f}",
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def print_ranges(found: pd.DataFrame) -> str:
    """Least, mean and largest coverage among industries and among districts."""
    heads = ("population", "measure", "groups", "number", "least", "mean", "most")
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    small = found[~found["group"].isin(CHECKED)]
    for (name, group, measure), rows in small.groupby(["population", "group", "measure"], sort=False):
        covered = rows["covered"]
        figures = (f"{one:.1%}" for one in (covered.min(), covered.mean(), covered.max()))
        label = "industries" if group == "industry" else "districts"
        lines.append("| " + " | ".join((name, measure, label, str(len(rows)), *figures)) + " |")
    return "\n".join(lines)


def failures(found: pd.DataFrame) -> list[str]:
    """Indices of all and of sectors outside the marks."""
    checked = found[found["group"].isin(CHECKED) & (found["measure"] == "index")]
    return [
        f"{row['population']}, {row['code'] or 'all'}: {row['covered']:.1%}"
        for row in checked.to_dict("records")
        if not LEAST <= row["covered"] <= MOST
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--surveys", type=int, default=1000, help="surveys of each population")
    parser.add_argument("--resamples", type=int, default=199)
    parser.add_argument("--small", type=int, default=300, help="surveys used for industries and districts")
    parser.add_argument("--processes", type=int, default=MOST_PROCESSES)
    parser.add_argument("--check", action="store_true", help="fail where an index is outside 93–97 %%")
    asked = parser.parse_args()
    processes = min(asked.processes, MOST_PROCESSES)
    found = summarise(simulate(asked.surveys, asked.resamples, asked.small, processes))
    print(f"{asked.surveys:,} surveys × {asked.resamples} resamples (points; shares in percentage points)\n")
    print(print_details(found) + "\n\n" + print_ranges(found))
    short = failures(found)
    print("\n".join(short) or f"every index of all and of sectors within {LEAST:.0%}–{MOST:.0%}")
    return int(bool(short) and asked.check)


if __name__ == "__main__":
    sys.exit(main())
