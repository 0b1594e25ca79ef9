"""Oracle: statsmodels (coefficients, heteroscedasticity-consistent errors)."""

import numpy as np
import pytest

from qstats.methods.survey.design import make_design
from qstats.methods.survey.regression import fit_logistic, is_separated


def test_logistic_coefficients_are_those_of_statsmodels() -> None:
    from statsmodels.api import GLM, families

    rng = np.random.default_rng(11)
    x = np.column_stack([np.ones(500), rng.normal(size=(500, 2))])
    y = rng.random(500) < 1 / (1 + np.exp(-(2 + x[:, 1] - 0.5 * x[:, 2])))
    weight = rng.uniform(1, 5, 500)
    found = fit_logistic(make_design(500, weight=weight), y, x)
    fit = GLM(y.astype(float), x, families.Binomial(), freq_weights=weight).fit(tol=1e-12)
    assert found.coefficient == pytest.approx(fit.params, rel=1e-7)
    robust = GLM(y.astype(float), x, families.Binomial(), var_weights=weight).fit(tol=1e-12, cov_type="HC0")
    assert found.std_error == pytest.approx(robust.bse * np.sqrt(500 / 499), rel=1e-6)


def test_a_group_in_which_all_passed_is_recognised_as_separated() -> None:
    group = np.repeat([0, 1], 20)
    x = np.column_stack([np.ones(40), group])
    y = np.where(group == 1, 1, np.arange(40) % 2)
    assert is_separated(y, x)
    with pytest.raises(ValueError, match="separate passes from failures"):
        fit_logistic(make_design(40), y, x)
    y[-1] = 0
    assert not is_separated(y, x)


def test_predictors_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="depend on each other"):
        fit_logistic(make_design(4), [0, 1, 0, 1], np.ones((4, 2)))
    with pytest.raises(ValueError, match="0 or 1"):
        fit_logistic(make_design(2), [0, 2], np.ones((2, 1)))
