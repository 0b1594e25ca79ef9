import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.errors import ReportError
from qstats.report.formats import (
    decimals_apart,
    format_cell,
    format_count,
    format_interval,
    format_number,
    format_percent,
    format_points,
    is_missing,
)


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_some_is_never_printed_as_all_or_none(proportion: float) -> None:
    assert format_percent(proportion) not in ("100.0%", "0.0%")


@given(st.floats(min_value=-1, max_value=1))
def test_a_difference_carries_the_sign_of_what_is_printed(difference: float) -> None:
    printed = format_points(difference)
    value = float(printed.replace("−", "-"))
    assert abs(value - 100 * difference) <= 0.0501
    assert printed == (f"{value:+.1f}".replace("-", "−") if value else "0.0")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (format_percent(1.0), "100.0%"),
        (format_percent(0.9997), ">99.9%"),
        (format_percent(0.0001), "<0.1%"),
        (format_points(0.021), "+2.1"),
        (format_points(-0.0001), "0.0"),
        (format_interval(0.952, 0.978, "zh"), "95.2～97.8"),
        (format_interval(0.952, 0.978, "en"), "95.2 to 97.8"),
        (format_interval(-0.011, 0.017, "en", unit="points"), "−1.1 to +1.7"),
        (format_count(3412, "zh"), "3412"),
        (format_count(3412, "en"), "3,412"),
    ],
)
def test_figures_as_the_guide_writes_them(printed: str, expected: str) -> None:
    assert printed == expected


@pytest.mark.parametrize(
    ("value", "limits", "printed"),
    [
        (79.9888, (90, 80, 60), "79.99"), (79.9988, (80,), "79.999"), (79.94, (80,), "79.9"),
        (80.0, (80,), "80.0"), (80.04, (80,), "80.0"), (59.97, (90, 80, 60), "59.97"), (79.9888, (), "80.0"),
    ],
)  # fmt: skip
def test_a_number_short_of_a_limit_is_never_printed_as_having_reached_it(
    value: float, limits: tuple[float, ...], printed: str
) -> None:
    assert format_number(value, "zh", decimals=decimals_apart(value, below=limits)) == printed
    assert format_interval(12.34, value, "zh", unit="number", below=limits) == f"12.3～{printed}"


@given(st.floats(1e-9, 10))
def test_a_distance_is_never_printed_as_none(distance: float) -> None:
    printed = format_number(distance, "zh", decimals=decimals_apart(distance, above=(0,)))
    assert float(printed) > 0 and (distance < 0.05 or len(printed.partition(".")[2]) == 1)


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(ReportError, match="known: text"):
        format_cell(1, "percentage", "zh")


def test_missing_values() -> None:
    assert [is_missing(value) for value in (None, float("nan"), 0, "", "/")] == [
        True,
        True,
        False,
        False,
        False,
    ]
