"""How fast are estimates by domain with the errors of the design? Ours, and R's survey package.

Both work on one generated file of batches (``--rows``): enterprises as clusters in strata, weights, a
finite population of enterprises, counties × product classes as domains. In each round they run one after
the other, each in a process of its own: read the file; set up the design; mean, Taylor standard error and
Student limits of every domain. Starting the process and loading libraries is not timed. The medians are
printed with and without reading, and the answers of both must agree. ``--check`` makes a missed target an
error. R is not needed for anything else: ``apt install r-base-core r-cran-survey``.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FASTER_THAN_R, SAME_WITHIN = 20.0, 1e-6
STRATA, COUNTIES, CLASSES, BATCHES_OF_ENTERPRISE = 40, 11, 10, 17
CONTENDERS = ("ours", "R")
STEPS = ("reading", "estimating")
FIGURES = ("estimate", "std_error", "lower", "upper")
Run = dict[str, float]


def main() -> int:
    options = _options()
    if options.run:
        print(json.dumps(_time_ours(options.run, options.target)))
        return 0
    with tempfile.TemporaryDirectory(prefix="qstats-benchmark-") as folder:
        results = _measure(options, Path(folder))
        distance = _distance(_answers(Path(folder), "ours"), _answers(Path(folder), "R"))
    _print_results(results)
    missed = _missed(results, distance)
    print(f"largest relative difference of the answers: {distance:.1e}")
    print("\n".join(f"missed: {target}" for target in missed) or "all targets met")
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--target", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace, folder: Path) -> dict[str, list[Run]]:
    file = folder / "batches.csv"
    _write_batches(file, options.rows)
    print(f"{options.rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB, {options.rounds} rounds", flush=True)
    script = Path(__file__).with_suffix(".R")
    commands = {
        "ours": [sys.executable, __file__, "--run", file, "--target", folder / "ours.csv"],
        "R": ["Rscript", script, file, folder / "R.csv", str(options.rows)],
    }
    results: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    for _ in range(options.rounds):
        for name, command in commands.items():
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
            )
            results[name].append(json.loads(done.stdout.splitlines()[-1]))
    return results


def _write_batches(file: Path, rows: int) -> None:
    """Enterprises of one county and one stratum; two thirds of their batches are of their main class."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(20151231)
    enterprises = max(rows // BATCHES_OF_ENTERPRISE, 10 * STRATA)
    stratum = rng.integers(0, STRATA, enterprises)
    population = np.round(np.bincount(stratum, minlength=STRATA) * rng.uniform(1.2, 20, STRATA))
    county, main_class = rng.integers(0, COUNTIES, enterprises), rng.integers(0, CLASSES, enterprises)
    chance = rng.beta(38, 2, enterprises)
    of_batch = np.sort(rng.integers(0, enterprises, rows))
    usual = rng.random(rows) < 2 / 3
    weight = population[stratum] / np.bincount(stratum, minlength=STRATA)[stratum]
    table = {
        "county": county[of_batch],
        "class": np.where(usual, main_class[of_batch], rng.integers(0, CLASSES, rows)),
        "stratum": stratum[of_batch],
        "enterprise": of_batch,
        "enterprises": population[stratum[of_batch]],
        "weight": np.round(weight[of_batch] * rng.uniform(0.5, 2, rows), 4),
        "passed": (rng.random(rows) < chance[of_batch]).astype(int),
    }
    pl.DataFrame(table).sample(fraction=1, shuffle=True, seed=1).write_csv(file)


def _time_ours(file: Path, target: Path) -> Run:
    import numpy as np
    import polars as pl
    import scipy.special  # noqa: F401  (loaded before the clock starts, as R's libraries are)

    from qstats.methods.survey.design import make_design
    from qstats.methods.survey.domains import domain_means
    from qstats.methods.survey.intervals import t_interval

    before, started = time.process_time(), time.perf_counter()
    batches = pl.read_csv(file)
    was_read = time.perf_counter()
    column = {name: batches[name].to_numpy() for name in batches.columns}
    design = make_design(
        len(batches), weight=column["weight"], stratum=column["stratum"], cluster=column["enterprise"],
        population=column["enterprises"],
    )  # fmt: skip
    designed = time.perf_counter()
    domain = column["county"] * CLASSES + column["class"]
    means = domain_means(design, column["passed"], domain, COUNTIES * CLASSES)
    lower, upper = t_interval(means.estimate, means.variance, design.degrees_of_freedom)
    finished, cpu = time.perf_counter(), time.process_time() - before

    answers = (means.estimate, np.sqrt(means.variance), lower, upper)
    with open(target, "w", newline="", encoding="ascii") as out:
        writer = csv.writer(out)
        writer.writerow(("county", "class", *FIGURES))
        for code, figures in enumerate(zip(*answers, strict=True)):
            writer.writerow((*divmod(code, CLASSES), *map(float, figures)))
    return {
        "reading": was_read - started,
        "estimating": finished - was_read,
        "design": designed - was_read,
        "cpu": cpu,
    }


def _answers(folder: Path, name: str) -> dict[tuple[int, int], list[float]]:
    with open(folder / f"{name}.csv", newline="", encoding="ascii") as file:
        return {
            (int(row["county"]), int(row["class"])): [float(row[figure]) for figure in FIGURES]
            for row in csv.DictReader(file)
        }


def _distance(ours: dict[tuple[int, int], list[float]], theirs: dict[tuple[int, int], list[float]]) -> float:
    """Largest relative difference of a figure; infinite if the domains differ or a figure is missing."""
    if set(ours) != set(theirs):
        return math.inf
    pairs = [pair for key in ours for pair in zip(ours[key], theirs[key], strict=True)]
    if not all(math.isfinite(figure) for pair in pairs for figure in pair):
        return math.inf
    return max(abs(first - second) / max(abs(second), 1e-300) for first, second in pairs)


def _median(runs: list[Run], steps: tuple[str, ...]) -> float:
    return statistics.median(sum(run[step] for step in steps) for run in runs)


def _print_results(results: dict[str, list[Run]]) -> None:
    heads = ("reading s", "design s", "estimating s", "both s", "fastest", "slowest", "cpu s")
    print(f"\n{'medians':10}" + "".join(f"{head:>14}" for head in heads))
    for name, runs in results.items():
        both = [run["reading"] + run["estimating"] for run in runs]
        figures = [*(_median(runs, (step,)) for step in ("reading", "design", "estimating"))]
        figures += [statistics.median(both), min(both), max(both), _median(runs, ("cpu",))]
        print(f"{name:10}" + "".join(f"{figure:14.2f}" for figure in figures))
    for label, steps in (("reading included", STEPS), ("without reading", ("estimating",))):
        times = _median(results["R"], steps) / _median(results["ours"], steps)
        print(f"{label}: {times:.0f} times as fast as R")
    print("(estimating includes the design)")


def _missed(results: dict[str, list[Run]], distance: float) -> list[str]:
    missed = []
    if _median(results["R"], STEPS) < FASTER_THAN_R * _median(results["ours"], STEPS):
        missed.append(f"{FASTER_THAN_R:g} times as fast as R, reading included")
    if not distance <= SAME_WITHIN:
        missed.append(f"the same answers within {SAME_WITHIN:g}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
