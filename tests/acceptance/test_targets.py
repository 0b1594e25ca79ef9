"""Verdicts on complete counts. Oracle: counting by hand in whole numbers; the bound of 40 of 40 in R.

R 4.2.2: ``binom.test(40, 40, alternative = "greater")$conf.int`` begins at 0.9278424755.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.acceptance import failures_tolerated, judge_count, projects_needed
from qstats.methods.acceptance_sampling.demonstration import demonstrated_rate

COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("total", "level", "tolerated"),
    [
        (50, 0.98, 1), (49, 0.98, 0), (100, 0.98, 2), (150, 0.98, 3), (199, 0.98, 3), (200, 0.98, 4),
        (40, 1.0, 0), (10, 0.9, 1), (1000, 0.999, 1), (7, 0.95, 0), (20, 0.95, 1), (0, 0.98, 0),
        (3, 0.07, 2), (1_000_000, 0.98, 20_000), (10**12, 0.999999999, 1000),
    ],
)  # fmt: skip
def test_a_level_is_taken_as_it_is_written(total: int, level: float, tolerated: int) -> None:
    """50 projects at 98 % tolerate exactly one: 0.98 is no binary fraction."""
    assert failures_tolerated(total, level) == tolerated


@pytest.mark.parametrize(
    ("passes", "failures", "unknown", "level", "verdict"),
    [
        (40, 0, 0, 1.0, "met"),
        (39, 1, 0, 1.0, "missed"),
        (39, 0, 1, 1.0, "open"),  # the outcome that is not known decides
        (49, 1, 0, 0.98, "met"),
        (48, 2, 0, 0.98, "missed"),
        (49, 0, 1, 0.98, "met"),  # whatever it was, 49 of 50 passed
        (48, 1, 1, 0.98, "open"),
        (97, 3, 0, 0.98, "missed"),
        (96, 3, 1, 0.98, "missed"),
        (0, 0, 3, 0.98, "open"),
        (0, 1, 0, 1.0, "missed"),
        (0, 0, 0, 0.98, "no_data"),
    ],
)
def test_counts_are_judged_as_counts(
    passes: int, failures: int, unknown: int, level: float, verdict: str
) -> None:
    assert judge_count(passes, failures, unknown, level) == verdict


@pytest.mark.parametrize(
    ("failures", "level", "strays", "verdict"),
    [
        (0, 1.0, 1, "open"),
        (1, 1.0, 5, "missed"),
        (0, 0.98, 1, "open"),
        (0, 0.9, 4, "met"),
        (0, 0.9, 5, "open"),
    ],
)
def test_projects_that_may_belong_to_the_count(
    failures: int, level: float, strays: int, verdict: str
) -> None:
    """40 projects: at 90 % 4 of 44 are tolerated, and 4 of 45."""
    assert judge_count(40 - failures, failures, 0, level, strays=strays) == verdict


def test_a_target_is_not_met_before_its_period_is_over() -> None:
    assert judge_count(40, 0, 0, 1.0, is_over=False) == "running"
    assert judge_count(39, 1, 0, 1.0, is_over=False) == "missed"  # a failure cannot be undone
    assert judge_count(40, 5, 0, 0.98, is_over=False) == "running"
    assert judge_count(0, 0, 0, 1.0, is_over=False) == "no_data"


@given(COUNTS, COUNTS, COUNTS, st.sampled_from([0.5, 0.9, 0.98, 1.0]))
def test_what_is_not_known_decides_or_does_not(
    passes: int, failures: int, unknown: int, level: float
) -> None:
    """Verdict on all ways in which unknown outcomes may turn out."""
    if passes + failures + unknown:
        ways = {
            judge_count(passes + more, failures + unknown - more, 0, level) for more in range(unknown + 1)
        }
        assert judge_count(passes, failures, unknown, level) == (ways.pop() if len(ways) == 1 else "open")


def test_projects_that_demonstrate_a_level() -> None:
    """0.98^149 lies below 0.05, 0.98^148 above; 100 % is shown by no number."""
    needed = projects_needed(0.98, 0.95)
    assert needed == 149 and 0.98**needed <= 0.05 < 0.98 ** (needed - 1)
    assert projects_needed(1.0, 0.95) is None
    assert demonstrated_rate(40, 0) == pytest.approx(0.9278424755)
