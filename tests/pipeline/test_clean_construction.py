"""Files about construction works against their truth: faults caught, records once, values recovered."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qstats.cleaning.rules import RULES
from qstats.params import Params
from qstats.pipeline.clean import clean_files
from qstats.synthetic import write_construction

Record = Callable[[str, object], None]
Beside = Callable[[pl.DataFrame, pl.DataFrame, list[str]], pl.DataFrame]
SEED = 20151231
PER_CASE = [rule.id for rule in RULES.values() if not rule.cosmetic]
EMPTIED = {
    "county_code": {("place.unknown", "county")},
    "scale": {("category.unknown", "scale")},
    "building_type": {("text.placeholder", "building_type")},
    "dwellings": {("number.unreadable", "dwellings")},
    "first_outcome": {
        ("category.unknown", "outcome"), ("category.unknown", "first_outcome"),
        ("project.route_contradicts", "route"),
    },
    "first_accepted_on": {("date.impossible", "first_accepted_on"), ("date.impossible", "accepted_on")},
    "final_accepted_on": {
        ("date.impossible", "first_accepted_on"), ("date.impossible", "accepted_on"),
        ("category.unknown", "outcome"),
    },
    "route": {("category.unknown", "outcome")},
    "accepted_on": {("date.impossible", "accepted_on")},
    "opened_on": {("date.impossible", "opened_on")},
    "closed_on": {("date.impossible", "closed_on"), ("complaint.closed_before_opened", "closed_on")},
    "kind": {("text.placeholder", "kind")},
}  # fmt: skip
"""Faults that leave nothing to recover, by the column that they empty: rule and field."""

COUNTS = ["dwellings_total", "dwellings_accepted", "dwellings_first_time", "dwellings_after_rework"]
WITHOUT_COUNTS = [
    "dwelling.counts_contradict", "dwelling.counts_missing", "dwelling.sentence_unreadable",
    "number.unreadable",
]  # fmt: skip


class Works:
    """Construction works of the tiny city, cleaned, with their truth."""

    def __init__(self, raw: Path, truth: Path, clean: Path) -> None:
        self.raw = raw
        self.clean = {path.stem: pl.read_parquet(path) for path in clean.glob("*.parquet")}
        self.truth = {path.stem: pl.read_parquet(path) for path in truth.glob("*.parquet")}
        self.rates = pl.read_csv(
            truth / "construction_truth.csv", schema_overrides={"county_code": pl.String}
        )
        self.faults = pl.read_csv(
            truth / "construction_faults.csv", schema_overrides={"true": pl.String, "written": pl.String}
        ).with_columns(pl.col("source_row").fill_null(0))
        self.sources = self.clean["sources"]
        self.issues = self.clean["issues"].join(self.sources.select("source_id", "file"), on="source_id")

    def placed(self, table: str) -> pl.DataFrame:
        """Clean rows with the faults (``rule, field``) of the row that they lead back to, and ``rules``."""
        rows = self.clean[table].join(self.sources.select("source_id", "file"), on="source_id", how="left")
        faults = self.faults.group_by("file", "source_row").agg(
            pl.struct("rule", "field").alias("faults"), pl.col("rule").alias("rules")
        )
        return rows.join(faults, on=["file", "source_row"], how="left").with_columns(
            pl.col("rules").fill_null(pl.lit([], pl.List(pl.String)))
        )

    def true_id(self, rule: str) -> dict[str, str]:
        """Ids under which records of numbers used twice come out, with their true numbers."""
        issues = self.issues.filter(pl.col("rule") == rule)
        faults = self.faults.filter(pl.col("rule") == rule)
        both = issues.join(faults, on=["file", "source_row"], suffix="_put")
        return dict(both.select("new_value", "true").iter_rows())


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory, params: Params) -> Works:
    folder = tmp_path_factory.mktemp("工程 works")
    for name in ("raw", "clean"):
        (folder / name).mkdir()
    write_construction(folder / "raw", folder / "truth", seed=SEED, size="tiny")
    clean_files(folder / "raw", params, folder / "clean", lambda message: None)
    return Works(folder / "raw", folder / "truth", folder / "clean")


def test_every_fault_is_caught_by_its_rule_in_its_file(
    works: Works, beside: Beside, record_property: Record
) -> None:
    by_rule = beside(
        works.faults.group_by("rule").len("injected"),
        works.issues.group_by("rule").agg(pl.col("cases").sum().alias("caught")),
        ["rule"],
    )
    record_property("construction works: injected and caught", by_rule.rows())
    by_file = beside(
        works.faults.group_by("rule", "file").len("injected"),
        works.issues.group_by("rule", "file").agg(pl.col("cases").sum().alias("caught")),
        ["rule", "file"],
    )
    assert by_file.filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_case_stands_where_the_fault_was_put(works: Works, beside: Beside) -> None:
    key = ["rule", "file", "source_row"]
    counted = pl.col("rule").is_in(PER_CASE)
    injected = works.faults.filter(counted).group_by(key).len("injected")
    caught = works.issues.filter(counted).group_by(key).len("caught")
    assert beside(injected, caught, key).filter(pl.col("injected") != pl.col("caught")).rows() == []


def test_every_rule_of_these_tables_has_a_fault(works: Works) -> None:
    of_works = {
        one for one in RULES if one.split(".")[0] in ("project", "dwelling", "measurement", "complaint")
    }
    only_for_scores = {"project.score_identity"}
    assert of_works - only_for_scores <= set(works.faults["rule"])


def test_every_row_is_accounted_for(works: Works) -> None:
    sources = works.sources
    total = sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]
    assert total.to_list() == sources["rows_in"].to_list()
    assert sources.filter(pl.col("problem_en").is_not_null())["file"].to_list() == ["验收系统导出.xls"]
    tables = ("projects", "dwellings", "measurements", "complaints")
    rows = [works.clean[name].select("source_id", "source_row").unique() for name in tables]
    assert pl.concat(rows).height == sources["rows_kept"].sum()


def test_every_project_stands_once(works: Works) -> None:
    ids = works.clean["projects"]["project_id"].replace(works.true_id("project.number_reused"))
    assert sorted(ids) == sorted(works.truth["projects"]["project_id"])


def test_every_complaint_stands_once(works: Works) -> None:
    ids = works.clean["complaints"]["complaint_id"].replace(works.true_id("complaint.number_reused"))
    assert sorted(ids) == sorted(works.truth["complaints"]["complaint_id"])


def _wrong(beside: pl.DataFrame, column: str) -> list[tuple[object, ...]]:
    """Rows where a column is neither the true one nor emptied by a fault in its row."""
    emptied = [f"{rule}/{field}" for rule, field in EMPTIED.get(column, set())]
    faults = pl.col("faults").list.eval(
        pl.format("{}/{}", pl.element().struct["rule"], pl.element().struct["field"])
    )
    lost = faults.list.set_intersection(emptied).list.len().fill_null(0) > 0
    expected = pl.when(lost & pl.col(column).is_null()).then(None).otherwise(f"{column}_true")
    wrong = beside.filter(pl.col(column).ne_missing(expected))
    return wrong.select(column, f"{column}_true", "file", "source_row", "rules").rows()[:5]


PROJECT_COLUMNS = (
    "project_name", "county_code", "scale", "building_type", "dwellings", "first_accepted_on",
    "first_outcome", "final_accepted_on",
)  # fmt: skip


@pytest.mark.parametrize("column", PROJECT_COLUMNS)
def test_true_values_of_projects_are_recovered_or_unknown(works: Works, column: str) -> None:
    true_id = works.true_id("project.number_reused")
    clean = works.placed("projects").with_columns(pl.col("project_id").replace(true_id))
    beside = clean.join(works.truth["projects"], on="project_id", suffix="_true")
    assert beside.height == works.truth["projects"].height
    assert _wrong(beside, column) == []


def test_routes_are_those_stated_or_follow_from_the_outcomes(works: Works) -> None:
    true_id = works.true_id("project.number_reused")
    clean = works.placed("projects").with_columns(pl.col("project_id").replace(true_id))
    beside = clean.join(works.truth["projects"], on="project_id", suffix="_true").filter(
        ~pl.col("rules").list.contains("project.route_contradicts")
    )
    assert _wrong(beside, "route") == []


def test_sheets_of_dwellings_are_recovered_or_without_counts(works: Works) -> None:
    sheets, true = works.placed("dwellings"), works.truth["dwellings"]
    beside = sheets.join(true, on=["project_id", "building"], suffix="_true")
    assert sheets.height == beside.height == true.height
    assert _wrong(beside, "accepted_on") == _wrong(beside, "county_code") == []
    damaged = pl.col("rules").list.set_intersection(WITHOUT_COUNTS).list.len() > 0
    whole = beside.filter(~damaged)
    assert whole.select(COUNTS).rows() == whole.select(f"{name}_true" for name in COUNTS).rows()
    for name in COUNTS:
        stated = beside.filter(damaged & pl.col(name).is_not_null())
        assert (stated[name] == stated[f"{name}_true"]).all()


def test_measured_values_are_recovered_or_unknown(works: Works) -> None:
    heights = {f"height_{at}": ("height", at) for at in range(1, 6)}
    plans = {f"plan_{at}": ("plan", at) for at in range(1, 5)}
    place = ["project_id", "dwelling", "room"]
    true = works.truth["rooms"].unpivot(
        on=[*heights, *plans], index=place, variable_name="_name", value_name="true"
    )
    known = heights | plans
    true = true.with_columns(
        pl.col("_name").replace_strict({name: one[0] for name, one in known.items()}).alias("quantity"),
        pl.col("_name").replace_strict({name: one[1] for name, one in known.items()}).alias("point"),
    )
    values = works.placed("measurements")
    sent_changed = pl.col("rules").list.contains("measurement.conflict")
    beside = true.join(values.filter(~sent_changed), on=[*place, "quantity", "point"], how="left")
    missing = beside.filter(pl.col("measured").is_null())
    assert (beside["measured"] == beside["true"]).all()
    put = works.faults.group_by("rule").len().rows()
    emptied = dict(put)["measurement.impossible"] + 9 * (dict(put)["measurement.nothing_measured"] - 2)
    assert missing.height == emptied
    changed = values.filter(sent_changed).select("source_id", "source_row").unique()
    assert changed.height == dict(put)["measurement.conflict"]


@pytest.mark.parametrize("column", ["county_code", "opened_on", "closed_on", "kind", "project_id"])
def test_true_values_of_complaints_are_recovered_or_unknown(works: Works, column: str) -> None:
    true_id = works.true_id("complaint.number_reused")
    clean = works.placed("complaints").with_columns(pl.col("complaint_id").replace(true_id))
    beside = clean.join(works.truth["complaints"], on="complaint_id", suffix="_true")
    assert beside.height == works.truth["complaints"].height
    assert _wrong(beside, column) == []
    closed = beside["closed_on_true"].is_not_null()
    assert beside.filter(closed & (beside["status"] == "open")).is_empty()


def test_registers_hold_the_projects_that_their_offices_declared(works: Works) -> None:
    declared = works.sources.filter(pl.col("batches_declared").is_not_null())
    assert declared["layout"].to_list() == ["project_acceptance"] * 5
    assert declared["rows_kept"].to_list() == declared["batches_declared"].to_list()


def test_denominators_are_those_declared(works: Works) -> None:
    declared = pl.read_csv(works.raw / "denominators.csv", schema_overrides={"county_code": pl.String})
    clean = works.clean["denominators"].select(declared.columns)
    assert clean.rows() == declared.rows()
    city = declared.filter(pl.col("county_code").is_null())
    assert city.height == 10
    sums = declared.filter(pl.col("county_code").is_not_null()).group_by("denominator", "year")
    both = city.join(sums.agg(pl.col("count").sum().alias("counties")), on=["denominator", "year"])
    projects = both.filter(pl.col("denominator") == "projects")
    assert projects["count"].to_list() == projects["counties"].to_list()
