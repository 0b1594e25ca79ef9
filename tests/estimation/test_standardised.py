"""Crude and standardised changes on cities whose truth is known."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from qstats.estimation import Scope, compare_periods, estimate_icc, estimate_pass_rates, standardise_series
from qstats.periods import Period
from qstats.schemas import INSPECTIONS
from qstats.synthetic.city import draw_enterprises
from qstats.synthetic.rates import months_between, standardise_truth, tabulate_true_rates
from qstats.synthetic.sampling import draw_batches

SCOPE = Scope(level="municipal", icc=0.1)
OLD, NEW = Period.parse("2010"), Period.parse("2015")


def _prepared(batches: pl.DataFrame) -> pl.DataFrame:
    """Batches as cleaning hands them over, no source barred."""
    names = [name for name in INSPECTIONS if name in batches.columns]
    return batches.select(names).with_columns(
        refused_source=pl.lit(None, pl.String), unlisted=pl.lit(0), source_id=pl.lit("a")
    )


@pytest.fixture(scope="module")
def large_city() -> pl.DataFrame:
    """400,000 batches of the synthetic city, whose every stratum improves while its mix gets worse."""
    generator = np.random.default_rng(20151231)
    enterprises = draw_enterprises(40_000, generator)
    months = months_between("2010-01", "2015-12")
    drawn = draw_batches(enterprises, months, 400_000, date(2016, 12, 31), generator)
    return _prepared(drawn.with_columns(batch_id=pl.col("sheet_no")))


def test_crude_trend_of_the_city_is_wrong_and_the_standardised_one_right(large_city: pl.DataFrame) -> None:
    truth = standardise_truth(tabulate_true_rates(months_between("2010-01", "2015-12")))
    yearly = truth.drop(columns="month").groupby(truth["month"].str[:4]).mean()
    true_crude, true_standard = (yearly.loc["2015", name] - yearly.loc["2010", name] for name in yearly)
    assert true_crude < 0 < true_standard
    found = compare_periods(large_city, NEW, [OLD], SCOPE).iloc[0]
    assert found["crude_lower"] < true_crude < found["crude_upper"] < 0
    assert 0 < found["at_average_lower"] < true_standard < found["at_average_upper"]
    assert found["verdict"] == "rise"
    assert found["rate_effect"] + found["mix_effect"] == pytest.approx(found["crude"], abs=1e-12)
    assert found["rate_effect"] == pytest.approx(found["at_average"], abs=1e-12)
    assert found["mix_effect"] < found["crude"]


def _made(period: Period, cells: dict[str, tuple[int, int]]) -> list[dict[str, object]]:
    """Batches of a period: size → (batches, failures)."""
    return [
        {
            "batch_id": f"{period}-{size}-{number}", "sampled_on": period.start, "programme": "routine",
            "level": "municipal", "fate": "sampled", "enterprise_size": size, "stage": "production",
            "product_class": "food", "outcome": "fail" if number < failures else "pass",
        }
        for size, (n, failures) in cells.items()
        for number in range(n)
    ]  # fmt: skip


def _city(*parts: list[dict[str, object]]) -> pl.DataFrame:
    rows = pl.DataFrame([row for part in parts for row in part], schema=INSPECTIONS)
    return rows.with_columns(refused_source=pl.lit(None, pl.String), unlisted=pl.lit(0))


def _national(scale: int) -> pl.DataFrame:
    """Two years in the published national proportions by size: its failures and its mix of firms."""
    before = {"large": (159, 5.1), "medium": (237, 5.3), "small": (604, 12.5)}
    now = {"large": (19, 0.8), "medium": (52, 2.2), "small": (929, 13.2)}
    return _city(
        *(
            _made(
                period,
                {size: (n * scale, round(n * scale * failed / 100)) for size, (n, failed) in cells.items()},
            )
            for period, cells in ((OLD, before), (NEW, now))
        )
    )


def test_no_direction_where_the_bases_disagree() -> None:
    """Large firms better, small ones worse: the sign depends on whose mix is taken."""
    found = compare_periods(_national(30), NEW, [OLD], SCOPE).iloc[0]
    assert found["crude_upper"] < 0
    assert found["at_before"] > 0 > found["at_now"]
    assert found["verdict"] == "bases_disagree"


def test_small_samples_show_no_clear_change() -> None:
    assert compare_periods(_national(1), NEW, [OLD], SCOPE).iloc[0]["verdict"] == "no_clear_change"


def test_awaited_results_that_could_undo_a_rise_are_said() -> None:
    cells = {"small": (700, 56)}, {"small": (700, 21)}
    pending = [
        row | {"fate": "pending", "outcome": None, "batch_id": f"p{number}"}
        for number, row in enumerate(_made(NEW, {"small": (35, 0)}))
    ]
    without = _city(_made(OLD, cells[0]), _made(NEW, cells[1]))
    assert compare_periods(without, NEW, [OLD], SCOPE).iloc[0]["verdict"] == "rise"
    waiting = _city(_made(OLD, cells[0]), _made(NEW, cells[1]), pending)
    assert compare_periods(waiting, NEW, [OLD], SCOPE).iloc[0]["verdict"] == "awaited"


def test_a_period_without_a_rate_is_refused_in_its_row() -> None:
    batches = _city(_made(NEW, {"small": (100, 3)}), _made(OLD, {"small": (10, 0)}))
    row = compare_periods(batches, NEW, [OLD], SCOPE).iloc[0]
    assert (row["status"], row["reason"], row["verdict"]) == ("refused", "not_stated_before", "")
    assert np.isnan(row["at_average"])


def test_series_at_one_mix() -> None:
    """Rates by size stay as they are while the mix moves: only the crude series falls."""
    periods = [Period.parse(f"2015Q{number}") for number in (1, 2, 3, 4)]
    shares = (800, 600, 400, 200)
    batches = _city(
        *(
            _made(period, {"large": (n, n // 100), "small": (1000 - n, (1000 - n) // 10)})
            for period, n in zip(periods, shares, strict=True)
        )
    )
    rates = estimate_pass_rates(batches, periods, SCOPE)
    series = standardise_series(batches, rates, SCOPE)
    assert series["estimate"].is_monotonic_decreasing
    assert series["standardised"].to_numpy() == pytest.approx(0.945)
    assert (series["standardised_lower"] < 0.945).all()
    assert (series["standardised_upper"] > 0.945).all()


def test_likeness_of_the_synthetic_city_is_found(large_city: pl.DataFrame) -> None:
    """Batches of one enterprise in one quarter correlate; those of random pairs do not."""
    found = estimate_icc(large_city, SCOPE)
    assert found.estimated
    assert 0.02 < found.value < 0.4
    shuffled = large_city.with_columns(pl.col("enterprise_id").shuffle(seed=1))
    assert estimate_icc(shuffled, SCOPE).value < 0.02


def test_samples_without_anything_in_common_are_not_compared_at_one_mix() -> None:
    """Large producers then, micro shops now: pooling could only compare different things."""
    then = _made(OLD, {"large": (600, 6)})
    now = [row | {"stage": "retail", "product_class": "toys"} for row in _made(NEW, {"micro": (600, 80)})]
    row = compare_periods(_city(then, now), NEW, [OLD], SCOPE).iloc[0]
    assert (row["status"], row["verdict"]) == ("stated", "no_common_mix")
    assert row["crude_upper"] < 0
    assert np.isnan([row["at_average"], row["mix_effect"], row["rate_effect"]]).all()
    rates = estimate_pass_rates(_city(then, now), [OLD, NEW], SCOPE)
    assert standardise_series(_city(then, now), rates, SCOPE)["standardised"].isna().all()


def test_batches_that_no_list_holds_could_undo_a_rise_too() -> None:
    batches = _city(_made(OLD, {"small": (700, 56)}), _made(NEW, {"small": (700, 28)}))
    assert compare_periods(batches, NEW, [OLD], SCOPE).iloc[0]["verdict"] == "rise"
    short = batches.with_columns(unlisted=pl.lit(14), source_id=pl.lit("a"))
    assert compare_periods(short, NEW, [OLD], SCOPE).iloc[0]["verdict"] == "awaited"
