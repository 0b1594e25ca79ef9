"""How fast are trend, backtest and forecast of many series? Ours, and the same loop over R forecast and glm.

``--series`` monthly series of pass counts (72 months, trend and season) are written to one file. In each
round both read it, each in a process of its own and on one core, and do for every series: a quasi-binomial
trend with season and profile limits of its slope; forecasts of twelve months from each of twelve earlier
origins, scored on what came; the forecast from the end. R uses exponential smoothing (ANA) and the airline
model on the logit scale, the regression and last year's figure; ours the structural models with binomial
noise that the report shows (level, regression, local level, their combination) and last year's figure.
Starting the processes and loading libraries is not timed. Slopes and limits of both must agree. ``--check``
makes a missed target an error. R is needed for nothing else: ``apt install r-base-core r-cran-forecast``.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from qstats.methods.binomial_regression import fit_binomial, normal_rise, profile_limits, trend_design
from qstats.methods.forecasts import MODELS, backtest_rates, forecast_rate, rolling_origins

FASTER_THAN_R, SAME_WITHIN = 5.0, 1e-5
MONTHS, STEPS, SEED = 72, 12, 20151231
ORIGINS = rolling_origins(MONTHS, 12)


def main() -> int:
    options = _options()
    if options.run:
        print(json.dumps(_time_ours(options.run, options.answers)))
        return 0
    with tempfile.TemporaryDirectory(prefix="qstats-benchmark-") as folder:
        runs, distance = _measure(options, Path(folder))
    medians = {
        who: {what: statistics.median(run[what] for run in found) for what in found[0]}
        for who, found in runs.items()
    }
    ratio = medians["R"]["elapsed"] / medians["ours"]["elapsed"]
    print(f"{options.series} series of {MONTHS} months, {len(ORIGINS)} origins, {options.rounds} rounds")
    for who, found in medians.items():
        print(f"{who:>5}: {found['elapsed']:8.2f} s, {found['cpu']:8.2f} s CPU")
    print(f"R takes {ratio:.1f} times as long; largest difference of slopes and limits {distance:.1e}")
    missed = [f"{ratio:.1f} times as fast, not {FASTER_THAN_R}"] if ratio < FASTER_THAN_R else []
    missed += [f"answers differ by {distance:.1e}"] if distance > SAME_WITHIN else []
    print("\n".join(f"missed: {target}" for target in missed) or "all targets met")
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--answers", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace, folder: Path) -> tuple[dict[str, list[dict[str, float]]], float]:
    file, answers = folder / "series.csv", {who: folder / f"{who}.csv" for who in ("ours", "R")}
    _write_series(file, options.series)
    commands = {
        "ours": [sys.executable, __file__, "--run", str(file), "--answers", str(answers["ours"])],
        "R": ["Rscript", str(Path(__file__).with_suffix(".R")), str(file), str(answers["R"]),
              ",".join(map(str, ORIGINS)), str(STEPS)],
    }  # fmt: skip
    one_core = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    runs: dict[str, list[dict[str, float]]] = {who: [] for who in commands}
    for _ in range(options.rounds):
        for who, command in commands.items():
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=one_core)
            runs[who].append(json.loads(done.stdout.splitlines()[-1]))
    ours, theirs = (
        pd.read_csv(path).set_index("series")[["slope", "low", "high"]] for path in answers.values()
    )
    return runs, float((ours - theirs).abs().to_numpy().max())


def _write_series(file: Path, count: int) -> None:
    generator = np.random.default_rng(SEED)
    time_of, columns = _design(MONTHS + STEPS)
    parts = []
    for series in range(count):
        rate = expit(
            3.2 + generator.normal(0.05, 0.1) * time_of + 0.2 * columns[:, 2] + generator.normal(0, 0.3)
        )
        n = generator.poisson(220, MONTHS + STEPS)
        passed = generator.binomial(n, rate).astype(float)
        passed[MONTHS:] = np.nan
        named = {f"x{place}": column for place, column in enumerate(columns.T[2:])}
        parts.append(pd.DataFrame({"series": series, "month": range(MONTHS + STEPS), "passed": passed, "n": n,
                                   "time": time_of, **named}))  # fmt: skip
    pd.concat(parts).to_csv(file, index=False)


def _design(months: int) -> tuple[np.ndarray, np.ndarray]:
    times = (np.arange(months) + 0.5) / 12
    design = trend_design(times, season=12)
    return design[:, 1], design


def _time_ours(file: Path, answers: Path) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    table = pd.read_csv(file)
    past = table[table["passed"].notna()]
    passed, n = (past[name].to_numpy(float).reshape(-1, MONTHS) for name in ("passed", "n"))
    design = np.column_stack(
        [np.ones(MONTHS), past.drop(columns=["series", "month", "passed", "n"]).to_numpy()[:MONTHS]]
    )
    rows = []
    for one, (x, size) in enumerate(zip(passed, n, strict=True)):
        fit = fit_binomial(x, size, design)
        low, high = profile_limits(fit, 1, 0.95, critical=normal_rise(fit, 0.95))
        ahead = forecast_rate(x, size, steps=STEPS, season=12)
        rows.append({"series": one, "slope": fit.coefficients[1], "low": low, "high": high,
                     "ahead": ahead.mean.mean(), "lower": ahead.interval(0.8)[0].mean()})  # fmt: skip
    tested = backtest_rates(passed, n, steps=STEPS, origins=ORIGINS, season=12, models=list(MODELS))
    pd.DataFrame(rows).assign(skill=[tested.skill("combined", one) for one in range(len(rows))]).to_csv(
        answers, index=False
    )
    return {"elapsed": time.perf_counter() - started, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    sys.exit(main())
