"""Every case of the reference answers made with R's AcceptanceSampling 1.0.11 (oracle 10)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.acceptance_sampling import (
    AttributesPlan,
    Law,
    VariablesPlan,
    accept_by_variables,
    characterise,
    demonstration_size,
    find_single_plan,
    find_variables_plan,
)

pytestmark = pytest.mark.oracle

LAW_NAMES = {"binomial": "binomial", "poisson": "poisson", "hypergeom": "hypergeometric"}
PA = 1e-9


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> Path:
    return shared_data / "oracles" / "10_acceptance_sampling"


def law(row: pd.Series) -> Law:
    return Law(LAW_NAMES[row["type"]], None if pd.isna(row["N"]) else int(row["N"]))


def test_single_plans(answers: Path) -> None:
    cases = pd.read_csv(answers / "expected_oc_single.csv")
    assert len(cases) == 1502
    for (_, n, c, _), rows in cases.groupby(["type", "n", "c", "N"], dropna=False):
        found = characterise(AttributesPlan.single(n, c), rows["p"].to_numpy(), law(rows.iloc[0]))
        assert found.accepted == pytest.approx(rows["Pa"].to_numpy(), abs=PA, rel=0)


def test_double_plans(answers: Path) -> None:
    cases = pd.read_csv(answers / "expected_oc_double.csv")
    assert len(cases) == 68
    for (n1, n2, c1, r1, c2, r2), rows in cases.groupby(["n1", "n2", "c1", "r1", "c2", "r2"]):
        plan = AttributesPlan((n1, n2), (c1, c2), (r1, r2))
        found = characterise(plan, rows["p"].to_numpy()).accepted
        assert found == pytest.approx(rows["Pa"].to_numpy(), abs=PA, rel=0)


def test_plans_found_from_two_risks(answers: Path) -> None:
    cases = pd.read_csv(answers / "expected_find_plan.csv")
    assert len(cases) == 99
    wrong = []
    for _, row in cases.iterrows():
        plan = find_single_plan(
            row["aql"], row["lq"], producer_risk=row["a"], consumer_risk=row["b"], law=law(row)
        )
        if (plan.sizes[0], plan.acceptance[0], plan.rejection[0]) != (row["n"], row["c"], row["r"]):
            wrong.append((dict(row), plan))
    assert wrong == []


def test_plans_by_variables(answers: Path) -> None:
    cases = pd.read_csv(answers / "expected_variables_plan.csv")
    assert len(cases) == 34
    for (kind, n, k), rows in cases.groupby(["s.type", "n", "k"]):
        found = accept_by_variables(VariablesPlan(n, k, kind == "known"), rows["p"].to_numpy())
        assert found == pytest.approx(rows["Pa"].to_numpy(), abs=PA, rel=0)


@pytest.mark.parametrize("known", [True, False])
def test_plan_by_variables_found_from_two_risks(answers: Path, known: bool) -> None:
    """The peer stops its root search for k some 3e-6 off; ours is exact."""
    cases = pd.read_csv(answers / "expected_variables_plan.csv")
    row = cases[cases["s.type"] == ("known" if known else "unknown")].iloc[0]
    plan = find_variables_plan(0.005, 0.05, producer_risk=0.05, consumer_risk=0.10, sigma_known=known)
    assert plan.n == row["n"]
    assert plan.k == pytest.approx(row["k"], abs=5e-6)
    assert accept_by_variables(plan, 0.005) == pytest.approx(0.95, abs=1e-12)


def test_demonstration_sizes(answers: Path) -> None:
    cases = pd.read_csv(answers / "expected_demonstration_n.csv")
    assert len(cases) == 80
    found = demonstration_size(
        cases["p0"].to_numpy(), confidence=cases["conf"].to_numpy(), failures=cases["c"].to_numpy()
    )
    assert np.array_equal(found, cases["n"].to_numpy())
