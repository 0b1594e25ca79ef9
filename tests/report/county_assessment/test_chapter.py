"""The circular and the pages of counties on the tiny city. Oracle: its clean tables, counted anew."""

import dataclasses
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from qstats.codebook import Text
from qstats.estimation import Scope
from qstats.params import read_params
from qstats.pipeline.clean import clean_files
from qstats.pipeline.inputs import RunTables
from qstats.report import county_assessment
from qstats.report.competitiveness import City, StreamRules
from qstats.report.county_assessment import Assessment
from qstats.report.county_assessment.assessment import YearOfCounties
from qstats.report.county_assessment.narrative import (
    describe_changes,
    describe_grades,
    describe_losses,
    describe_openness,
    describe_vetoes,
)
from qstats.report.display import Display
from qstats.report.exports import encode_xlsx
from qstats.report.markup import render
from qstats.satisfaction import find_survey
from qstats.scheme_registry import Veto, read_scheme
from qstats.synthetic import write_everything

pytestmark = pytest.mark.slow
Read = Callable[[Text], None]
Rows = Callable[[Display], list[dict[str, Any]]]
CITY = City({"zh": "聊城市", "en": "Liaocheng"}, "371500", 2013, "2015Q4", "2016-01-31")


@pytest.fixture(scope="module")
def received(project: Path, tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    folder = tmp_path_factory.mktemp("考核 assessed")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_everything(folder / "raw", folder / "truth", size="tiny")
    params = read_params(project / "params" / "demo-2015Q4.yaml")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return RunTables(
        **{name: pl.read_parquet(folder / "clean" / f"{name}.parquet") for name in RunTables.__slots__}
    )


def assess(received: Any, scheme: str = "county_30_50_20", *, minimum_batches: int = 30) -> Assessment:
    survey = find_survey(
        "service_satisfaction",
        confidence=0.95,
        minimum_respondents=30,
        leave_out=["speeder"],
        trim_weights=5.0,
    )
    scope = Scope(level="municipal", outcome="final", minimum_batches=minimum_batches)
    streams = StreamRules(scope, survey, 0.98, "dwellings_delivered", 0.98)
    return county_assessment.assess_counties(received, CITY, streams, scheme=scheme, confidence=0.95)


@pytest.fixture(scope="module", params=["county_30_50_20", "state_council_2013_47"])
def assessed(received: RunTables, request: pytest.FixtureRequest) -> Assessment:
    return assess(received, request.param)


def test_every_sentence_reads_well(assessed: Assessment, read_well: Read) -> None:
    texts = [
        *county_assessment.main_points(assessed), *county_assessment.describe_basis(assessed),
        *county_assessment.describe_limits(assessed),
    ]  # fmt: skip
    for unit in assessed.names:
        texts += county_assessment.county.main_points(assessed, unit)
        texts.append(county_assessment.county.describe_comparable(assessed, unit))
    for text in texts:
        read_well(text)


def test_grades_are_counted_as_the_table_has_them(assessed: Assessment, rows_of: Rows) -> None:
    rows = rows_of(county_assessment.tabulate_totals(assessed))
    assert len(rows) == len(assessed.names) == 11
    said = county_assessment.main_points(assessed)[0]["en"]
    for grade in assessed.grades:
        count = sum(row["grade"] == grade for row in rows)
        found = re.search(rf"\b{grade} \(\w+\): (\d+) \(", said)
        assert (int(found[1]) if found else 0) == count
        finding = next(
            one for one in county_assessment.list_findings(assessed) if one.key.endswith(f".count.{grade}")
        )
        assert finding.estimate == count


def test_the_regional_incident_is_a_veto_and_the_withdrawn_one_is_not(assessed: Assessment) -> None:
    assert assessed.now.cards.vetoes["county_code"].tolist() == ["371525"]
    assert assessed.by_county["371525"]["grade"] in ("D", None) or assessed.by_county["371525"]["vetoed"]
    assert not assessed.by_county["371526"]["vetoed"]


def with_a_veto_without_deduction(received: RunTables) -> RunTables:
    grade = pl.when(pl.col("incident_id") == "SG003").then(pl.lit("general")).otherwise("grade")
    return with_tables(received, incidents=received.incidents.with_columns(grade=grade))


@pytest.mark.parametrize("with_total", [True, False])
def test_a_veto_that_takes_no_points_is_followed_to_its_incident(
    received: RunTables, read_well: Read, rows_of: Rows, with_total: bool
) -> None:
    changed = with_a_veto_without_deduction(received)
    if not with_total:
        left = received.inspections.filter(pl.col("county_code") != "371525")
        changed = with_tables(changed, inspections=left)
    # The tiny city has few batches: by the usual rule no county in question has a total.
    assessed = assess(changed, minimum_batches=1)
    assert (assessed.by_county["371525"]["status"] == "stated") == with_total
    rows = rows_of(county_assessment.tabulate_traces(assessed, "371525"))
    assert (rows[0]["item"], rows[0]["source_id"], rows[0]["source_row"]) == (
        "regional_or_systemic", "incidents.csv", 4,
    )  # fmt: skip
    assert rows[0]["name_zh"] == "一票否决：区域性、系统性质量安全事件"
    assert [row["item"] for row in rows[1:] if row["source_table"] == "incidents"] == []
    said = county_assessment.county.main_points(assessed, "371525")[0]
    read_well(said)
    assert "SG003（2014年8月21日，incidents.csv第4行）" in said["zh"]
    assert "Incident behind the veto: SG003 (21 August 2014; incidents.csv, line 4)." in said["en"]
    assert "SG003" not in county_assessment.county.main_points(assessed, "371502")[0]["en"]


def test_every_traced_line_is_a_row_of_its_table(assessed: Assessment, received: RunTables) -> None:
    traces = assessed.now.cards.traces
    assert len(traces) > 300 and set(traces["source_table"]) >= {"inspections", "projects", "registers"}
    for table, own in traces.groupby("source_table"):
        if table in ("incidents", "assessment_evidence"):
            there = {(f"{table}.csv", row) for row in getattr(received, str(table))["source_row"]}
        else:
            lines = received.batch_rows if table == "inspections" else getattr(received, str(table))
            there = set(lines.select("source_id", "source_row").iter_rows())
        assert set(zip(own["source_id"], own["source_row"], strict=True)) <= there


def test_the_traced_rows_are_the_counted_ones_item_by_item_in_every_county(received: RunTables) -> None:
    # So few are sampled again in the tiny city that by the usual rule no rate of them is stated.
    assessed = assess(received, minimum_batches=1)
    traces = dict(iter(assessed.now.cards.traces.groupby(["county_code", "item"])))
    none = assessed.now.cards.traces.head(0)
    batches = received.batch_rows.join(received.inspections, on="batch_id", suffix="_first")
    by_evidence_only = {item.code for item in assessed.scheme.items if item.formula == "evidence"}
    checked = set()
    for card in assessed.now.cards.scores.to_dict("records"):
        own = traces.get((card["county_code"], card["item"]), none)
        entered, status = own["source_table"] == "assessment_evidence", card["status"]
        by_evidence = card["item"] in by_evidence_only
        assert entered.sum() == (status == "appealed" or (by_evidence and status != "no_evidence"))
        rows = own[~entered]
        if by_evidence or card["source_table"] == "incidents":
            assert len(rows) == (card["value"] if status == "deduction" else 0)
            continue
        measure = card["measure"]
        lines = pl.DataFrame(
            rows[["source_id", "source_row"]], schema={"source_id": pl.String, "source_row": pl.Int64}
        )
        assert lines.is_unique().all() and set(rows["source_table"]) <= {card["source_table"]}
        if card["source_table"] == "inspections":
            kept = batches.join(lines, on=["source_id", "source_row"])
            unit = "batch_id" if measure == "pass_rate" else "enterprise_id"
            counted = kept[unit].n_unique()
        elif card["source_table"] == "dwellings":
            kept = received.dwellings.join(lines, on=["source_id", "source_row"])
            counted = kept["dwellings_accepted"].sum()
        else:
            counted = len(rows)
        expected = card["value"] if card["status"] == "bonus" else card["n"]
        assert counted == (expected if expected == expected else 0), (card["county_code"], card["item"])
        checked.add(measure if counted else None)
    assert checked >= set(_MEASURED)
    vetoed = {
        (veto["county_code"], veto["veto"]): veto["rows"].split(",")
        for veto in assessed.now.cards.vetoes.to_dict("records")
    }
    cards = set(map(tuple, assessed.now.cards.scores[["county_code", "item"]].values))
    assert {
        key: own["source_row"].astype(str).tolist() for key, own in traces.items() if key not in cards
    } == vetoed


_MEASURED = (
    "pass_rate", "rectified_rate", "first_time_rate", "dwelling_rate", "producer_score", "consumer_score",
    "chief_quality_officers", "new_brands",
)  # fmt: skip


def test_officers_and_brands_count_by_the_rule_that_the_page_states(received: RunTables) -> None:
    assessed = assess(received)
    first, last = assessed.now.cards.window
    traces = pl.from_pandas(assessed.now.cards.traces)
    for item, register in (("officers", ["chief_quality_officer"]), ("brands", _BRANDS)):
        of_item = received.registers.filter(pl.col("register").is_in(register))
        if item == "officers":
            until = pl.min_horizontal("valid_until", pl.col("withdrawn_on").dt.offset_by("-1d"))
            in_office = (pl.col("awarded_on") <= last) & (until >= last).fill_null(True)
            sure = of_item.filter(in_office & (pl.col("ending") != "undated"))
        else:
            # An award stated by its year may have been made on any day of it.
            begun = pl.when(award_stated="year").then(pl.col("awarded_on").dt.truncate("1y"))
            begun = begun.when(award_stated="month").then(pl.col("awarded_on").dt.truncate("1mo"))
            begun = begun.otherwise("awarded_on").fill_null(pl.date(1900, 1, 1))
            new = begun.min().over("thing_id") >= first
            sure = of_item.filter(new & begun.is_between(first, last) & (pl.col("awarded_on") <= last))
        things = sure.group_by("county_code").agg(pl.col("thing_id").n_unique())
        expected = dict(things.filter(pl.col("county_code").is_in(list(assessed.names))).iter_rows())
        scores = assessed.now.cards.scores.query("item == @item and value > 0")
        assert dict(zip(scores["county_code"], scores["value"], strict=True)) == expected
        rows = traces.filter(pl.col("item") == item).join(received.registers, on=["source_id", "source_row"])
        assert set(rows["entry_id"]) <= set(sure["entry_id"]) and rows["thing_id"].is_unique().all()


_BRANDS = ["provincial_brand_product", "provincial_trademark", "national_trademark", "service_brand"]


def test_passes_of_a_county_are_those_of_its_traced_batches(received: RunTables) -> None:
    assessed = assess(received)
    traces = assessed.now.cards.traces
    checked = 0
    for card in assessed.now.cards.scores.query("item == 'pass_rate' and status == 'scored'").to_dict(
        "records"
    ):
        own = traces[(traces["county_code"] == card["county_code"]) & (traces["item"] == "pass_rate")]
        lines = pl.DataFrame({"source_id": list(own["source_id"]), "source_row": list(own["source_row"])})
        batches = received.batch_rows.join(lines, on=["source_id", "source_row"])["batch_id"].unique()
        outcomes = received.inspections.filter(pl.col("batch_id").is_in(batches.implode()))["outcome"]
        assert len(outcomes) == card["n"]
        assert (outcomes == "pass").mean() == pytest.approx(card["value"])
        checked += 1
    assert checked > 0


def test_a_failed_project_more_moves_that_item_of_that_county_only(received: RunTables) -> None:
    before = assess(received).now.cards.scores.set_index(["county_code", "item"])["points"]
    day = pl.col("first_accepted_on").dt.year() == 2015
    half = pl.col("first_accepted_on").dt.month() <= 6
    passed = received.projects.filter(day & half & (pl.col("first_outcome") == "pass"))
    chosen, county = passed["project_id"][0], passed["county_code"][0]
    changed = received.projects.with_columns(
        pl.when(pl.col("project_id") == chosen)
        .then(pl.lit("fail"))
        .otherwise("first_outcome")
        .alias("first_outcome")
    )
    after = assess(with_tables(received, projects=changed)).now.cards.scores.set_index(
        ["county_code", "item"]
    )["points"]
    moved = before.index[before.ne(after) & ~(before.isna() & after.isna())].tolist()
    assert moved == [(county, "first_time")]


def test_cards_and_findings_of_a_county_agree(assessed: Assessment, rows_of: Rows) -> None:
    for unit in ("371502", "371525"):
        rows = {row["item"]: row for row in rows_of(county_assessment.county.tabulate_card(assessed, unit))}
        findings = county_assessment.list_items(assessed, unit)
        assert len(findings) == len(rows) == len({one.key for one in findings})
        for finding in findings:
            item = str(finding.table).split("#item=")[1]
            assert finding.estimate == rows[item]["points"]
        total = assessed.by_county[unit]["points"]
        assert sum(row["points"] or 0 for row in rows.values()) == pytest.approx(total) or total != total


def test_what_waits_for_a_decision_is_provisional(assessed: Assessment) -> None:
    appeals = assessed.now.entered.appeals
    waiting = set(appeals.loc[appeals["decision"] == "pending", "county_code"])
    assert waiting and waiting <= assessed.now.awaited
    found = {one.key: one.release for one in county_assessment.list_findings(assessed)}
    for county in assessed.names:
        wanted = "provisional" if county in assessed.now.awaited else "final"
        assert found[f"county_assessment.{assessed.scheme.id}.points.county.{county}"] == wanted
    assert {name for key, name in found.items() if ".count." in key} == {"provisional"}
    nothing = replace(assessed, now=replace(assessed.now, awaited=frozenset()))
    assert {one.release for one in county_assessment.list_findings(nothing)} == {"final"}


def with_tables(received: RunTables, **changed: pl.DataFrame) -> RunTables:
    return RunTables(**({name: getattr(received, name) for name in RunTables.__slots__} | changed))


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_veto_without_a_total_is_said_alike_everywhere(
    received: RunTables, read_well: Read, rows_of: Rows, everywhere: bool
) -> None:
    gone = pl.lit(True) if everywhere else pl.col("county_code") == "371525"
    assessed = assess(with_tables(received, inspections=received.inspections.filter(~gone)))
    assert assessed.by_county["371525"]["status"] == "refused"
    points = county_assessment.main_points(assessed)
    for text in points:
        read_well(text)
    graded, _, ungraded = points[0]["en"].partition(" No grade, for lack of data: ")
    assert re.search(r"D \(inadequate\): \d+ \([^)]*Guanxian County", graded) and "Guanxian" not in ungraded
    for code in assessed.ungraded:
        assert assessed.names[code]["en"] in ungraded and assessed.by_county[code]["grade"] is None
    assert "Guanxian County is D (" in points[1]["en"] and "no total, for lack of data" in points[1]["en"]
    assert "冠县评为D" in points[1]["zh"] and "没有总分" in points[1]["zh"]
    own = county_assessment.county.main_points(assessed, "371525")[0]
    read_well(own)
    assert "no total" in own["en"] and "grade D (inadequate) by veto (regional or systemic" in own["en"]
    row = next(row for row in rows_of(county_assessment.tabulate_totals(assessed)) if row["vetoed"])
    assert row["grade_said_en"] == "D (inadequate)*" and "by veto" in row["reason_en"]
    findings = {one.key.split(".", 2)[2]: one for one in county_assessment.list_findings(assessed)}
    total = findings["points.county.371525"]
    assert total.status == "refused" and total.reason and "by veto" in total.reason["en"]
    assert findings["count.D"].estimate == len(assessed.counties_of("D")) >= 1
    assert "graded" not in str(county_assessment.chart_totals(assessed).payload)


def test_rows_are_named_by_table_file_and_line(
    assessed: Assessment, received: RunTables, rows_of: Rows
) -> None:
    display = county_assessment.tabulate_traces(assessed, "371525")
    assert [column["key"] for column in display.payload["columns"]] == ["name", "table", "file", "source_row"]
    files = dict(received.sources.select("source_id", "file").iter_rows())
    own = {"incidents.csv": "质量安全事故报告", "assessment_evidence.csv": "考核佐证与申诉"}
    rows = rows_of(display)
    for row in rows:
        if row["source_id"] in own:
            assert row["file"] == row["source_id"] and row["table_zh"] == own[row["file"]]
        else:
            assert row["file"] == files[row["source_id"]]
    assert {row["table_zh"] for row in rows} > set(own.values())
    for language in ("zh", "en"):
        page = render("table", display.payload, language)
        for row in rows[:8]:
            assert row["file"] in page and row[f"table_{language}"] in page
        assert not any(code in page for code in files if code not in "".join(files.values()))


def test_the_page_of_a_county_counts_its_own_rows(
    assessed: Assessment, read_well: Read, rows_of: Rows
) -> None:
    total = 0
    for unit in assessed.names:
        said = county_assessment.describe_basis(assessed, unit)[1]
        read_well(said)
        rows = rows_of(county_assessment.tabulate_traces(assessed, unit))
        vetoed = assessed.by_county[unit]["vetoed"]
        assert f"{assessed.names[unit]['zh']}的得分出自{len(rows) - vetoed}行" in said["zh"]
        assert ("一票否决出自1行记录。" in said["zh"]) == vetoed == ("veto comes from one row" in said["en"])
        total += len(rows) - vetoed
    assert f"出自{total}行" in county_assessment.describe_basis(assessed)[1]["zh"]


def with_totals(assessed: Assessment, county: str, **values: object) -> Assessment:
    totals = assessed.now.totals
    changed = totals.assign(
        **{name: totals[name].mask(totals["county_code"] == county, value) for name, value in values.items()}
    )
    return dataclasses.replace(assessed, now=dataclasses.replace(assessed.now, totals=changed))


def test_a_total_short_of_a_grade_is_not_printed_as_having_reached_it(received: RunTables) -> None:
    assessed = assess(received, minimum_batches=1)
    changed = with_totals(
        assessed, "371526", points=79.9888, to_next=0.0112, lower=71.2, upper=79.9888, grade="C",
        grade_by_points="C", best_grade="C", worst_grade="C",
    )  # fmt: skip
    payload = county_assessment.tabulate_totals(changed).payload
    for language, interval in (("zh", "71.2～79.99"), ("en", "71.2 to 79.99")):
        page = render("table", payload, language)
        row = page.partition(changed.names["371526"][language])[2].partition("</tr>")[0]
        assert ">79.99<" in row and ">0.01<" in row and interval in row
        assert ">80.0<" not in row.partition(">0.01<")[0]
        said = county_assessment.county.describe_total(changed, "371526")[language]
        assert "79.99" in said and interval in said and "80.0" not in said
    assert "79.99 (C)" in county_assessment.chart_totals(changed).payload["alt"]["en"]


def test_a_veto_is_marked_wherever_totals_stand(received: RunTables, rows_of: Rows) -> None:
    assessed = assess(received, minimum_batches=1)
    row = next(row for row in rows_of(county_assessment.tabulate_totals(assessed)) if row["vetoed"])
    assert row["to_next"] is None and row["grade_said_zh"].endswith("*")
    chart = county_assessment.chart_totals(assessed).payload
    assert "冠县*" in chart["alt"]["zh"] and "Guanxian County*" in chart["svg"]["en"]
    assert "*为一票否决" in chart["source"]["zh"] and "* graded by a veto" in chart["source"]["en"]
    none = assess(with_tables(received, incidents=received.incidents.head(0)), minimum_batches=1)
    chart = county_assessment.chart_totals(none).payload
    assert "*" not in chart["alt"]["zh"] + chart["source"]["zh"]


def test_the_first_point_alone_tells_vetoes_and_open_grades(received: RunTables, read_well: Read) -> None:
    assessed = assess(received, minimum_batches=1)
    first, *others = county_assessment.main_points(assessed)
    count = len(assessed.unsure)
    assert count > 1
    assert "冠县*" in first["zh"] and first["zh"].count("*") == 2 and "*为一票否决。" in first["zh"]
    assert "Guanxian County*" in first["en"] and "* decided by a veto." in first["en"]
    assert f"其中{count}个等级在抽样误差之内不能确定。" in first["zh"]
    assert f"Within sampling error {count} of these grades are open." in first["en"]
    for one in others:
        assert f"{count}个" not in one["zh"].partition("等级界线")[0].partition("平均失分")[0]
        assert "*" not in one["zh"]
    names = "、".join(assessed.names[code]["zh"] for code in assessed.unsure)
    assert f"等级因抽样误差不能确定的：{names}。" in others[1]["zh"]


@pytest.mark.parametrize(("unsure", "said"), [(0, "leave no grade open"), (1, "1 of these grades is open")])
def test_few_open_grades_are_told_once(assessed: Assessment, read_well: Read, unsure: int, said: str) -> None:
    totals = assessed.totals.assign(best_grade="B", worst_grade="B", status="stated", vetoed=False)
    totals.loc[totals.index[:unsure], "best_grade"] = "A"
    changed = dataclasses.replace(assessed, now=dataclasses.replace(assessed.now, totals=totals))
    points = [describe_grades(changed), describe_openness(changed)]
    for point in points:
        read_well(point)
    assert said in points[0]["en"] and "*" not in points[0]["zh"]
    assert ("Grades open within sampling error: " in points[1]["en"]) == bool(unsure)


def test_before_appeals_and_the_year_before_are_told_apart_in_the_files(assessed: Assessment) -> None:
    totals = county_assessment.tabulate_totals(assessed).payload
    card = county_assessment.county.tabulate_card(assessed, "371581").payload
    appealed = ("points_before_appeals", "grade_before_appeals")
    for payload, columns in ((totals, (*appealed, "before")), (card, (appealed[0], "before"))):
        book = openpyxl.load_workbook(io.BytesIO(encode_xlsx(payload)))
        told = {row[0]: row[1:3] for row in book["columns"].iter_rows(values_only=True)}
        assert "points_before" not in told and "grade_before" not in told
        assert all("申诉前" in told[name][0] for name in columns if name.endswith("_appeals"))
        assert all("before appeals" in told[name][1] for name in columns if name.endswith("_appeals"))
        unlabelled = {name for name, label in told.items() if name in columns and not all(label)}
        assert not unlabelled
    assert not [
        column for column in totals["frame"]["columns"]
        if not column.endswith(("_zh", "_en"))
        and column not in totals["file_labels"]
        and [column] not in [one["cells"] for one in totals["columns"]]
    ]  # fmt: skip


def test_points_by_a_decision_are_entered_and_not_estimated(received: RunTables) -> None:
    decision = (pl.col("kind") == "decision") & (pl.col("status") == "accepted")
    usual = received.assessment_evidence.filter(decision, scheme="county_30_50_20")
    changed = usual.with_columns(
        county_code=pl.lit("371526"), item=pl.lit("pass_rate"), evidence_id=pl.col("evidence_id") + "x",
        refers_to=pl.col("refers_to") + "x", points=pl.lit(20.0),
    )  # fmt: skip
    entries = pl.concat([received.assessment_evidence, changed])
    assessed = assess(with_tables(received, assessment_evidence=entries), minimum_batches=1)
    findings = county_assessment.list_items(assessed, "371526")
    [decided] = [one for one in findings if ".item.pass_rate." in one.key]
    assert (decided.estimate, decided.basis, decided.lower, decided.n) == (20.0, "census", None, None)
    rows = assessed.point_rows.query("county_code == '371526' and item == 'pass_rate'")
    assert rows["source_table"].tolist() == ["assessment_evidence"]


def test_base_scores_are_no_losses(assessed: Assessment, rows_of: Rows) -> None:
    scores = assessed.now.cards.scores
    base = scores[scores["status"] == "base_score"]
    everywhere = base.groupby("item").size().eq(len(assessed.names))
    nowhere = [item for item in assessed.scheme.items if everywhere.get(item.code, False)]
    assert "rectified" in {item.code for item in nowhere}
    lost, _, apart = describe_losses(assessed)["en"].partition(" Not counted as lost, ")
    assert lost.startswith("Most points were lost")
    for item in nowhere:
        assert item.label.en not in lost and f"{item.label.en} (in all counties)" in apart
    basis = " ".join(text["en"] for text in county_assessment.describe_basis(assessed))
    assert f"Of 100 points, {sum(item.points for item in nowhere):g} were measured in no county" in basis
    for unit in assessed.names:
        own = base[base["county_code"] == unit]
        strong = county_assessment.county.describe_strengths(assessed, unit)["en"]
        lost, _, apart = county_assessment.county.describe_losses(assessed, unit)["en"].partition(
            " Not counted"
        )
        for code, points in zip(own["item"], own["points"], strict=True):
            label = assessed.label(code)["en"]
            assert label not in lost and label not in strong and f"{label} {points:.1f}" in apart
        for row in rows_of(county_assessment.county.tabulate_card(assessed, unit)):
            assert (row["lost"] is None) == (row["status"] in ("base_score", "no_data", "bonus", "deduction"))
    counted = {row["item"]: row["counties"] for row in rows_of(county_assessment.tabulate_items(assessed))}
    assert all(counted[item.code] == 0 for item in nowhere)


def test_a_grade_that_a_veto_changed_is_not_sent_to_sampling_error(assessed: Assessment) -> None:
    def graded(year: YearOfCounties, **grades: str) -> YearOfCounties:
        known = year.totals["county_code"].map({f"37{code[1:]}": grade for code, grade in grades.items()})
        return dataclasses.replace(year, totals=year.totals.assign(grade=known.fillna(year.totals["grade"])))

    now, before = graded(assessed.now, c1502="C"), graded(assessed.before, c1502="B", c1525="C")
    changed = dataclasses.replace(assessed, now=now, before=before)
    said = describe_changes(changed)
    by_points, _, by_veto = said["en"].partition("Changed by a veto, not by sampling error: ")
    assert "Guanxian" not in by_points and "Guanxian County from C to D (veto this year)" in by_veto
    assert "sampling error stands on the page" in by_points and "Dongchangfu" in by_points
    assert "冠县由C变为D（本年度否决）" in said["zh"]


def test_vetoes_are_told_by_their_labels_each_county_once(
    received: RunTables, read_well: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = read_scheme("county_30_50_20")
    vetoes = [
        {
            "code": "one",
            "extents": ["regional"],
            "grade": "C",
            "label": {"zh": "甲类事件", "en": "Class one"},
        },
        {"code": "two", "extents": ["single"], "grade": "D", "label": {"zh": "乙类事件", "en": "Class two"}},
    ]
    changed = scheme.model_copy(update={"veto": tuple(Veto.model_validate(one) for one in vetoes)})
    monkeypatch.setattr("qstats.report.county_assessment.assessment.read_scheme", lambda name: changed)
    first = received.incidents.filter(pl.col("county_code") == "371525")
    second = first.with_columns(incident_id=pl.lit("SG999"), extent=pl.lit("single"))
    assessed = assess(with_tables(received, incidents=pl.concat([received.incidents, second])))
    said = describe_vetoes(assessed)
    read_well(said)
    assert said["en"].count("Guanxian") == 1 and "Guanxian County is D (class one; class two;" in said["en"]
    assert "冠县评为D（甲类事件、乙类事件；" in said["zh"] and "regional" not in said["en"]
    own = county_assessment.county.describe_total(assessed, "371525")
    read_well(own)
    assert "class one; class two" in own["en"] and "区域性" not in own["zh"]
    none = assess(with_tables(received, incidents=received.incidents.head(0)))
    assert "Class one; Class two" in describe_vetoes(none)["en"]
    monkeypatch.setattr(
        "qstats.report.county_assessment.assessment.read_scheme",
        lambda name: scheme.model_copy(update={"veto": ()}),
    )
    assert describe_vetoes(assess(received)) == {
        "zh": "本办法没有一票否决。",
        "en": "The scheme has no veto.",
    }


def test_the_rules_of_counting_stand_where_the_figures_do(assessed: Assessment) -> None:
    card = county_assessment.county.tabulate_card(assessed, "371502")
    for display in (county_assessment.tabulate_items(assessed), card):
        notes = " ".join(note["en"] for note in display.payload["notes"])
        officers = "in office on 30 June 2015, each once even where terms overlap" in notes
        assert officers == (assessed.scheme.id == "county_30_50_20")
        assert "renewals do not count" in notes


def test_when_nothing_was_received_no_county_has_a_grade(received: RunTables, read_well: Read) -> None:
    tables = {name: getattr(received, name).head(0) for name in RunTables.__slots__}
    assessed = assess(RunTables(**tables))
    assert set(assessed.totals["status"]) == {"refused"}
    for text in county_assessment.main_points(assessed):
        read_well(text)
    assert county_assessment.chart_totals(assessed).kind == "text"
    findings = county_assessment.list_findings(assessed)
    assert all(one.status == "refused" for one in findings if ".points." in one.key)
    for unit in list(assessed.names)[:2]:
        for text in county_assessment.county.main_points(assessed, unit):
            read_well(text)
