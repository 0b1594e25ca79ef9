"""Who did not answer. Oracle: hand calculation."""

from types import ModuleType

import numpy as np
import pytest

from qstats.satisfaction import compare_with_margins, count_unanswered, describe_weights, take_sample


def test_open_questions_are_counted_by_reason(asked: ModuleType) -> None:
    respondents = asked.make_respondents(4, screened=[None, None, None, "speeder"])
    unanswered = asked.make_unanswered(
        ("2015-0000", "2015", "quality_1", "dont_know"), ("2015-0001", "2015", "quality_1", "blank"),
        ("2015-0001", "2015", "value_2", "refused"),
        ("2015-0003", "2015", "quality_1", "blank"),  # does not count
        ("2015-0000", "2014", "quality_1", "blank"),  # another wave
    )  # fmt: skip
    survey = asked.make_survey()
    sample = take_sample(respondents, asked.make_margins(), survey, "2015")
    table = count_unanswered(unanswered, sample, survey).set_index("item")
    assert table.loc["quality_1"].to_dict() == {
        "respondents": 3, "dont_know": 1, "refused": 0, "blank": 1, "out_of_range": 0, "share": 2 / 3,
    }  # fmt: skip
    assert table.loc["value_2", "refused"] == 1
    assert list(table.index) == asked.ITEMS and table.loc["value_1", "share"] == 0


def test_shares_before_and_after_weighting(asked: ModuleType) -> None:
    respondents = asked.make_respondents(5, sex=["female", "male", "male", "male", None])
    margins = asked.make_margins(
        ("2015", "sex", "female", 600), ("2015", "sex", "male", 400),
        (None, "sex", "female", 1), (None, "sex", "male", 99),  # not for this wave
    )  # fmt: skip
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    table = compare_with_margins(sample, margins).set_index("category")
    assert table["n"].tolist() == [1, 3]
    np.testing.assert_allclose(table["population"], [0.6, 0.4])
    np.testing.assert_allclose(table["sampled"], [0.25, 0.75])
    np.testing.assert_allclose(table["weighted"], [0.6, 0.4])


def test_range_of_weights_and_kish(asked: ModuleType) -> None:
    """Weights 1, 1, 4: mean 2, Kish 3·18/36 = 1.5."""
    sample = take_sample(
        asked.make_respondents(3, weight=[1.0, 1.0, 4.0]), asked.make_margins(), asked.make_survey(), "2015"
    )
    assert describe_weights(sample) == pytest.approx({"least": 0.5, "most": 2, "kish": 1.5})


def test_nobody_has_no_weights(asked: ModuleType) -> None:
    nobody = asked.make_respondents(1, screened=["speeder"])
    sample = take_sample(nobody, asked.make_margins(), asked.make_survey(), "2015")
    assert all(np.isnan(value) for value in describe_weights(sample).values())
