"""How often do Student limits of a group hold its true mean, by three rules for their degrees of freedom?

A group lies across the strata of a sample: it holds a few of the many points of each. Normal limits take no
account of how few they are, points less strata takes too much; `domain_freedom` is Satterthwaite's rule.

    python benchmarks/domain_freedom.py
"""

import numpy as np
from scipy.stats import t

from qstats.methods.survey.design import make_design
from qstats.methods.survey.domains import domain_freedom, domain_means

ROUNDS = 4000
DESIGNS = ((8, 25, 0.025), (8, 25, 0.05), (8, 25, 0.1), (8, 5, 0.2), (8, 2, 0.3), (3, 10, 0.3), (8, 25, 1.0))
RULES = ("points less strata", "domain_freedom", "normal")


def cover(strata: int, points: int, share: float, generator: np.random.Generator) -> np.ndarray:
    """Share of samples whose limits at 95 % hold the mean of the group, by rule; strata are unequal."""
    stratum, n = np.repeat(np.arange(strata), points), strata * points
    held, rounds = np.zeros(len(RULES)), 0
    for _ in range(ROUNDS):
        inside = generator.random(n) < share
        if inside.sum() < 3:
            continue
        weight, level = np.exp(generator.normal(0, 0.3, strata)), generator.normal(0, 0.5, strata)
        values = level[stratum] + generator.normal(0, 0.85, n)
        design = make_design(n, weight=weight[stratum], stratum=stratum, cluster=np.arange(n))
        found = domain_means(design, values, np.where(inside, 0, -1), 1)
        miss = abs(found.estimate[0] - np.average(level, weights=weight)) / np.sqrt(found.variance[0])
        freedom = np.array([found.df[0], domain_freedom(design, inside), np.inf])
        limits = np.where(freedom > 0, t.ppf(0.975, np.maximum(freedom, 1)), np.inf)
        held += miss <= limits
        rounds += 1
    return held / rounds


def main() -> None:
    """Print a table: design, expected points of the group, coverage by rule."""
    generator = np.random.default_rng(1)
    print(f"{'strata × points':<18}{'of the group':>14}" + "".join(f"{rule:>22}" for rule in RULES))
    for strata, points, share in DESIGNS:
        held = cover(strata, points, share, generator)
        design, expected = f"{strata} × {points}", strata * points * share
        print(f"{design:<18}{expected:>14.0f}" + "".join(f"{one:>22.1%}" for one in held))


if __name__ == "__main__":
    main()
