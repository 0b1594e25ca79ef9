"""Oracle: R sae 1.3, ``eblupBHF`` on the corn and soybean data (folder 09_small_area)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.small_areas.unit_level import fit_nested_error


@pytest.mark.oracle
def test_corn(shared_data: Path) -> None:
    folder = shared_data / "oracles" / "09_small_area"
    # Battese, Harter and Fuller leave out their 33rd segment, and so did the peer.
    units = pd.read_csv(folder / "input_cornsoybean.csv").drop(index=32)
    means = pd.read_csv(folder / "input_cornsoybeanmeans.csv")
    expected = pd.read_csv(folder / "expected_corn_bhf.csv")
    params = pd.read_csv(folder / "expected_corn_bhf_params.csv")["estimate"]
    fit = fit_nested_error(
        units["CornHec"],
        np.column_stack([np.ones(len(units)), units["CornPix"], units["SoyBeansPix"]]),
        units["County"] - 1,
        np.column_stack([np.ones(len(means)), means["MeanCornPixPerSeg"], means["MeanSoyBeansPixPerSeg"]]),
        means["PopnSegments"],
    )
    np.testing.assert_allclose(fit.estimates, expected["eblup"], rtol=1e-5)
    np.testing.assert_allclose(
        [*fit.coefficients, fit.between_variance, fit.unit_variance], params, rtol=1e-5
    )
    assert fit.sampled.tolist() == expected["sampsize"].tolist()


AREA = np.repeat([0, 1, 2], [4, 3, 2])
VALUES = np.array([1.0, 1.2, 0.9, 1.1, 3.0, 3.2, 2.9, 5.0, 5.1])
ONES, MEANS = np.ones((9, 1)), np.ones((4, 1))


def test_an_area_without_sample_gets_the_line_and_one_fully_sampled_its_own_mean() -> None:
    fit = fit_nested_error(VALUES, ONES, AREA, MEANS, [4, 100, 100, 50])
    assert fit.estimates[0] == pytest.approx(VALUES[:4].mean())
    assert fit.estimates[3] == pytest.approx(fit.coefficients[0])
    assert fit.sampled.tolist() == [4, 3, 2, 0]


def test_areas_that_do_not_differ_are_reported_as_such() -> None:
    fit = fit_nested_error([1.0, 3.0, 2.0, 0.0, 4.0, 2.0, 1.5, 2.5, 2.0], ONES, AREA, MEANS, [1e6] * 4)
    assert fit.collapsed
    np.testing.assert_allclose(fit.estimates, 2.0, rtol=1e-4)


@pytest.mark.parametrize(
    ("values", "area", "sizes", "message"),
    [
        (VALUES, AREA, [3, 9, 9, 9], "more units"),
        (VALUES, AREA + 2, [9] * 4, "between 0 and 3"),
        (VALUES, AREA[:-1], [9] * 4, "shapes"),
        (np.where(VALUES > 5, np.nan, VALUES), AREA, [9] * 4, "finite"),
    ],
)
def test_impossible_input_is_refused(values, area, sizes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_nested_error(values, ONES, area, MEANS, sizes)


def test_single_units_cannot_tell_the_variances_apart() -> None:
    with pytest.raises(ValueError, match="told apart"):
        fit_nested_error([1.0, 2.0, 3.0], np.ones((3, 1)), [0, 1, 2], MEANS, [9] * 4)
