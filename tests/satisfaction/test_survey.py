"""Who counts, with which design and weight. Oracle: hand calculation."""

from datetime import date
from types import ModuleType

import numpy as np
import polars as pl
import pytest

from qstats.satisfaction import list_waves, take_sample


def test_screened_questionnaires_count_as_the_run_declares(asked: ModuleType) -> None:
    respondents = asked.make_respondents(
        5, screened=["speeder", None, "straight_line", "speeder", "straight_line"]
    )
    nothing = asked.make_margins()
    usual = take_sample(respondents, nothing, asked.make_survey(), "2015")
    assert usual.left_out == {"speeder": 2}
    assert usual.frame["source_row"].tolist() == [3, 4, 6]
    strict = asked.make_survey(leave_out=("speeder", "straight_line"))
    assert take_sample(respondents, nothing, strict, "2015").left_out == {"speeder": 2, "straight_line": 2}
    everybody = take_sample(respondents, nothing, asked.make_survey(leave_out=()), "2015")
    assert (len(everybody.frame), everybody.left_out) == (5, {})


def test_only_the_wave_counts(asked: ModuleType) -> None:
    both = pl.concat([asked.make_respondents(3, wave="2014"), asked.make_respondents(2)])
    assert len(take_sample(both, asked.make_margins(), asked.make_survey(), "2014").frame) == 3


@pytest.mark.parametrize(
    ("strata", "points", "merged", "left"),
    [
        ("aabbb", "11122", ("a",), 1),  # joins the one behind it
        ("aaabb", "12233", ("b",), 1),  # the last one joins the one before it
        ("aabbcc", "112233", ("a", "c"), 1),  # a and b are two points then; c joins them
        ("aaaa", "1111", (), 1),  # one stratum with one point stays what it is
        ("aabb", "1212", (), 2),  # the same number means two points in two strata
    ],
)
def test_strata_with_one_point_are_joined(
    asked: ModuleType, strata: str, points: str, merged: tuple[str, ...], left: int
) -> None:
    respondents = asked.make_respondents(len(strata), stratum=strata, cluster=points)
    sample = take_sample(respondents, asked.make_margins(), asked.make_survey(), "2015")
    assert sample.merged_strata == merged
    assert sample.design.stratum.max() + 1 == left


def test_the_same_name_of_a_point_in_two_strata_means_two_points(asked: ModuleType) -> None:
    respondents = asked.make_respondents(4, stratum="aabb", cluster="1212")
    sample = take_sample(respondents, asked.make_margins(), asked.make_survey(), "2015")
    assert len(set(sample.design.cluster)) == 4


def test_respondents_without_a_point_are_points_of_their_own(asked: ModuleType) -> None:
    respondents = asked.make_respondents(4, cluster=["x", "x", None, None])
    sample = take_sample(respondents, asked.make_margins(), asked.make_survey(), "2015")
    assert len(set(sample.design.cluster)) == 3


def test_weights_as_stated_and_the_mean_where_one_is_missing(asked: ModuleType) -> None:
    survey, nothing = asked.make_survey(), asked.make_margins()
    stated = take_sample(asked.make_respondents(3, weight=[1.0, 3.0, None]), nothing, survey, "2015")
    assert (stated.weighting, stated.weight.tolist()) == ("design", [1, 3, 2])
    without = take_sample(asked.make_respondents(3), nothing, survey, "2015")
    assert (without.weighting, without.weight.tolist()) == ("none", [1, 1, 1])


def test_one_margin_is_post_stratification(asked: ModuleType) -> None:
    """Two women and three men stand for 300 and 700: 150 each, and 700/3 each."""
    respondents = asked.make_respondents(5, sex=["female"] * 2 + ["male"] * 3)
    margins = asked.make_margins((None, "sex", "female", 300), (None, "sex", "male", 700))
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    assert sample.weighting == "calibrated" and sample.problem is None
    np.testing.assert_allclose(sample.weight, [150, 150, 700 / 3, 700 / 3, 700 / 3])


def test_an_unknown_category_keeps_its_share(asked: ModuleType) -> None:
    """One in four does not say: a quarter of 1,000 stays theirs, the margins share the other 750."""
    respondents = asked.make_respondents(4, sex=["female", "male", "male", None])
    margins = asked.make_margins((None, "sex", "female", 300), (None, "sex", "male", 700))
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    np.testing.assert_allclose(sample.weight, [225, 262.5, 262.5, 250])


def test_a_category_that_the_margins_do_not_list_is_unknown_to_them(asked: ModuleType) -> None:
    """Margins of men only: the women keep their share, half of what the men stand for."""
    respondents = asked.make_respondents(4, sex=["female", "male", "male", "female"])
    sample = take_sample(
        respondents, asked.make_margins((None, "sex", "male", 700)), asked.make_survey(), "2015"
    )
    np.testing.assert_allclose(sample.weight, [175, 175, 175, 175])


def test_raked_weights_meet_every_margin(asked: ModuleType) -> None:
    respondents = asked.draw_respondents()
    margins = asked.make_margins(
        (None, "sex", "female", 480), (None, "sex", "male", 520),
        *((None, "industry", code, 100 * at) for at, code in enumerate(asked.SECTOR_OF, start=1)),
    )  # fmt: skip
    sample = take_sample(respondents, margins, asked.make_survey(trim_weights=None), "2015")
    for variable, category, population in margins.select("variable", "category", "population").iter_rows():
        member = (sample.frame[variable] == category).to_numpy()
        assert sample.weight[member].sum() == pytest.approx(population, rel=1e-9)


def test_margins_may_differ_by_what_rounding_leaves(asked: ModuleType) -> None:
    respondents = asked.make_respondents(
        4, sex=["female", "male"] * 2, industry=["bank", "bank", "hotel", "hotel"]
    )
    margins = asked.make_margins(
        (None, "sex", "female", 500_000.3), (None, "sex", "male", 500_000),
        (None, "industry", "bank", 400_000), (None, "industry", "hotel", 600_000),
    )  # fmt: skip
    assert take_sample(respondents, margins, asked.make_survey(), "2015").weighting == "calibrated"


def test_margins_of_the_wave_take_the_place_of_general_ones(asked: ModuleType) -> None:
    respondents = asked.make_respondents(2, sex=["female", "male"])
    margins = asked.make_margins(
        (None, "sex", "female", 900), (None, "sex", "male", 100),
        ("2015", "sex", "female", 30), ("2015", "sex", "male", 70), ("2014", "sex", "female", 1),
    )  # fmt: skip
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    np.testing.assert_allclose(sample.weight, [30, 70])


def test_a_margin_cell_that_nobody_belongs_to_is_named_and_nothing_weighted(asked: ModuleType) -> None:
    respondents = asked.make_respondents(3, sex=["female"] * 3, weight=[1.0, 2.0, 3.0])
    margins = asked.make_margins((None, "sex", "female", 300), (None, "sex", "male", 700))
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    assert sample.problem == ("empty_margin_cells", "sex=male")
    assert (sample.weighting, sample.weight.tolist(), sample.margins) == ("design", [1, 2, 3], ())


def test_margins_that_contradict_each_other_are_not_used(asked: ModuleType) -> None:
    """All women are customers of banks, all men of hotels: 30 % and 60 % cannot both be theirs."""
    respondents = asked.make_respondents(
        4, sex=["female", "female", "male", "male"], industry=["bank"] * 2 + ["hotel"] * 2
    )
    margins = asked.make_margins(
        (None, "sex", "female", 300), (None, "sex", "male", 700),
        (None, "industry", "bank", 600), (None, "industry", "hotel", 400),
    )  # fmt: skip
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    assert sample.problem == ("margins_not_met", "sex, industry")
    assert sample.calibration is None


def test_large_weights_are_trimmed_and_their_sum_kept(asked: ModuleType) -> None:
    """One woman of 50 stands for half of them: 25 times the mean, cut to 5 times."""
    respondents = asked.make_respondents(50, sex=["female"] + ["male"] * 49)
    margins = asked.make_margins((None, "sex", "female", 500), (None, "sex", "male", 500))
    sample = take_sample(respondents, margins, asked.make_survey(), "2015")
    assert sample.weight.sum() == pytest.approx(1000)
    assert sample.weight[0] == pytest.approx(5 * 1000 / 50)
    untrimmed = take_sample(respondents, margins, asked.make_survey(trim_weights=None), "2015")
    assert untrimmed.weight[0] == pytest.approx(500)


def test_waves_stand_in_the_order_of_their_first_interview(asked: ModuleType) -> None:
    waves = [asked.make_respondents(2, wave=wave) for wave in ("2015", "2013", "2016")]
    undated = asked.make_respondents(1, wave="2010").with_columns(surveyed_on=pl.lit(None, pl.Date))
    assert list_waves(pl.concat([*waves, undated]), date(2015, 12, 31)) == ["2010", "2013", "2015"]


def test_a_wave_of_which_nobody_counts_is_a_sample_of_nobody(asked: ModuleType) -> None:
    respondents = asked.make_respondents(3, screened=["speeder"] * 3)
    sample = take_sample(respondents, asked.make_margins(), asked.make_survey(), "2015")
    assert (len(sample.frame), len(sample.weight), sample.left_out) == (0, 0, {"speeder": 3})
