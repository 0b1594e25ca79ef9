"""How fast is the uncertainty of an index: all draws at once, or one run of the index after another?

An index of 49 indicators in 8 pillars for 51 units, the size of the ASEM index, is made of random values.
Drawn are the normalisation, the mean, whether outliers are treated, how missing values are filled, and all
weights (± 25 %). Ranks of 10,000 draws and Sobol indices of all choices come from the library's draws at
once; the baseline makes each index by itself with the library's own single run. It is timed on its first
draws only, and scaled; the ranks of these draws must be the same. Both run in this process, one after the
other, with one thread for arithmetic. ``--check`` makes a missed target an error.
"""

import argparse
import os
import time
from dataclasses import replace

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from qstats.methods.composite_index import (
    ChoiceModel,
    Choices,
    Composite,
    Outliers,
    Settings,
    build_tree,
    compose,
    decompose_shifts,
    draw_choices,
    ranks_of,
)

FASTER, WITHIN_S = 50.0, 30.0
UNITS, PILLARS = 51, (8, 5, 3, 6, 8, 5, 9, 5)
DRAWS, BASE = 10_000, 2_048
CHOICES = Choices(
    {
        "imputation": ({"imputation": "mean"}, {"imputation": "median"}, {"imputation": "none"}),
        "outliers": ({"outliers": Outliers()}, {"outliers": None}),
        "normalisation": (
            {"normalisation": "minmax", "normalisation_options": {"lower": 1.0}},
            {"normalisation": "z_scores", "normalisation_options": {"mean": 100.0, "deviation": 10.0}},
            {"normalisation": "ranks", "normalisation_options": {}},
        ),
        "aggregation": ({"aggregation": "arithmetic"}, {"aggregation": "geometric"}),
    },
    weight_noise=0.25,
    weight_sets=2_048,
)


def main() -> int:
    options = _options()
    made = _index()
    began = time.perf_counter()
    drawn = draw_choices(made, CHOICES, draws=DRAWS, seed=1)
    drawn_in = time.perf_counter() - began
    parted = decompose_shifts(made, CHOICES, base=BASE, seed=1)
    took = time.perf_counter() - began
    single, differing = _loop(made, drawn.picks[: options.singles], drawn.ranks[: options.singles])
    runs = DRAWS + parted.evaluations
    ratio = single * runs / took
    print(f"{sum(PILLARS)} indicators, {UNITS} units, {runs:,} runs: {DRAWS:,} draws and Sobol indices")
    print(f"  at once        {took:8.2f} s  (draws {drawn_in:.2f} s)")
    print(f"  one by one     {single * runs:8.1f} s  ({options.singles} timed, {1e3 * single:.2f} ms each)")
    print(f"  faster by      {ratio:8.0f} times")
    print(f"  differing ranks in the draws made both ways: {differing}")
    for name, first, total, error in zip(
        parted.names, parted.first, parted.total, parted.total_error, strict=True
    ):
        print(f"  {name:14s} first order {first:6.3f}   total {total:6.3f} (standard error {error:.3f})")
    missed = [
        text
        for text, is_met in (
            (f"{FASTER:.0f} times as fast as one by one", ratio >= FASTER),
            (f"within {WITHIN_S:.0f} s", took < WITHIN_S),
            ("the same ranks", differing == 0),
        )
        if not is_met
    ]
    print("\n" + ("\n".join(f"missed: {target}" for target in missed) or "all targets met"))
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--singles", type=int, default=300, help="draws that are made one by one")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    return parser.parse_args()


def _index() -> Composite:
    """Generated values with skewed indicators, both directions and a few missing cells."""
    generator = np.random.default_rng(2018)
    count = sum(PILLARS)
    common = generator.normal(size=(UNITS, 1))
    values = 50 + 10 * (0.6 * common + generator.normal(size=(UNITS, count)))
    values[:, ::5] = np.exp(values[:, ::5] / 15)
    values[generator.random(values.shape) < 0.025] = np.nan
    pillars = [f"pillar{k}" for k in range(len(PILLARS))]
    codes = [f"i{k}" for k in range(count)]
    parents = [pillar for pillar, size in zip(pillars, PILLARS, strict=True) for _ in range(size)]
    halves = ["first" if k < 5 else "second" for k in range(len(pillars))]
    tree = build_tree(
        [*codes, *pillars, "first", "second", "index"], [*parents, *halves, "index", "index", None],
        1.0, np.where(np.arange(count) % 4 == 0, -1.0, 1.0),
    )  # fmt: skip
    settings = Settings(imputation="mean", outliers=Outliers(), normalisation_options={"lower": 1.0})
    return compose(values, tree, settings)


def _loop(made: Composite, picks: np.ndarray, expected: np.ndarray) -> tuple[float, int]:
    """Seconds of one index made by itself, and in how many of these draws any rank differs."""
    model, differing = ChoiceModel(made, CHOICES, seed=1), 0
    began = time.perf_counter()
    for pick, ranks in zip(picks, expected, strict=True):
        changes = {}
        for name, number in zip(model.settled, pick, strict=False):
            changes |= CHOICES.alternatives[name][number]
        tree = replace(made.tree, weights=model.weights[pick[-1]])
        single = compose(made.raw, tree, replace(made.settings, **changes))
        differing += not np.array_equal(ranks_of(single.index), ranks)
    return (time.perf_counter() - began) / len(picks), differing


if __name__ == "__main__":
    raise SystemExit(main())
