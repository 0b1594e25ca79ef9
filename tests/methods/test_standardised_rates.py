"""Poisson limits and standardised rates against PHEindicatormethods and published examples."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from qstats.methods.binomial_intervals import Floats, wilson_interval
from qstats.methods.standardised_rates import (
    byar_limits,
    count_limits,
    directly_standardised_rate,
    dobson_limits,
    exact_poisson_limits,
    expected_count,
    indirectly_standardised_ratio,
)

EUROPEAN_STANDARD = [
    5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500,
    1500, 1000,
]  # fmt: skip
"""Eurostat (2013), Revision of the European Standard Population, under 5 to 90 and over."""
LEVELS = {"95_0": 0.95, "99_8": 0.998}


def _rows(shared_data: Path, name: str) -> list[dict[str, str]]:
    path = shared_data / "oracles" / "16_funnel_standardisation" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _area(rows: list[dict[str, str]], area: str, column: str) -> Floats:
    # the peer reads a missing count as no event; that is its caller's decision, ours refuses it
    return np.array([float(row[column] or 0) for row in rows if row["area"] == area])


def _known(row: dict[str, str], *names: str) -> list[float]:
    return [float(row[name] or "nan") for name in names]


@pytest.mark.oracle
def test_limits_of_counts_and_proportions_as_phe_has_them(shared_data: Path) -> None:
    for row in _rows(shared_data, "expected_phe_testdata_B_W.csv"):
        x, confidence = float(row["x"]), float(row["confidence"].rstrip("%")) / 100
        ours = (
            byar_limits(x, confidence=confidence)
            if row["method"] == "Byars"
            else wilson_interval(x, float(row["n"]), confidence=confidence)
        )
        np.testing.assert_allclose(ours, _known(row, "lowercl", "uppercl"), atol=1e-6, rtol=1e-9)


@pytest.mark.oracle
def test_proportions_as_phe_has_them(shared_data: Path) -> None:
    for name in ("expected_phe_testdata_Prop.csv", "expected_phe_testdata_Prop_g.csv"):
        for row in _rows(shared_data, name):
            x, n, value, scale = _known(row, "Numerator", "Denominator", "value", "multiplier")
            if np.isnan(x + n):  # unknown stays unknown there and is refused here
                assert np.isnan(value)
                with pytest.raises(ValueError, match="between 0 and n"):
                    wilson_interval(x, n)
                continue
            assert scale * x / n == pytest.approx(value, abs=1e-6)
            levels = LEVELS if "lower95_0cl" in row else {"": 0.95}
            for label, confidence in levels.items():
                ours = scale * np.array(wilson_interval(x, n, confidence=confidence))
                np.testing.assert_allclose(ours, _known(row, f"lower{label}cl", f"upper{label}cl"), atol=1e-6)


@pytest.mark.oracle
def test_directly_standardised_rates_as_phe_has_them(shared_data: Path) -> None:
    strata = _rows(shared_data, "input_phe_testdata_multiarea.csv")
    areas, held = {row["area"] for row in strata}, 0
    for row in _rows(shared_data, "expected_phe_testresults_DSR.csv"):
        if row["area"] in areas:
            count, population = (_area(strata, row["area"], name) for name in ("count", "pop"))
            assert (count.sum(), population.sum()) == tuple(_known(row, "total_count", "total_pop"))
            scale = float(row["statistic"].split()[-1]) if row["value"] else 1.0
            for label, confidence in LEVELS.items():
                ours = directly_standardised_rate(count, population, EUROPEAN_STANDARD, confidence=confidence)
                expected = _known(row, "value", f"lower{label}cl", f"upper{label}cl")
                np.testing.assert_allclose(np.array(ours) * scale, expected, atol=1e-6)
            held += 1
    assert held == 6


@pytest.mark.oracle
def test_limits_of_rates_whose_strata_are_not_known(shared_data: Path) -> None:
    # the folder holds no strata of these areas: the error is taken from one limit, the others must follow
    given_areas = {row["area"] for row in _rows(shared_data, "input_phe_testdata_multiarea.csv")}
    held = 0
    for row in _rows(shared_data, "expected_phe_testresults_DSR.csv"):
        if row["area"] in given_areas or not row["value"]:
            continue
        value, count, lower = _known(row, "value", "total_count", "lower95_0cl")
        error = np.sqrt(count) * (lower - value) / (float(byar_limits(count)[0]) - count)
        # its 99.8 % limits of this area stand there per ten times as many people as its rate
        scale = 10.0 if row["area"] == "testdata_1976" else 1.0
        for label, confidence, factor in (("95_0", 0.95, 1.0), ("99_8", 0.998, scale)):
            ours = dobson_limits(factor * value, factor * error, count, confidence=confidence)
            np.testing.assert_allclose(ours, _known(row, f"lower{label}cl", f"upper{label}cl"), rtol=1e-9)
        held += 1
    assert held == 5


@pytest.mark.oracle
def test_indirectly_standardised_rates_as_phe_has_them(shared_data: Path) -> None:
    strata = _rows(shared_data, "input_phe_testdata_multiarea_isr.csv")
    names = {"Area1": "testdata_big", "Area2": "testdata_small"}
    for row in _rows(shared_data, "expected_phe_testresults_ISR.csv"):
        area = names.get(row["area"], row["area"])
        count, population, events, reference = (
            _area(strata, area, name) for name in ("count", "pop", "refcount", "refpop")
        )
        if row["area"] == "Area1":
            population[1] = 0  # its population of 5–9 is missing in the peer's own test
        expected = expected_count(population, events, reference)
        scale = float(row["statistic"].split()[-1])
        if row["ref_rate"]:
            reference_rate = scale * events.sum() / reference.sum()
            assert reference_rate == pytest.approx(float(row["ref_rate"]), abs=1e-6)
            scale = reference_rate
        assert (count.sum(), expected) == pytest.approx(_known(row, "observed", "expected"), abs=1e-6)
        for label, confidence in LEVELS.items():
            if row[f"lower{label}cl"]:
                ours = indirectly_standardised_ratio(count.sum(), expected, confidence=confidence)
                theirs = _known(row, "value", f"lower{label}cl", f"upper{label}cl")
                np.testing.assert_allclose(np.array(ours) * scale, theirs, atol=1e-6)


@given(st.integers(0, 500), st.sampled_from([0.9, 0.95, 0.998]))
def test_exact_limits_leave_half_of_alpha_in_each_tail(count: int, confidence: float) -> None:
    lower, upper = exact_poisson_limits(count, confidence=confidence)
    assert poisson.cdf(count, upper) == pytest.approx((1 - confidence) / 2, rel=1e-6)
    assert count == 0 or poisson.sf(count - 1, lower) == pytest.approx((1 - confidence) / 2, rel=1e-6)


@given(st.floats(10, 1e5), st.sampled_from([0.9, 0.95, 0.998]))
def test_byar_is_close_to_exact_where_it_is_used(count: float, confidence: float) -> None:
    for ours, exact in zip(
        byar_limits(count, confidence=confidence),
        exact_poisson_limits(count, confidence=confidence),
        strict=True,
    ):
        assert ours == pytest.approx(exact, abs=0.15)
    assert byar_limits(count)[0] < count < byar_limits(count)[1]


def test_few_events_have_exact_limits_and_none_begins_at_0() -> None:
    lower, upper = count_limits([0, 9, 10])
    assert lower[0] == 0.0
    assert upper[0] == pytest.approx(3.6889, abs=1e-4)
    assert lower[1] == exact_poisson_limits(9)[0]
    assert lower[2] == byar_limits(10)[0]


def test_several_areas_at_once_are_the_areas_one_by_one() -> None:
    counts, population, standard = np.array([[30, 9], [12, 40]]), np.array([[500, 300], [400, 900]]), [2, 1]
    together = directly_standardised_rate(counts, population, standard)
    alone = [directly_standardised_rate(*area, standard) for area in zip(counts, population, strict=True)]
    np.testing.assert_allclose(np.transpose(together), alone)


def test_at_its_own_mix_a_standardised_rate_is_the_crude_one() -> None:
    rate, lower, upper = directly_standardised_rate([30, 9], [500, 300], [50, 30])
    assert rate == pytest.approx(39 / 800)
    assert (lower * 800, upper * 800) == tuple(pytest.approx(float(limit)) for limit in byar_limits(39))


def test_events_from_one_source_widen_the_limits() -> None:
    plain = directly_standardised_rate([30, 9], [500, 300], [2, 1])
    wide = directly_standardised_rate([30, 9], [500, 300], [2, 1], count_variance=[120, 36])
    assert wide[0] - wide[1] == pytest.approx(2 * (plain[0] - plain[1]))


def test_impossible_input_is_an_error() -> None:
    with pytest.raises(ValueError, match="count of events"):
        byar_limits(-1)
    with pytest.raises(ValueError, match="count of events"):
        exact_poisson_limits(float("nan"))
    with pytest.raises(ValueError, match="population above 0"):
        directly_standardised_rate([30, 9], [500, 0], [2, 1])
    with pytest.raises(ValueError, match="reference population"):
        expected_count([500], [3], [0])
    with pytest.raises(ValueError, match="expected count above 0"):
        indirectly_standardised_ratio(3, 0)
