"""The chapter on credit on the tiny city. Oracle: rows counted anew; the audit; the city's own quality."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from qstats.codebook import Text
from qstats.methods.disclosure import TOTAL
from qstats.params import read_params
from qstats.pipeline.clean import clean_files
from qstats.pipeline.inputs import RunTables
from qstats.report import credit
from qstats.report.credit import Assessment
from qstats.report.disclosure import SUPPRESSED, DisclosureRule, audit_publications
from qstats.report.display import Display
from qstats.synthetic import write_everything

pytestmark = pytest.mark.slow
Read = Callable[[Text], None]
Rows = Callable[[Display], list[dict[str, Any]]]
SCHEMES = ("gb_t_23791_2009", "aqsiq_2012_74")


@pytest.fixture(scope="module")
def received(project: Path, tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    folder = tmp_path_factory.mktemp("信用 credit")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_everything(folder / "raw", folder / "truth", size="tiny")
    params = read_params(project / "params" / "demo-2015Q4.yaml")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return RunTables(
        **{name: pl.read_parquet(folder / "clean" / f"{name}.parquet") for name in RunTables.__slots__}
    )


def assess(
    received: Any, schemes: tuple[str, ...] = SCHEMES, minimum: int = 3, publicity_from: str | None = None
) -> Assessment:
    return credit.assess_credit(
        received, {"zh": "聊城市", "en": "Liaocheng"}, "2015Q4", "2016-01-31", schemes=schemes,
        confidence=0.95, level="municipal", listed_from=0.98,
        rule=DisclosureRule(minimum_enterprises=minimum, minimum_width=2), publicity_from=publicity_from,
    )  # fmt: skip


@pytest.fixture(scope="module")
def assessed(received: RunTables) -> Assessment:
    return assess(received)


def all_texts(assessed: Assessment) -> list[Text]:
    return [
        *credit.main_points(assessed), *credit.describe_basis(assessed),
        *credit.describe_supervision(assessed), *credit.describe_limits(assessed),
    ]  # fmt: skip


def displays(assessed: Assessment) -> list[Display]:
    shown = (
        credit.tabulate_grades, credit.tabulate_counties, credit.tabulate_industries, credit.tabulate_moves,
        credit.tabulate_prediction, credit.chart_shares, credit.chart_prediction,
    )  # fmt: skip
    return [show(assessed) for show in shown]


def test_every_sentence_reads_well(assessed: Assessment, read_well: Read) -> None:
    for text in all_texts(assessed):
        read_well(text)
    assert len(credit.main_points(assessed)) <= 6


def test_all_published_tables_pass_the_audit_together(assessed: Assessment) -> None:
    published = assessed.published
    assert published is not None
    assert len(published.tables) == 2 * (
        2 + 2 + 1
    )  # by county and industry in two years, and moves; two schemes
    audit = audit_publications(published.tables)
    assert audit.holds and published.audit.holds
    suppressed = sum(int(one.suppressed.sum()) for one in published.tables)
    assert suppressed > 50
    for one in published.tables:
        inner = np.array([TOTAL not in name for name in one.table.names])
        few = inner & (one.table.values > 0) & (one.table.values < 3)
        assert (one.suppressed[few]).all()


def test_moves_add_up_to_the_grades_of_both_years(assessed: Assessment, rows_of: Rows) -> None:
    moves = [row for row in rows_of(credit.tabulate_moves(assessed))]
    for one in assessed.schemes:
        own = [row for row in moves if row["scheme"] == one.scheme.id]
        before = {row["before"]: row["n"] for row in own if row["before"] != "new"}
        assert before == {"+".join(group): n for group, n in one.before.items()}
        for row in own:
            parts = [value for key, value in row.items() if key.startswith("now_") or key == "gone"]
            shown = sum(value or 0 for value in parts if value != SUPPRESSED)
            hidden = row["n"] - shown
            assert hidden >= min(3, row["n"]) if SUPPRESSED in parts else hidden == 0


def test_hidden_cells_of_a_line_are_not_few_together(assessed: Assessment) -> None:
    """The total of a line is published, and so is the sum of what is hidden in it."""
    assert assessed.published is not None
    lines = 0
    for one in assessed.published.tables:
        cells = pd.DataFrame([name[1:] for name in one.table.names], columns=["row", "column"])
        cells = cells.assign(n=one.table.values, hidden=one.suppressed)
        inner = cells[(cells["row"] != TOTAL) & (cells["column"] != TOTAL)]
        for by in ("row", "column"):
            for _, line in inner.groupby(by):
                hidden = line.loc[line["hidden"], "n"].sum()
                lines += 0 < hidden < 6
                assert hidden == 0 or hidden >= 3 or hidden == line["n"].sum()
    assert lines > 5


def test_no_published_cell_is_small(assessed: Assessment, rows_of: Rows) -> None:
    for show in (credit.tabulate_counties, credit.tabulate_industries):
        for row in rows_of(show(assessed)):
            counts = [value for key, value in row.items() if "." in key and value != SUPPRESSED]
            assert all(value == 0 or value >= 3 for value in counts)
    assert all(row["n"] >= 3 for row in rows_of(credit.tabulate_grades(assessed)))
    for row in rows_of(credit.tabulate_moves(assessed)):
        counts = [value for key, value in row.items() if key.startswith("now_") or key == "gone"]
        assert all(value in (SUPPRESSED, 0) or value >= 3 for value in counts)
    for row in rows_of(credit.tabulate_prediction(assessed)):
        assert row["enterprises"] >= 3


def test_a_few_grades_of_the_year_before_do_not_hide_those_of_now(received: RunTables) -> None:
    later = received.enterprise_records.filter(pl.col("recorded_on") > pl.date(2014, 12, 31))
    first = received.enterprise_records.filter(pl.col("recorded_on") <= pl.date(2014, 12, 31)).head(2)
    young = RunTables(**({name: getattr(received, name) for name in RunTables.__slots__}
                         | {"enterprise_records": pl.concat([first, later])}))  # fmt: skip
    found = assess(young)
    for one in found.schemes:
        assert one.total > 50 and len(one.groups) > 1 and one.total_before == 0
    assert all("no grades of a year earlier" in text["en"] for text in credit.main_points(found)[:2])


def test_records_without_a_grade_are_not_said_to_be_missing(received: RunTables, read_well: Read) -> None:
    undated = received.enterprise_records.with_columns(recorded_on=pl.lit(None, pl.Date))
    tables = {name: getattr(received, name) for name in RunTables.__slots__} | {"enterprise_records": undated}
    found = assess(RunTables(**tables))
    assert not found.schemes and found.records > 0
    for text in all_texts(found):
        read_well(text)
        assert "No department sent" not in text["en"]


def test_publicity_that_begins_later_is_said_so(received: RunTables) -> None:
    found = assess(received, publicity_from="2016-05-01")
    assert "begins on 1 May 2016" in " ".join(text["en"] for text in credit.describe_supervision(found))
    assert {one.publicity for one in found.schemes} == {"unpublished"}


def test_nothing_is_final_before_objections_could_be_made(assessed: Assessment) -> None:
    counted = [one for one in credit.list_findings(assessed) if one.basis == "census"]
    assert counted and {one.release for one in counted} == {"provisional"}
    said = " ".join(text["en"] for text in credit.describe_supervision(assessed))
    assert "has not begun" in said


def test_the_public_page_names_no_enterprise(assessed: Assessment, received: RunTables) -> None:
    shown = str([one.payload for one in displays(assessed)]) + str(all_texts(assessed))
    shown += str([one.as_dict() for one in credit.list_findings(assessed)])
    names = received.enterprises["enterprise_name"].drop_nulls().to_list()
    assert len(names) > 100 and not [name for name in names if name in shown]
    ids = received.enterprises["enterprise_id"].to_list()
    assert not [one for one in ids if one in shown]


def test_counts_are_those_of_all_graded_enterprises(assessed: Assessment, rows_of: Rows) -> None:
    for one in assessed.schemes:
        rows = [row for row in rows_of(credit.tabulate_grades(assessed)) if row["scheme"] == one.scheme.id]
        assert sum(row["n"] for row in rows) == one.total
        assert sum(row["share"] for row in rows) == pytest.approx(1)
    total = next(row for row in rows_of(credit.tabulate_counties(assessed)) if row["code"] == TOTAL)
    assert total["n"] == assessed.schemes[0].total == assessed.schemes[1].total


def test_bad_grades_foretell_failures_in_a_city_where_quality_lasts(assessed: Assessment) -> None:
    for one in assessed.schemes:
        assert one.prediction.trend.slope > 0
        assert one.prediction.score_area.lower > 0.5 and one.prediction.area.estimate > 0.5


def test_findings_have_keys_of_their_own_and_rows_in_their_tables(
    assessed: Assessment, rows_of: Rows
) -> None:
    findings = credit.list_findings(assessed)
    assert len({one.key for one in findings}) == len(findings)
    keys = {
        name: {row["key"] for row in rows_of(show(assessed))}
        for name, show in (
            ("credit_grades", credit.tabulate_grades),
            ("credit_prediction", credit.tabulate_prediction),
        )
    }
    for finding in findings:
        if finding.table:
            name, key = finding.table.removeprefix("tables/").split(".csv#key=")
            assert key in keys[name]


def test_grades_with_few_enterprises_are_published_with_their_neighbour(received: RunTables) -> None:
    strict = assess(received, minimum=12)
    for one in strict.schemes:
        assert min(*one.now.values(), *one.before.values()) >= 12
    assert any(one.pooled for one in strict.schemes)
    assert strict.published is not None and strict.published.audit.holds


def test_one_scheme_alone_has_a_page_too(received: RunTables, read_well: Read) -> None:
    alone = assess(received, schemes=SCHEMES[:1])
    for text in all_texts(alone):
        read_well(text)
    assert all(one.payload["name"] for one in displays(alone))


def test_without_records_nothing_is_graded(received: RunTables, read_well: Read) -> None:
    tables = {name: getattr(received, name) for name in RunTables.__slots__}
    empty = {name: tables[name].clear() for name in ("enterprise_records", "enterprises", "enterprise_links")}
    none = assess(RunTables(**(tables | empty)))
    for text in all_texts(none):
        read_well(text)
    assert {one.kind for one in displays(none)} == {"text"}
    (finding,) = credit.list_findings(none)
    assert finding.status == "no_data"
