"""Which sources may carry a rate."""

import polars as pl
import pytest

from qstats.cleaning.admissibility import (
    WINDOWS,
    count_windows,
    judge_sources,
    judge_windows,
    mark_admissible,
)

WINDOW_SCHEMA = {**WINDOWS}


def _windows(*rows: tuple[str, str | None, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=WINDOW_SCHEMA, orient="row")


def _judge(
    lists: str = "all", declared: int | None = 10, found: int = 10, windows: pl.DataFrame | None = None
) -> str | None:
    sources = pl.DataFrame(
        {"source_id": ["s"], "lists": [lists], "batches_declared": [declared]},
        schema_overrides={"batches_declared": pl.Int64},
    )
    rows = pl.DataFrame(
        {"batch_id": [f"b{n}" for n in range(found)], "source_id": "s", "source_row": range(found)}
    )
    windows = _windows() if windows is None else windows
    rows = (
        rows
        if found
        else pl.DataFrame(schema={"batch_id": pl.String, "source_id": pl.String, "source_row": pl.Int64})
    )
    return judge_sources(sources, windows, rows, listed_from=0.95)["refusal"].item()


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ({}, None),
        ({"lists": "failures"}, "failures_only"),
        ({"lists": "passes"}, "passes_only"),
        ({"lists": "failures", "declared": None}, "failures_only"),
        ({"declared": None}, "total_undeclared"),
        ({"lists": "undeclared", "declared": None}, "total_undeclared"),
        ({"declared": 20}, "listing_incomplete"),
        ({"declared": 100, "found": 95}, None),
        ({"declared": 100, "found": 94}, "listing_incomplete"),
        ({"declared": 100, "found": 105}, None),
        ({"declared": 100, "found": 106}, "listing_exceeds_total"),
        ({"declared": None, "found": 0}, None),
    ],
)
def test_refusal_of_a_source(source: dict, refusal: str | None) -> None:
    assert _judge(**source) == refusal


def test_a_source_in_which_everything_passed_is_fine() -> None:
    windows = _windows(("s", None, 10, 10, 0))
    assert judge_windows(windows)["finding"].to_list() == ["passes_only"]
    assert _judge(windows=windows) is None


def test_windows_that_end_at_the_same_count_were_cut() -> None:
    cut = _windows(
        ("s", "网", 500, 0, 500), ("t", "网", 500, 0, 500), ("u", "网", 500, 0, 500), ("v", "网", 37, 0, 37)
    )
    assert judge_windows(cut)["finding"].to_list() == ["truncated_query"] * 3 + ["failures_only"]
    assert _judge(windows=cut, declared=None) == "truncated_query"
    assert _judge(windows=cut, declared=11) == "truncated_query"


def test_a_plan_of_so_many_batches_a_month_is_no_cut() -> None:
    quota = _windows(*((name, None, 200, 190, 10) for name in "stu"))
    assert _judge(windows=quota, declared=10) is None


@pytest.mark.parametrize(
    "windows",
    [
        [("s", "网", 500, 9, 1), ("t", "网", 500, 9, 1), ("u", "台", 500, 9, 1)],
        [("s", "网", 99, 9, 1), ("t", "网", 99, 9, 1), ("u", "网", 99, 9, 1)],
        [("s", "网", 500, 9, 1), ("t", "网", 499, 9, 1), ("u", "网", 501, 9, 1)],
    ],
)
def test_two_windows_small_ones_or_other_platforms_prove_no_cut(windows: list) -> None:
    assert judge_windows(_windows(*windows))["finding"].to_list() == [None] * 3


def test_files_without_a_platform_are_windows_too() -> None:
    cut = _windows(*((name, None, 500, 400, 100) for name in "stu"))
    assert judge_windows(cut)["finding"].to_list() == ["truncated_query"] * 3


def test_windows_are_counted_by_source_and_platform() -> None:
    rows = pl.DataFrame(
        {
            "source_id": ["s"] * 5,
            "listing": ["网", "网", None, "台", "网"],
            "outcome": ["pass", "fail", None, "fail", None],
        }
    )
    assert count_windows(rows).rows() == [("s", "网", 3, 1, 1), ("s", None, 1, 0, 0), ("s", "台", 1, 0, 1)]


def test_a_batch_counts_when_one_admissible_source_holds_it() -> None:
    judged = pl.DataFrame(
        {
            "source_id": ["full", "failures"],
            "refusal": [None, "failures_only"],
            "batches_declared": [5, None],
            "batches_found": [2, 2],
        }
    )
    lineage = pl.DataFrame(
        {
            "batch_id": ["a", "b", "b", "c"],
            "source_id": ["full", "full", "failures", "failures"],
            "source_row": [1, 2, 1, 2],
        }
    )
    batches = pl.DataFrame({"batch_id": ["c", "b", "a"], "source_id": ["failures", "full", "full"]})
    marked = mark_admissible(batches, judged, lineage).select("batch_id", "refused_source", "unlisted")
    assert marked.rows() == [("c", "failures", 0), ("b", None, 3), ("a", None, 3)]
