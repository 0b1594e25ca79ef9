"""Rates by batch, enterprise and sales, worked out by hand and against the survey estimator."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from qstats.estimation import Scope, estimate_weightings
from qstats.periods import Period
from qstats.schemas import INSPECTIONS

Q1 = Period.parse("2015Q1")
SCOPE = Scope(level="municipal", icc=0.1, minimum_batches=10)
STRATA = ["enterprise_size", "county_code"]


def _city(firms: list[tuple[str, str, int, int, float | None]]) -> pl.DataFrame:
    """Batches of enterprises given as (size, county, batches, failures, sales)."""
    rows = [
        {
            "batch_id": f"{firm}-{number}", "sampled_on": date(2015, 2, 1), "programme": "routine",
            "level": "municipal", "county_code": county, "enterprise_id": f"E{firm}", "enterprise_size": size,
            "fate": "sampled", "outcome": "fail" if number < failures else "pass", "sales_value": sales,
        }
        for firm, (size, county, batches, failures, sales) in enumerate(firms)
        for number in range(batches)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INSPECTIONS).with_columns(
        refused_source=pl.lit(None, pl.String), unlisted=pl.lit(0)
    )


def _frame(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=[*STRATA, "enterprises"], orient="row")


FIRMS = (
    [("large", "371502", 4, 0, 90.0)] * 3
    + [("small", "371502", 2, 0, 5.0)] * 8
    + [("small", "371502", 2, 2, 5.0)] * 2
)
FRAME = _frame(("large", "371502", 3), ("small", "371502", 97))


def test_three_ways_of_counting_by_hand() -> None:
    rates = estimate_weightings(_city(FIRMS), FRAME, Q1, SCOPE, STRATA).set_index("weighting")
    assert rates["estimate"]["batches"] == pytest.approx(28 / 32)
    assert rates["estimate"]["enterprises"] == pytest.approx(0.03 * 1 + 0.97 * 0.8)
    sales_small, sales_large = 97 * 5, 3 * 90
    assert rates["estimate"]["sales"] == pytest.approx(1 - 0.2 * sales_small / (sales_small + sales_large))
    assert rates["inference"].tolist() == ["model", "design", "design"]
    assert rates["enterprises"]["enterprises"] == 13


def test_a_census_of_enterprises_leaves_only_the_choice_of_batches() -> None:
    """With all enterprises sampled the interval is narrower than with a hundredth of them."""
    few, all_of_them = (
        estimate_weightings(
            _city(FIRMS), _frame(("large", "371502", 3), ("small", "371502", n)), Q1, SCOPE, STRATA
        )
        for n in (1000, 10)
    )
    width = [float((rates["upper"] - rates["lower"])[1]) for rates in (few, all_of_them)]
    assert width[1] < width[0]
    assert width[1] > 0


def test_without_a_frame_the_sample_stands_for_itself_and_says_so() -> None:
    rates = estimate_weightings(_city(FIRMS), FRAME.clear(), Q1, SCOPE, STRATA).set_index("weighting")
    assert rates["inference"]["enterprises"] == "model"
    assert rates["estimate"]["enterprises"] == pytest.approx(11 / 13)


def test_a_frame_smaller_than_the_sample_is_refused() -> None:
    old = _frame(("large", "371502", 3), ("small", "371502", 5))
    rates = estimate_weightings(_city(FIRMS), old, Q1, SCOPE, STRATA).set_index("weighting")
    assert (rates["status"]["enterprises"], rates["reason"]["enterprises"]) == ("refused", "frame_too_small")
    assert np.isnan(rates["estimate"]["enterprises"])
    assert rates["status"]["batches"] == "stated"


def test_a_frame_that_lacks_strata_is_refused() -> None:
    rates = estimate_weightings(_city(FIRMS), FRAME[:1], Q1, SCOPE, STRATA).set_index("weighting")
    assert (rates["status"]["enterprises"], rates["reason"]["enterprises"]) == ("refused", "frame_incomplete")


def test_strata_that_nobody_sampled_are_pooled_with_their_like() -> None:
    frame = pl.concat([FRAME, _frame(("small", "371581", 50), ("large", "371581", 2))])
    rates = estimate_weightings(_city(FIRMS), frame, Q1, SCOPE, STRATA).set_index("weighting")
    assert rates["strata_used"]["enterprises"] == 2
    assert rates["estimate"]["enterprises"] == pytest.approx((5 * 1 + 147 * 0.8) / 152)


def test_too_few_batches_with_known_sales_cannot_be_stated() -> None:
    firms = [(*firm[:4], None) for firm in FIRMS[:-1]] + [FIRMS[-1]]
    rates = estimate_weightings(_city(firms), FRAME, Q1, SCOPE, STRATA).set_index("weighting")
    assert (rates["status"]["sales"], rates["reason"]["sales"]) == ("cannot_be_stated", "too_few_batches")
    assert rates["reliability"]["sales"] == "cannot_be_stated"


def test_counts_are_those_of_the_batches_that_count() -> None:
    """Batches without sales, or outside the frame, are neither passes nor failures of the weighted rate."""
    firms = [*FIRMS[:-1], (*FIRMS[-1][:4], None), ("micro", "371502", 3, 0, 1.0)]
    rates = estimate_weightings(_city(firms), FRAME, Q1, SCOPE, STRATA).set_index("weighting")
    assert rates[["n", "passes", "failures"]].to_numpy().tolist() == [
        [35, 31, 4],
        [32, 28, 4],
        [33 - 3, 28, 2],
    ]


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_the_unit_of_sales_does_not_matter(unit: float) -> None:
    scaled = [(*firm[:4], firm[4] * unit) for firm in FIRMS]
    plain, other = (
        estimate_weightings(_city(firms), FRAME, Q1, SCOPE, STRATA).set_index("weighting").loc["sales"]
        for firms in (FIRMS, scaled)
    )
    for name in ("estimate", "lower", "upper", "effective_n"):
        assert other[name] == pytest.approx(plain[name], rel=1e-9)
