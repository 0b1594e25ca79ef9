"""How fast are path models with resamples, and weights for large samples? Ours, and Python's plspm package.

A path model of the ECSI type (six latent variables, four items each, answers 1–10) is fitted to generated
answers with its bootstrap intervals. In each round ours and the peer run one after the other on one file,
each in a process of its own with one thread for arithmetic, and the peer's bootstrap in one process too.
Reading the file, starting the process and loading libraries is not timed. The peer does not run with pandas
3: it gets an environment of its own within ours (``peers/plspm``), which is made when it is missing. Only
times are compared, for the peer scales items by a common deviation; how far its paths are away is printed.

Then a sample that is weighted to six margins of its population is raked. ``--check`` makes a missed target
an error.
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

FASTER_THAN_PEER, RAKED_WITHIN_S, MET_WITHIN = 20.0, 1.0, 1e-8
RESPONDENTS, ITEMS_OF_LATENT, DRAWS = 2500, 4, 500
EXPLAINED_BY = {
    "image": [], "expectation": ["image"], "quality": ["expectation"], "value": ["expectation", "quality"],
    "satisfaction": ["image", "expectation", "quality", "value"], "loyalty": ["image", "satisfaction"],
}  # fmt: skip
PATH = {1: 0.6, 2: 0.35, 4: 0.25}
"""Size of each path into a latent variable, by how many lead into it."""

RAKED, CATEGORIES = 100_000, (8, 4, 2, 11, 3, 5)
PEER = ("plspm==0.5.7", "pandas==2.3.3")
CONTENDERS = ("ours", "plspm")
Run = dict[str, float]


def main() -> int:
    options = _options()
    if options.run:
        print(json.dumps({"ours": _time_ours, "plspm": _time_peer}[options.run](options.data)))
        return 0
    missed = _judge_path_models(options.rounds) + _judge_raking(options.rounds)
    print("\n" + ("\n".join(f"missed: {target}" for target in missed) or "all targets met"))
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    parser.add_argument("--run", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _judge_path_models(rounds: int) -> list[str]:
    pythons = {"ours": Path(sys.executable), "plspm": _peer_python()}
    results: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    items = ITEMS_OF_LATENT * len(EXPLAINED_BY)
    print(f"{RESPONDENTS:,} respondents, {items} items, {DRAWS} resamples, {rounds} rounds", flush=True)
    with tempfile.TemporaryDirectory(prefix="qstats-benchmark-") as folder:
        data = Path(folder) / "answers.csv"
        np.savetxt(data, _draw_answers(), fmt="%d", delimiter=",")
        for _ in range(rounds):
            for name, python in pythons.items():
                done = subprocess.run(
                    [python, __file__, "--run", name, "--data", data],
                    check=True, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"},
                )  # fmt: skip
                results[name].append(json.loads(done.stdout.splitlines()[-1]))
    return _print_path_models(results)


def _peer_python() -> Path:
    """Python of the environment that holds the peer."""
    folder = Path(sys.prefix) / "peers" / "plspm"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print(f"making an environment for {' with '.join(PEER)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
        (folder / "ready").touch()
    return python


def _draw_answers() -> np.ndarray:
    """Answers 1–10 of all respondents, four items around each latent variable."""
    rng = np.random.default_rng(20151231)
    latent: dict[str, np.ndarray] = {}
    for name, sources in EXPLAINED_BY.items():
        size = PATH.get(len(sources), 0.0)
        systematic = size * sum((latent[source] for source in sources), np.zeros(RESPONDENTS))
        noise = np.sqrt(max(1 - systematic.var(), 0.2))
        latent[name] = systematic + noise * rng.normal(size=RESPONDENTS)
    blocks = [
        7.5 + 1.3 * one[:, None] + 0.9 * rng.normal(size=(RESPONDENTS, ITEMS_OF_LATENT))
        for one in latent.values()
    ]
    return np.clip(np.round(np.hstack(blocks)), 1, 10)


def _time_ours(data: Path) -> Run:
    from qstats.methods.path_models.effects import total_effects
    from qstats.methods.path_models.estimation import fit_paths
    from qstats.methods.path_models.model import make_model
    from qstats.methods.path_models.moments import weighted_moments
    from qstats.methods.path_models.resampling import percentile_interval, resampled_weights

    answers = np.loadtxt(data, delimiter=",")
    cpu, started = time.process_time(), time.perf_counter()
    places = {
        name: range(at * ITEMS_OF_LATENT, (at + 1) * ITEMS_OF_LATENT) for at, name in enumerate(EXPLAINED_BY)
    }
    model = make_model(places, EXPLAINED_BY, scheme="path")
    one = np.ones(len(answers))
    resampled = resampled_weights(one, one, np.arange(len(answers)), replicates=DRAWS, seed=1)
    fit = fit_paths(model, weighted_moments(answers, np.vstack([one, resampled])))
    for figure in (fit.paths, total_effects(fit.paths), fit.weight, fit.loading, fit.r_squared):
        percentile_interval(figure[1:], fit.converged[1:], 0.95)
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    paths = {f"{j}>{k}": float(fit.paths[0, at_k, at_j]) for at_k, k, at_j, j in _paths()}
    return {"wall": wall, "cpu": cpu, "draws": float(fit.converged[1:].sum())} | paths


def _paths() -> list[tuple[int, str, int, str]]:
    """Target and source of each path, with their places."""
    names = list(EXPLAINED_BY)
    return [(names.index(k), k, names.index(j), j) for k, sources in EXPLAINED_BY.items() for j in sources]


def _time_peer(data: Path) -> Run:
    """The peer with its bootstrap in one process; how many draws it kept is seen where it sums them up."""
    import resource

    import pandas as pd
    import plspm.bootstrap
    import plspm.config as config
    from plspm.mode import Mode
    from plspm.plspm import Plspm
    from plspm.scheme import Scheme

    kept: list[int] = []
    summarise = plspm.bootstrap._create_summary

    def summarise_and_count(draws: pd.DataFrame, first: pd.Series) -> pd.DataFrame:
        kept.append(len(draws))
        return summarise(draws, first)

    plspm.bootstrap._create_summary = summarise_and_count
    names = [f"{latent}{number}" for latent in EXPLAINED_BY for number in range(ITEMS_OF_LATENT)]
    answers = pd.DataFrame(np.loadtxt(data, delimiter=","), columns=names)

    def cpu_time() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)

    cpu, started = cpu_time(), time.perf_counter()
    structure = config.Structure()
    for latent, sources in EXPLAINED_BY.items():
        if sources:
            structure.add_path(sources, [latent])
    declared = config.Config(structure.path(), scaled=True)
    for latent in EXPLAINED_BY:
        items = [config.MV(name) for name in names if name.rstrip("0123456789") == latent]
        declared.add_lv(latent, Mode.A, *items)
    model = Plspm(answers, declared, Scheme.PATH, bootstrap=True, bootstrap_iterations=DRAWS, processes=1)
    wall, cpu = time.perf_counter() - started, cpu_time() - cpu
    found = model.path_coefficients()
    paths = {f"{j}>{k}": float(found.loc[k, j]) for _, k, _, j in _paths()}
    return {"wall": wall, "cpu": cpu, "draws": float(min(kept))} | paths


def _print_path_models(results: dict[str, list[Run]]) -> list[str]:
    print(f"\n{'medians':8}{'wall s':>10}{'fastest':>10}{'slowest':>10}{'cpu s':>10}{'draws':>8}")
    for name, runs in results.items():
        wall = [run["wall"] for run in runs]
        figures = (statistics.median(wall), min(wall), max(wall), _median(runs, "cpu"))
        kept = min(run["draws"] for run in runs)
        print(f"{name:8}" + "".join(f"{figure:10.3f}" for figure in figures) + f"{kept:8.0f}")
    missed = []
    for clock, label in (("wall", "wall time"), ("cpu", "CPU time")):
        times = _median(results["plspm"], clock) / _median(results["ours"], clock)
        print(f"{label}: {times:.0f} times as fast as plspm")
        if times < FASTER_THAN_PEER:
            missed.append(f"{FASTER_THAN_PEER:g} times as fast as plspm in {label}")
    ours, theirs = results["ours"][0], results["plspm"][0]
    distance = max(abs(ours[name] - theirs[name]) for name in ours if ">" in name)
    print(f"largest difference of a path coefficient: {distance:.1e}")
    if min(run["draws"] for runs in results.values() for run in runs) < DRAWS:
        missed.append(f"a solution in each of {DRAWS} resamples")
    return missed


def _median(runs: list[Run], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def _judge_raking(rounds: int) -> list[str]:
    from qstats.methods.calibration import rake

    weight, margins, totals = _draw_margins()
    cpu = []
    for _ in range(rounds):
        started = time.process_time()
        raked = rake(weight, margins, totals).weight
        cpu.append(time.process_time() - started)
    gap = max(
        float(np.abs(np.bincount(codes, raked) / known - 1).max())
        for codes, known in zip(margins, totals, strict=True)
    )
    found = statistics.median(cpu)
    print(f"\n{RAKED:,} respondents raked on {len(margins)} margins of {CATEGORIES} categories: ", end="")
    print(f"{found:.3f} CPU s ({min(cpu):.3f}–{max(cpu):.3f})")
    print(f"weights change by factors {(raked / weight).min():.2f}–{(raked / weight).max():.2f}; ", end="")
    print(f"largest relative gap of a total: {gap:.1e}")
    missed = [] if found < RAKED_WITHIN_S else [f"raked within {RAKED_WITHIN_S:g} s of CPU time"]
    return missed + ([] if gap <= MET_WITHIN else [f"margins met within {MET_WITHIN:g}"])


def _draw_margins() -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """A sample whose chance to answer depends on all margins, which depend on each other; known totals."""
    rng = np.random.default_rng(20151231)
    people = 10 * RAKED
    common = rng.normal(size=people)
    codes = [
        np.searchsorted(np.sort(rng.normal(size=count - 1)), 0.5 * common + rng.normal(size=people))
        for count in CATEGORIES
    ]
    chance = np.prod(
        [rng.uniform(0.7, 1.3, count)[one] for count, one in zip(CATEGORIES, codes, strict=True)], 0
    )
    sample = rng.choice(people, RAKED, replace=False, p=chance / chance.sum())
    known = [
        np.bincount(one, minlength=count).astype(float) for count, one in zip(CATEGORIES, codes, strict=True)
    ]
    return np.full(RAKED, people / RAKED), [one[sample] for one in codes], known


if __name__ == "__main__":
    sys.exit(main())
