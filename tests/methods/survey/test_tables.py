"""Oracle: Pearson's test, which a simple random sample comes down to."""

import numpy as np
import pytest

from qstats.methods.survey.design import make_design
from qstats.methods.survey.tables import independence_test


def test_independence_of_the_units_alone_is_pearsons() -> None:
    """With units drawn one by one the design effects are all n / (n − 1), at independence."""
    row, column = np.divmod(np.repeat(np.arange(4), 25), 2)
    found = independence_test(make_design(100), row, column)
    assert found.chi_squared == pytest.approx(0) and found.p_value == pytest.approx(1)
    assert found.numerator_df == pytest.approx(1) and found.denominator_df == pytest.approx(99)


def test_tables_without_two_filled_rows_and_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="two rows"):
        independence_test(make_design(4), [0, 0, 0, 0], [0, 1, 0, 1])
    with pytest.raises(ValueError, match="no units"):
        independence_test(make_design(4), [0, 2, 0, 2], [0, 1, 0, 1])
