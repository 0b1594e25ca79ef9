"""Oracle: the variance of two independent means; Student's distribution of scipy."""

import numpy as np
import pytest
from scipy.stats import t as student

from qstats.methods.survey.comparisons import compare_means
from qstats.methods.survey.design import make_design


def test_difference_of_two_groups_is_welchs_without_clusters() -> None:
    """With each group a stratum of its own the variances of two independent means add up."""
    rng = np.random.default_rng(8)
    values, group = rng.normal(size=60), np.repeat([0, 1], 30)
    found = compare_means(make_design(60, stratum=group), values, group)
    variance = values[:30].var(ddof=1) / 30 + values[30:].var(ddof=1) / 30
    assert found.std_error == pytest.approx(np.sqrt(variance))
    assert found.p_value == pytest.approx(2 * student.sf(abs(found.estimate) / np.sqrt(variance), 57))
    with pytest.raises(ValueError, match="no units"):
        compare_means(make_design(60), values, np.zeros(60, int))
