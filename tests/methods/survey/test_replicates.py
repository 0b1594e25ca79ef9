"""Oracle: the textbook variance of a mean."""

import numpy as np
import pytest

from qstats.methods.survey.design import make_design
from qstats.methods.survey.replicates import jackknife


def test_jackknife_of_a_mean_is_its_textbook_variance() -> None:
    values = np.random.default_rng(2).random(40)
    found = jackknife(make_design(40), lambda weight: float(weight @ values / weight.sum()))
    assert found.variance == pytest.approx(values.var(ddof=1) / 40)
    with pytest.raises(ValueError, match="single cluster"):
        jackknife(make_design(3, stratum=[0, 0, 1]), lambda weight: float(weight.sum()))
