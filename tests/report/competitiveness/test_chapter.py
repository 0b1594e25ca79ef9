"""What the chapter on competitiveness says. Oracle: the tables that it says it from."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from qstats.codebook import Text
from qstats.report import competitiveness
from qstats.report.competitiveness import Assessment
from qstats.report.display import Display

Read = Callable[[Text], None]
Rows = Callable[[Display], list[dict[str, Any]]]
Case = tuple[Assessment, ...]


def all_texts(city: Assessment, manufacturing: Assessment, industries: Assessment) -> list[Text]:
    return [
        *competitiveness.main_points(city, manufacturing), *competitiveness.describe_inputs(city),
        *competitiveness.describe_limits(city), *competitiveness.describe_robustness(city),
        *competitiveness.describe_consistency(city), *competitiveness.describe_returns(manufacturing),
        competitiveness.describe_units(industries), competitiveness.describe_units(manufacturing),
    ]  # fmt: skip


def all_displays(assessed: Assessment) -> list[Display]:
    makers = (
        competitiveness.chart_years, competitiveness.chart_units, competitiveness.tabulate_scores,
        competitiveness.tabulate_indicators, competitiveness.tabulate_units, competitiveness.tabulate_choices,
        competitiveness.tabulate_without,
    )  # fmt: skip
    return [make(assessed) for make in makers]


def test_every_sentence_reads_well(assessed: Case, nothing: Case, read_well: Read) -> None:
    for case in (assessed, nothing):
        for text in all_texts(*case):
            read_well(text)


def test_the_index_is_stated_with_interval_band_and_its_scheme(assessed: Case) -> None:
    city, manufacturing, _ = assessed
    assert city.is_stated and manufacturing.is_stated
    for one in (city, manufacturing):
        said = competitiveness.describe_level(one)
        assert f"{one.city['estimate']:.1f}" in said["zh"] and f"{one.city['estimate']:.1f}" in said["en"]
        assert "95%置信区间" in said["zh"] and "2011年起通行五档" in said["zh"]
        assert "five bands in use since 2011" in said["en"]
    assert "非国家发布值" in competitiveness.describe_level(manufacturing)["zh"]


def test_without_data_the_index_is_refused_not_filled_in(nothing: Case) -> None:
    for one in nothing:
        assert not one.is_stated
        said = competitiveness.describe_level(one)
        assert said["zh"].startswith("不发布") and not re.search(r"\d+\.\d", said["zh"])
        for finding in competitiveness.list_findings(one):
            assert finding.estimate is None and finding.reason and finding.status in ("no_data", "refused")


def test_a_city_without_a_survey_has_no_index(
    assess: Callable[..., Case], full: dict[str, Any], empty: dict[str, Any]
) -> None:
    city, manufacturing, _ = assess(full | {name: empty[name] for name in ("respondents", "margins")})
    assert city.city["status"] == "refused" and manufacturing.is_stated
    assert "生产性服务业满意度" in competitiveness.describe_level(city)["zh"]


def test_too_few_indicators_are_no_index(assess: Callable[..., Case], full: dict[str, Any]) -> None:
    city, manufacturing, _ = assess(full, needed=1.0)
    assert city.city["status"] == "refused" and city.city["n"] < city.city["of"]
    assert manufacturing.city["status"] == "refused" and manufacturing.city["missing"] == "supervision"


def test_findings_are_those_of_the_tables(assessed: Case, rows_of: Rows) -> None:
    found = {one.key: one for one in competitiveness.list_findings(*assessed)}
    assert len(found) == len(competitiveness.list_findings(*assessed))
    for one in assessed:
        units = {row["unit"]: row for row in rows_of(competitiveness.tabulate_units(one))}
        for unit in one.units:
            finding = found[f"competitiveness.{one.definition.id}.index.{one.kind}.{unit}"]
            assert finding.table == f"tables/{one.prefix}_units.csv#unit={unit}"
            if finding.status == "stated":
                assert finding.estimate == units[unit]["estimate"]
                own = (units[unit]["rank_low"], units[unit]["rank_high"])
                ranks = found.get(f"competitiveness.{one.definition.id}.rank.{one.kind}.{unit}")
                # A set of all ranks says nothing: it is no finding.
                assert (ranks is None) == (own == (1, len(one.standing.table)))
                assert ranks is None or (ranks.lower, ranks.upper) == own
    city = assessed[0]
    scores = {row["code"]: row for row in rows_of(competitiveness.tabulate_scores(city))}
    for code in ("index", "product", "engineering", "service"):
        finding = found[f"competitiveness.city_quality.{code}.city"]
        if finding.status == "stated":
            assert (finding.estimate, finding.lower, finding.upper) == tuple(
                scores[code][name] for name in ("estimate", "lower", "upper")
            )


def test_rank_sets_and_ranges_over_choices_are_never_one(assessed: Case, rows_of: Rows) -> None:
    table = competitiveness.tabulate_units(assessed[0])
    notes = " ".join(note["en"] for note in table.payload["notes"])
    assert "for sampling errors only" in notes and "has no confidence" in notes
    heads = {column["key"]: column["label"]["en"] for column in table.payload["columns"]}
    assert "sampling error" in heads["ranks"] and "choices of method" in heads["range_said"]
    said = competitiveness.describe_robustness(assessed[0])[0]
    assert "不是置信区间" in said["zh"] and "no confidence interval" in said["en"]


def test_points_of_indicators_add_up_to_what_is_missing(assessed: Case, rows_of: Rows) -> None:
    for one in assessed[:2]:
        lost = sum(row["lost"] for row in rows_of(competitiveness.tabulate_indicators(one)))
        assert lost == pytest.approx(100 - one.city["estimate"])


def test_figures_of_the_two_indices_have_their_own_names(assessed: Case) -> None:
    names = [display.payload["name"] for one in assessed for display in all_displays(one)]
    assert len(set(names)) == len(names)


def test_displays_stand_in_for_what_is_missing(nothing: Case) -> None:
    for one in nothing:
        kinds = {display.payload["name"]: display.kind for display in all_displays(one)}
        assert kinds[f"{one.prefix}_years"] == "text" and kinds[f"{one.prefix}_scores"] == "table"


def test_published_scores_are_context_only() -> None:
    table = competitiveness.tabulate_published()
    assert "不可比" in table.payload["caption"]["zh"] and "not comparable" in table.payload["caption"]["en"]
