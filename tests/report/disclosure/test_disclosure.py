"""Crossed tables that are published: nothing suppressed leaks from the page, its files or several periods."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from qstats.estimation import Scope
from qstats.methods.disclosure import TOTAL
from qstats.periods import Period
from qstats.report import markup
from qstats.report.disclosure.audit import audit_publications
from qstats.report.disclosure.cross_tables import (
    DisclosureRule,
    ProtectedTable,
    protect_cross_table,
    withhold_suppressed,
)
from qstats.report.disclosure.tables import (
    SUPPRESSED,
    describe_audit,
    tabulate_batches_by_cell,
    tabulate_failures_by_cell,
)
from qstats.report.exports import encode_csv, encode_xlsx
from qstats.report.subject import Subject

RULE = DisclosureRule(minimum_enterprises=3, minimum_width=2)
BY = ("county_code", "product_class")
SUBJECT = Subject({"zh": "聊城市", "en": "Liaocheng"}, Period.parse("2015Q4"), Scope(level="municipal"))


def counts(
    rows: dict[tuple[str | None, str | None], tuple[int, int, int]], period: str = "2015Q4"
) -> pd.DataFrame:
    """Counts by county and class: batches, failures, enterprises."""
    return pd.DataFrame(
        [(period, *groups, *numbers) for groups, numbers in rows.items()],
        columns=["period", *BY, "n", "failures", "enterprises"],
    )


SMALL = {
    ("371502", "food"): (911, 4, 700), ("371502", "textiles"): (822, 0, 600),
    ("371502", "chemicals"): (733, 1, 500), ("371521", "food"): (644, 0, 400),
    ("371521", "textiles"): (557, 1, 2), ("371521", "chemicals"): (461, 0, 300),
    ("371581", "food"): (377, 2, 200), ("371581", "textiles"): (283, 0, 100), (None, "food"): (1955, 0, 1),
}  # fmt: skip


def protected(rows: dict = SMALL, period: str = "2015Q4", **more: object) -> ProtectedTable:  # type: ignore[type-arg]
    return protect_cross_table(counts(rows, period), BY, RULE, **more)  # type: ignore[arg-type]


def cell(table: ProtectedTable, county: str, product_class: str) -> pd.Series:
    cells = table.cells
    return cells[(cells[BY[0]] == county) & (cells[BY[1]] == product_class)].iloc[0]


def test_the_small_cell_and_its_complements_are_suppressed() -> None:
    table = protected()
    small = cell(table, "371521", "textiles")
    assert (small["status"], small["failures"]) == ("suppressed", 1)
    assert pd.isna(small["n"])
    assert table.sensitive.sum() == 1
    assert table.suppressed.sum() == 4
    hidden = table.cells[table.cells["status"] == "suppressed"]
    assert (hidden[list(BY)] != TOTAL).all(axis=None)
    assert audit_publications([table]).holds


def test_margins_stay_and_unknown_places_are_not_sensitive() -> None:
    table = protected()
    assert cell(table, "371521", TOTAL)["n"] == 644 + 557 + 461
    assert cell(table, TOTAL, TOTAL)["n"] == sum(n for n, _, _ in SMALL.values())
    assert not table.sensitive[table.table.positions([("2015Q4", "", "food")])].any()
    assert cell(table, TOTAL, "chemicals")["n"] == 733 + 461


def test_no_suppressed_value_reaches_page_or_files() -> None:
    """True values of suppressed cells are numbers that stand nowhere else."""
    table = protected()
    inner = [
        n
        for name, n, gone in zip(table.table.names, table.table.values, table.suppressed, strict=True)
        if gone
    ]
    assert len(inner) == 4
    shown = [
        tabulate_batches_by_cell(table, RULE, SUBJECT, name="batches"),
        tabulate_failures_by_cell(table, SUBJECT, name="failures"),
    ]
    for display in shown:
        bundle = display._repr_mimebundle_()
        book = zipfile.ZipFile(io.BytesIO(encode_xlsx(display.payload)))
        sheets = "".join(book.read(name).decode() for name in book.namelist())
        written = [str(bundle), encode_csv(display.payload).decode(), sheets, str(display.payload)]
        written += [markup.render("table", display.payload, language) for language in ("zh", "en")]
        assert all(SUPPRESSED in text for text in (written[1], *written[4:]))
        for value in map(int, filter(None, inner)):
            assert not any(str(value) in text or f"{value:,}" in text for text in written), value


def test_failures_are_known_to_a_reader() -> None:
    """Two batches of one enterprise, both failed: announcement and total tell them whatever is hidden."""
    rows = {
        ("a", "food"): (2, 2, 1),
        ("a", "textiles"): (0, 0, 0),
        ("b", "food"): (9, 0, 8),
        ("b", "textiles"): (7, 0, 6),
    }
    table = protected(rows)
    assert table.refused
    assert [name[1:] for name in table.unprotectable] == [("a", "food")]  # type: ignore[index]


def test_a_table_that_cannot_be_protected_is_refused_with_its_reason() -> None:
    table = protected({("a", "food"): (4, 0, 2), ("b", "food"): (9, 0, 8)})
    assert table.refused
    assert table.cells.loc[table.cells["status"] == "suppressed", "n"].isna().all()
    display = tabulate_batches_by_cell(table, RULE, SUBJECT, name="batches")
    assert display.kind == "text"
    assert "3" in display.payload["paragraphs"][0]["en"]
    audit = audit_publications([table])
    assert audit.holds
    assert describe_audit(audit, table)["en"].startswith("The table is not published")


def test_a_class_with_one_batch_is_protected_as_far_as_its_total_allows() -> None:
    rows = SMALL | {("371521", "appliances"): (1, 0, 1)}
    table = protected(rows)
    assert not table.refused
    assert table.protection.max() == 2
    assert sorted(table.protection[table.sensitive]) == [1, 2]
    assert audit_publications([table]).holds


def test_nothing_small_nothing_suppressed() -> None:
    table = protected({key: (n, f, 9) for key, (n, f, _) in SMALL.items()})
    assert not table.suppressed.any()
    assert tabulate_batches_by_cell(table, RULE, SUBJECT, name="batches").payload["notes"] == []
    assert describe_audit(audit_publications([table]), table)["en"].startswith("No single number")


@pytest.mark.parametrize("row_order", [0, 1])
def test_order_of_rows_does_not_matter(row_order: int) -> None:
    shuffled = counts(SMALL).sample(frac=1, random_state=row_order)
    pd.testing.assert_frame_equal(protect_cross_table(shuffled, BY, RULE).cells, protected().cells)


def _quarter(period: str, seed: int) -> dict[tuple[str | None, str | None], tuple[int, int, int]]:
    rng = np.random.default_rng(seed)
    firms = rng.integers(1, 9, (4, 4))
    return {
        (f"c{row}", f"k{column}"): (int(firms[row, column] + rng.integers(0, 3)), 0, int(firms[row, column]))
        for row in range(4)
        for column in range(4)
    }


def test_half_year_and_quarters_together_give_a_cell_away_unless_its_parts_are_heeded() -> None:
    """Each table is safe by itself; the half-year less one quarter is the other quarter."""
    first, second = _quarter("2015Q1", 1), _quarter("2015Q2", 2)
    both = {key: tuple(map(sum, zip(first[key], second[key], strict=True))) for key in first}
    quarters = [protected(first, "2015Q1"), protected(second, "2015Q2")]
    sums = {"2015H1": ["2015Q1", "2015Q2"]}
    careless = protected(both, "2015H1")
    assert all(audit_publications([one]).holds for one in [*quarters, careless])
    assert audit_publications([*quarters, careless], sums).recovered
    careful = protected(both, "2015H1", parts=quarters)
    audit = audit_publications([*quarters, careful], sums)
    assert audit.recovered == ()
    assert careful.suppressed.sum() > careless.suppressed.sum()


def test_the_audit_names_what_it_recovers() -> None:
    table = protected()
    published_elsewhere = ProtectedTable(
        BY, table.cells, table.table, table.sensitive, table.protection, np.zeros_like(table.suppressed)
    )
    both = audit_publications([table, published_elsewhere])
    assert both.holds, "a cell that another table publishes is no longer suppressed"
    one = table.suppressed & ~table.sensitive
    first = np.flatnonzero(one)[0]
    leaking = ProtectedTable(
        BY, table.cells, table.table, table.sensitive, table.protection,
        np.where(np.arange(len(one)) == first, False, table.suppressed),
    )  # fmt: skip
    audit = audit_publications([leaking])
    assert len(audit.recovered) == 3
    assert ("2015Q4", "371521", "textiles") in audit.recovered
    assert describe_audit(audit, leaking)["en"].startswith("The audit fails: 3")


def _rates(table: ProtectedTable, county: str) -> pd.DataFrame:
    """Rates of a county by class as they would be published without a second table."""
    cells = [name for name in table.table.names if name[1] == county and name[2] != TOTAL]  # type: ignore[index]
    n = table.table.values[table.table.positions(cells)]
    return pd.DataFrame(
        {
            "product_class": [name[2] for name in cells], "n": n, "status": "stated", "estimate": 0.987,  # type: ignore[index]
            "lower": 0.912, "upper": 0.999, "confidence": 0.95, "method": "korn_graubard",
            "reliability": "reliable", "passes": n - 1, "enterprises": 7,
        }
    )  # fmt: skip


def test_a_county_page_hides_what_the_table_of_all_counties_hides() -> None:
    table = protected()
    rows = withhold_suppressed(_rates(table, "371521"), table, "371521").set_index("product_class")
    assert rows["status"].to_dict() == {
        name: cell(table, "371521", name)["status"] for name in ("food", "textiles", "chemicals")
    }
    hidden = rows[rows["status"] == "suppressed"]
    assert len(hidden) == 2
    assert hidden.drop(columns=["failures", "status"]).isna().all(axis=None)
    assert rows.loc["textiles", "failures"] == 1
    assert not {"passes", "enterprises"} & set(rows.columns)


def test_a_suppressed_cell_without_batches_looks_like_any_other() -> None:
    """The class is not among the county's rates; leaving its row out would say that it is 0."""
    table = protected()
    zeros = [
        name
        for name, n, gone in zip(table.table.names, table.table.values, table.suppressed, strict=True)
        if gone and n == 0
    ]
    county, product_class = zeros[0][1:]  # type: ignore[index]
    rates = _rates(table, county)
    rows = withhold_suppressed(rates[rates["product_class"] != product_class], table, county)
    row = rows.set_index("product_class").loc[product_class]
    assert (row["status"], row["failures"]) == ("suppressed", 0)


def test_without_counties_a_sentence_stands_in_place_of_the_table() -> None:
    table = protected({(None, "food"): (40, 2, 30), (None, "textiles"): (9, 0, 2)})
    for display in (
        tabulate_batches_by_cell(table, RULE, SUBJECT, name="batches"),
        tabulate_failures_by_cell(table, SUBJECT, name="failures"),
    ):
        assert display.payload["paragraphs"][0]["en"].startswith("No batch names its county")


def test_a_run_without_inspections_has_a_table_of_nothing() -> None:
    columns = ["period", "county_code", "product_class", "n", "failures", "enterprises"]
    by = ("county_code", "product_class")
    protected = protect_cross_table(pd.DataFrame(columns=columns), by, RULE)
    assert protected.cells["n"].sum() == 0 and not protected.suppressed.any() and not protected.refused
