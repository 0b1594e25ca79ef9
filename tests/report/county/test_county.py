"""Sentences of a county's page: "none found" is not 100 %, chance is no difference, few is not good."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from qstats.codebook import Text
from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report.county.charts import chart_years
from qstats.report.county.findings import CountyFindings, CountyPage, find_county, find_needed, needed_batches
from qstats.report.county.narrative import describe_failures, describe_level, describe_shortage, main_points
from qstats.report.county.tables import tabulate_beside_rest, tabulate_repeaters
from qstats.report.county.verdicts import describe_difference, describe_in_words, stand
from qstats.report.display import Display
from qstats.report.findings import Change
from qstats.report.inspection.comparisons import Comparison

PAGE = CountyPage("3715H1", Period.parse("2015Q4"), Scope(level="municipal"), comparisons=11)
CHANGE = Change(against="2014", basis="last_year", status="stated", estimate=0.01, lower=-0.02, upper=0.04,
                confidence=0.95, n=60, method="mover")  # fmt: skip
NO_ITEMS = pd.DataFrame({"item": [], "batches": []})


def row(period: str, area: str, n: int, failures: int, **others: Any) -> dict[str, Any]:
    stated = n >= 30
    rate = 1 - failures / n if stated else math.nan
    given = {
        "period": period, "area": area, "n": n, "passes": n - failures, "failures": failures,
        "effective_n": float(n), "deff": 1.25,
        "estimate": rate, "lower": rate - 0.04, "upper": min(1.0, rate + 0.02),
        "confidence": 0.95, "method": "korn_graubard", "status": "stated" if stated else "cannot_be_stated",
        "reason_zh": "" if stated else "批次少", "reason_en": "" if stated else "too few",
        "reliability": "reliable" if n > 100 else "use_with_care" if stated else "cannot_be_stated",
        "sources": "S1", "release": "final",
    }  # fmt: skip
    return given | others


def rates(now: tuple[int, int], year: tuple[int, int]) -> pd.DataFrame:
    counts = {"2015Q4": now, "2014Q4": (40, 2), "2015": year, "2014": (60, 2)}
    rows = [
        row(period, area, *(count if area == "county" else (2500, 100)))
        for period, count in counts.items()
        for area in ("county", "rest")
    ]
    return pd.DataFrame(rows)


def found(
    now: tuple[int, int] = (17, 0), year: tuple[int, int] = (57, 1),
    limits: tuple[float, float] = (-0.1, 0.05), verdict: str = "no_clear_change",
) -> CountyFindings:  # fmt: skip
    stated = year[0] >= 30
    difference = pd.DataFrame([{
        "period": "2015", "difference": 0.02, "lower": limits[0], "upper": limits[1], "confidence": 0.95,
        "holds": True, "n": year[0], "n_rest": 2500, "status": "stated" if stated else "refused",
    }])  # fmt: skip
    comparison = Comparison(
        PAGE.year, PAGE.year.last_year(), CHANGE, replace(CHANGE, verdict=verdict),
        {"mix_effect": 0.0, "rate_effect": 0.01}, pd.DataFrame(),
    )  # fmt: skip
    return find_county(rates(now, year), comparison, difference, PAGE)


def both(text: Text) -> str:
    assert text["zh"].strip() and text["en"].strip()
    return text["zh"] + text["en"]


def level(n: int, failures: int) -> str:
    figures = found(now=(n, failures))
    return both(describe_level(figures.now, row("2015Q4", "county", n, failures), PAGE.subject(PAGE.period)))


def test_all_passed_is_not_called_100_percent() -> None:
    said = level(33, 0)
    assert "这不等于合格率就是100%" in said
    assert "does not make the pass rate 100%" in said
    assert "96.0%" in said  # the lower limit, in both languages
    assert said.count("use with care") == 1


def test_too_few_batches_are_neither_good_nor_bad() -> None:
    said = level(17, 0)
    assert "17批次" in said and "17 batches" in said
    assert "不足以给出合格率" in said and "Too few to state a pass rate" in said
    assert "%" not in said


def test_no_batches_are_no_zero_failures() -> None:
    said = level(0, 0) + both(describe_failures(row("2015", "county", 0, 0), NO_ITEMS, PAGE.in_year))
    assert "没有聊城高新技术产业开发区" in said and "no results for High-tech Zone" in said
    assert "不合格" not in said and "failed" not in said


@pytest.mark.parametrize(
    ("limits", "standing", "word"),
    [
        ((-0.1, 0.05), "not_told_apart", "分不出不等于相同"),
        ((0.01, 0.05), "above", "高于全市其余地区"),
        ((-0.09, -0.01), "below", "低于全市其余地区"),
    ],
)
def test_difference_is_named_only_where_the_interval_excludes_zero(
    limits: tuple[float, float], standing: str, word: str
) -> None:
    figures = found(limits=limits)
    assert stand(figures) == standing
    assert word in both(describe_in_words(figures, PAGE))
    told = both(describe_difference(figures, PAGE))
    assert "11个县（市、区）同时比较" in told and "11 counties compared at once" in told
    assert ("没有显著差别" in told) == (standing == "not_told_apart")


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("rise", "提高"),
        ("fall", "下降"),
        ("no_clear_change", "看不出升降"),
        ("bases_disagree", "不判断升降"),
        ("awaited", "暂不判断升降"),
    ],
)
def test_each_verdict_on_the_change_has_its_words(verdict: str, word: str) -> None:
    assert word in describe_in_words(found(verdict=verdict), PAGE)["zh"]


def test_county_without_a_rate_of_the_year_is_not_compared() -> None:
    figures = found(now=(3, 1), year=(12, 1))
    said = both(describe_in_words(figures, PAGE)) + both(describe_difference(figures, PAGE))
    assert "不能与全市其余地区比较" in said and "cannot be compared" in said
    assert "%" not in said


def test_first_screen_opens_with_words_and_holds_six_points() -> None:
    figures, table = found(), rates((17, 0), (57, 1))
    needed = needed_batches(figures.rest, PAGE.row(table, PAGE.year), 0.95)
    points = main_points(figures, table, NO_ITEMS, needed, PAGE)
    assert len(points) <= 6
    assert not any(character.isdigit() for character in points[0]["zh"].replace("2015", ""))
    assert "17批次" in points[-1]["zh"]


def test_batches_needed_are_told_only_where_they_are_missing() -> None:
    figures = found(now=(400, 8))
    needed = needed_batches(figures.rest, row("2015", "county", 400, 8), 0.95)
    assert describe_shortage(row("2015Q4", "county", 400, 8), needed, PAGE) == []
    assert describe_shortage(row("2015Q4", "county", 17, 0), needed, PAGE)
    assert find_needed(needed, PAGE)[0].estimate == needed["needed"].iloc[0]


def test_findings_name_the_county_in_their_keys_and_tables() -> None:
    figures = found()
    assert all(one.key.endswith(".3715H1") for one in figures.all())
    assert len({one.key for one in figures.all()}) == 4
    assert all(str(one.table).startswith("tables/units/3715H1/") for one in figures.all())


def test_a_year_s_report_states_each_figure_once() -> None:
    page = replace(PAGE, period=Period.parse("2015"))
    assert [str(period) for period in page.periods] == ["2015", "2014"]
    comparison = found().comparison
    difference = pd.DataFrame([{"period": "2015", "status": "refused", "n": 57, "holds": True}])
    figures = find_county(rates((17, 0), (57, 1)), comparison, difference, page)
    assert figures.now is figures.year
    assert len(figures.all()) == 3


def shown(display: Display) -> str:
    return "".join(display._repr_mimebundle_()["text/html"])


def test_table_says_what_all_passed_means_beside_the_interval() -> None:
    html = shown(tabulate_beside_rest(rates((33, 0), (150, 8)), PAGE))
    assert "全部合格不等于合格率就是100%" in html
    assert html.count("△") >= 2
    assert "96.0～100.0" in html


def test_no_chart_without_a_rate() -> None:
    empty = rates((3, 0), (4, 0)).assign(estimate=math.nan)
    assert chart_years(empty, found(year=(4, 0)), PAGE).kind == "text"


def test_enterprises_are_listed_only_where_they_may_be_named() -> None:
    class Repeated:
        enterprises = pd.DataFrame({
            "enterprise_id": ["org:1"], "enterprise_name": ["<b>临清油脂厂</b>"], "county_code": ["371581"],
            "product_class": ["food"], "batches": [4], "failures": [2], "products": ["花生油"],
            "last_failure": [pd.Timestamp("2015-11-02")],
        })  # fmt: skip

    window = PAGE.years[-2:]
    hidden = tabulate_repeaters(Repeated(), window, name_enterprises=False)  # type: ignore[arg-type]
    assert "油脂厂" not in shown(hidden) and "花生油" not in shown(hidden)
    named = shown(tabulate_repeaters(Repeated(), window, name_enterprises=True))  # type: ignore[arg-type]
    assert "&lt;b&gt;临清油脂厂&lt;/b&gt;" in named and "<b>" not in named


def test_a_difference_that_awaited_results_could_undo_is_not_claimed() -> None:
    waiting = replace(found(limits=(0.005, 0.03)), difference_holds=False)
    assert stand(waiting) == "awaited"
    told = both(describe_in_words(waiting, PAGE)) + both(describe_difference(waiting, PAGE))
    assert "暂不判断" in told and "too early to tell" in told.lower()
    assert "higher pass rate" not in told
