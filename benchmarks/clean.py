"""How fast is cleaning? Ours, the same rules plainly in pandas, and Polars passing the file through.

All three work on one generated file (``--rows``), one after the other in each round, each in a process of
its own. The medians, the memory peaks and the rule counts are printed; both programs must count the same.
``--check`` makes a missed target an error. ``--only ours`` leaves the others out (30 million rows in pandas
would take 40 GB).
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SLOWEST_OF_UNTOUCHED, FASTER_THAN_PANDAS, LARGEST_GB = 8.0, 5.0, 3.0
CONTENDERS = ("untouched", "ours", "pandas")


def main() -> int:
    options = _options()
    if options.run:
        print(json.dumps(_time(options.run, options.file, options.target)))
        return 0
    with tempfile.TemporaryDirectory(prefix="qstats-benchmark-") as folder:
        results = _measure(options, Path(folder))
        _print_results(results)
        agree = _print_rules(Path(folder), options.only)
    missed = _missed(results) + ([] if agree else ["rule counts differ"])
    print("\n".join(f"missed: {target}" for target in missed) or "all targets met")
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=CONTENDERS, nargs="+", default=CONTENDERS)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    for name, form in (("--run", str), ("--file", Path), ("--target", Path)):
        parser.add_argument(name, type=form, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace, folder: Path) -> dict[str, list[dict[str, float]]]:
    from qstats.synthetic.load import write_load_file

    file = folder / "raw" / "load.csv"
    file.parent.mkdir()
    write_load_file(file, options.rows)
    print(f"{options.rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB, {options.rounds} rounds", flush=True)
    results: dict[str, list[dict[str, float]]] = {name: [] for name in options.only}
    for _ in range(options.rounds):
        for name in options.only:
            command = [sys.executable, __file__, "--run", name, "--file", file, "--target", folder / name]
            shutil.rmtree(folder / name, ignore_errors=True)
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            results[name].append(json.loads(done.stdout.splitlines()[-1]))
    return results


def _time(name: str, file: Path, target: Path) -> dict[str, float]:
    work = {"untouched": _pass_through, "ours": _clean_with_qstats, "pandas": _clean_in_pandas}[name]()
    target.mkdir()
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work(file, target)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "gb": after.ru_maxrss / 1024**2}


def _pass_through() -> Callable[[Path, Path], None]:
    import polars as pl

    return lambda file, target: pl.scan_csv(file, infer_schema=False).sink_parquet(target / "rows.parquet")


def _clean_with_qstats() -> Callable[[Path, Path], None]:
    from qstats.pipeline.clean import clean_files

    params = _params()
    return lambda file, target: clean_files(file.parent, params, target, lambda message: None)


def _clean_in_pandas() -> Callable[[Path, Path], None]:
    from plain_pandas import clean_file

    cutoff = _params().cutoff
    return lambda file, target: clean_file(file, target, cutoff)


def _params():
    """Parameters of the demonstration under another name, so that no correction of its files applies."""
    from qstats.params import read_params
    from qstats.paths import params_folder

    return read_params(params_folder() / "demo-2015Q4.yaml").model_copy(update={"run": "demo-benchmark"})


def _print_results(results: dict[str, list[dict[str, float]]]) -> None:
    heads = ("median s", "fastest", "slowest", "cpu s", "peak GB", "x untouched")
    print(f"\n{'':12}" + "".join(f"{head:>13}" for head in heads))
    for name, rounds in results.items():
        walls = [run["wall"] for run in rounds]
        ratio = (
            _median(rounds, "wall") / _median(results["untouched"], "wall") if "untouched" in results else 0
        )
        times = (statistics.median(walls), min(walls), max(walls), _median(rounds, "cpu"))
        peak = max(run["gb"] for run in rounds)
        print(f"{name:12}" + "".join(f"{time:13.1f}" for time in times) + f"{peak:13.2f}{ratio:13.1f}")


def _median(rounds: list[dict[str, float]], key: str) -> float:
    return statistics.median(run[key] for run in rounds)


def _print_rules(folder: Path, names: list[str]) -> bool:
    """Print the cases of each rule; returns whether our counts and those of pandas are the same."""
    import polars as pl

    counts = {
        name: dict(
            pl.read_parquet(folder / name / "issues.parquet", columns=["rule", "field", "cases"])
            .group_by(pl.col("rule") + " " + pl.col("field").fill_null(""))
            .agg(pl.col("cases").sum())
            .iter_rows()
        )
        | {f"= rows of {table}": _rows_of(folder / name / f"{table}.parquet") for table in
           ("inspections", "inspection_items", "batch_rows")}
        for name in names
        if name != "untouched"
    }  # fmt: skip
    keys = sorted(set().union(*counts.values()))
    print(f"\n{'rule and field':40}" + "".join(f"{name:>12}" for name in counts))
    for key in keys:
        print(f"{key:40}" + "".join(f"{found.get(key, 0):12,}" for found in counts.values()))
    return all(found == next(iter(counts.values())) for found in counts.values())


def _rows_of(path: Path) -> int:
    import polars as pl

    return pl.scan_parquet(path).select(pl.len()).collect().item()


def _missed(results: dict[str, list[dict[str, float]]]) -> list[str]:
    walls = {name: _median(rounds, "wall") for name, rounds in results.items()}
    missed = []
    if "ours" not in walls:
        return missed
    if max(run["gb"] for run in results["ours"]) >= LARGEST_GB:
        missed.append(f"peak memory under {LARGEST_GB:g} GB")
    if "untouched" in walls and walls["ours"] > SLOWEST_OF_UNTOUCHED * walls["untouched"]:
        missed.append(f"within {SLOWEST_OF_UNTOUCHED:g} times of the untouched pass")
    if "pandas" in walls and walls["pandas"] < FASTER_THAN_PANDAS * walls["ours"]:
        missed.append(f"{FASTER_THAN_PANDAS:g} times as fast as pandas")
    return missed


if __name__ == "__main__":
    sys.exit(main())
