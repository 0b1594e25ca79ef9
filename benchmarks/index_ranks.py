"""Do intervals and rank sets of the city's index hold the truth? Synthetic cities with known indices.

Eleven counties of the size of the demonstration's, each with a true pass rate, first-time rates, complaint
rate and satisfaction. In every city all samples are drawn anew: batches of alike enterprises, projects,
dwellings of alike projects, dispersed complaints, answers of alike sampling points. Effective sizes and
errors are found from the sample as the chapter finds them; only the dispersion of complaints is taken as
known. Two cases: counties that differ, and counties of which four are exactly alike in everything. Counted
is how often all rank sets hold all true ranks at once, how often intervals hold the true index, and how often
two counties were told apart. ``--check`` makes a coverage below the nominal one less two Monte Carlo errors
an error.
"""

import argparse
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from qstats.competitiveness import MEASURED, IndexRules, Inputs, rank_units, score_units
from qstats.competitiveness.structure import settings_of, tree_of
from qstats.index_registry import IndexDefinition, read_index
from qstats.methods.clustered_rates import clustered_rates
from qstats.methods.composite_index import index_limits
from qstats.methods.effective_size import intra_cluster_correlation
from qstats.methods.ranks import true_ranks
from qstats.methods.survey.design import make_design

BATCHES = np.array([435, 297, 317, 297, 178, 259, 221, 358, 150, 57, 48])
PROJECTS = np.array([46, 34, 42, 50, 16, 36, 30, 52, 16, 12, 8])
DWELLINGS_PER_PROJECT = 45
POINTS = np.array([12, 10, 9, 9, 6, 6, 8, 10, 6, 4, 4])
ANSWERS_PER_POINT = 11
ENTERPRISES_SHARE, ENTERPRISE_RHO, PROJECT_RHO, POINT_SD, ANSWER_SD = 0.93, 0.2, 0.1, 4.0, 18.0
DWELLINGS_DELIVERED = np.array([4.1, 2.6, 2.6, 2.8, 1.6, 2.3, 2.1, 3.3, 1.2, 0.6, 0.4])
DISPERSION = 1.3
UNITS = [f"c{at:02d}" for at in range(len(BATCHES))]
RULES = IndexRules(available=0.7, node_available=0.5)


def main() -> int:
    options = _options()
    definition, missed = read_index("city_quality"), []
    print(f"{options.cities} cities of {len(UNITS)} counties for each case; nominal 95 %")
    print(f"{'case':28s} {'all rank sets':>14s} {'intervals':>10s} {'pairs told apart':>17s} {'seconds':>8s}")
    for case in ("counties differ", "four counties are alike"):
        began = time.perf_counter()
        sets, inside, apart = _run(definition, case, options.cities)
        allowed = 0.95 - 2 * np.sqrt(0.95 * 0.05 / options.cities)
        print(f"{case:28s} {sets:13.1%} {inside:9.1%} {apart:16.1%} {time.perf_counter() - began:8.0f}")
        found = (("rank sets", sets), ("intervals", inside))
        missed += [f"{case}: {name} {value:.1%}" for name, value in found if value < allowed]
    print("\n" + ("\n".join(f"missed: {target}" for target in missed) or "all targets met"))
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cities", type=int, default=500)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    return parser.parse_args()


def _run(definition: IndexDefinition, case: str, cities: int) -> tuple[float, float, float]:
    """Shares: cities whose rank sets all hold, indices within their limits, pairs told apart."""
    generator = np.random.default_rng(20131212)
    tree, settings = tree_of(definition), settings_of(definition, RULES)
    sets = inside = apart = 0
    for _ in range(cities):
        truth = _draw_truth(definition, generator, alike=4 if "alike" in case else 0)
        index = index_limits(truth, truth, truth, tree, settings)[0]
        inputs = Inputs(definition, _draw_samples(truth, generator))
        standing = rank_units(inputs, "2015", UNITS, RULES).table.set_index("unit").loc[UNITS]
        best, worst = true_ranks(np.round(index, 9))
        sets += bool(np.all((standing["rank_low"] <= best) & (worst <= standing["rank_high"])))
        scores = (
            score_units(inputs, ["2015"], UNITS, RULES).query("code == 'index'").set_index("unit").loc[UNITS]
        )
        inside += int(((scores["lower"] <= index) & (index <= scores["upper"])).sum())
        apart += int((standing["rank_low"] - 1 + len(UNITS) - standing["rank_high"]).sum())
    pairs = len(UNITS) * (len(UNITS) - 1)
    return sets / cities, inside / cities / len(UNITS), apart / cities / pairs


def _draw_truth(definition: IndexDefinition, generator: np.random.Generator, alike: int) -> np.ndarray:
    """True values (counties, indicators) in the order of the definition."""
    count = len(UNITS)
    columns = {
        "pass_rate": generator.beta(76, 4, count), "brand_density": generator.uniform(5, 18, count),
        "first_time_rate": generator.beta(38, 2, count), "dwelling_rate": generator.beta(57, 3, count),
        "complaint_rate": generator.gamma(8, 0.5, count), "producer_score": generator.normal(80, 3, count),
        "consumer_score": generator.normal(72, 3, count),
    }  # fmt: skip
    truth = np.column_stack([columns[row.code] for row in definition.indicators])
    truth[:alike] = truth[0] if alike else truth[:alike]
    return truth


def _draw_samples(truth: np.ndarray, generator: np.random.Generator) -> pd.DataFrame:
    codes = [row.code for row in read_index("city_quality").indicators]
    true = dict(zip(codes, truth.T, strict=True))
    firms = _clustered(true["pass_rate"], BATCHES, ENTERPRISES_SHARE, ENTERPRISE_RHO, generator)
    homes = _clustered(true["dwelling_rate"], PROJECTS * DWELLINGS_PER_PROJECT, 1 / DWELLINGS_PER_PROJECT,
                       PROJECT_RHO, generator)  # fmt: skip
    passed = generator.binomial(PROJECTS, true["first_time_rate"])
    rows = [
        *_rows("pass_rate", firms), *_rows("dwelling_rate", homes),
        *_rows("first_time_rate", _counted(passed, PROJECTS)),
        *_rows("brand_density", {"estimate": true["brand_density"], "n": BATCHES, "law": "count"}),
        *_rows("complaint_rate", _events(true["complaint_rate"], generator)),
        *_rows("producer_score", _scores(true["producer_score"], generator)),
        *_rows("consumer_score", _scores(true["consumer_score"], generator)),
    ]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=list(MEASURED))


def _rows(indicator: str, columns: dict[str, object]) -> list[dict[str, object]]:
    table = pd.DataFrame(columns).assign(indicator=indicator, unit=UNITS, period="2015")
    return table.to_dict("records")


def _clustered(
    rate: np.ndarray, sizes: np.ndarray, share: float, rho: float, generator: np.random.Generator
) -> dict[str, object]:
    """Passes of alike clusters, beta-binomial; effective sizes as the library finds them."""
    county = np.repeat(np.arange(len(UNITS)), sizes)
    per = np.maximum((sizes * share).round().astype(int), 1)
    first = np.concatenate([[0], np.cumsum(per)[:-1]])
    cluster = first[county] + generator.integers(0, per[county])
    spread = 1 / rho - 1
    own = generator.beta(np.repeat(rate, per) * spread, (1 - np.repeat(rate, per)) * spread)
    passed = (generator.random(len(county)) < own[cluster]).astype(float)
    alike = intra_cluster_correlation(passed, np.unique(cluster, return_inverse=True)[1]).value
    found = clustered_rates(
        make_design(len(county), cluster=cluster), passed, county, len(UNITS), icc=min(max(alike, 0.0), 1.0)
    )
    return {"estimate": found.estimate, "size": found.effective_n, "n": sizes, "law": "proportion"}


def _counted(passed: np.ndarray, n: np.ndarray) -> dict[str, object]:
    return {"estimate": passed / n, "size": n, "n": n, "law": "proportion"}


def _events(rate: np.ndarray, generator: np.random.Generator) -> dict[str, object]:
    """Complaints with more scatter than Poisson counts (negative binomial)."""
    mean = rate * DWELLINGS_DELIVERED
    n = generator.poisson(generator.gamma(mean / (DISPERSION - 1), DISPERSION - 1))
    return {
        "estimate": n / DWELLINGS_DELIVERED, "n": n, "size": DWELLINGS_DELIVERED, "dispersion": DISPERSION,
        "law": "events",
    }  # fmt: skip


def _scores(mean: np.ndarray, generator: np.random.Generator) -> dict[str, object]:
    """Means of sampling points of equal size: error and degrees of freedom from the points."""
    figures = []
    for true, points in zip(mean, POINTS, strict=True):
        of_points = true + generator.normal(0, POINT_SD, points)
        of_points = of_points + generator.normal(0, ANSWER_SD / np.sqrt(ANSWERS_PER_POINT), points)
        figures.append((of_points.mean(), of_points.std(ddof=1) / np.sqrt(points), points - 1))
    estimate, error, freedom = np.array(figures).T
    n = POINTS * ANSWERS_PER_POINT
    return {"estimate": estimate, "std_error": error, "size": freedom, "n": n, "law": "mean"}


if __name__ == "__main__":
    raise SystemExit(main())
