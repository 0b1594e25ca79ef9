import re

import pandas as pd
import pytest

from qstats.report import markup
from qstats.report.columns import Column
from qstats.report.display import show_table


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_from_data_is_never_markup(small, language) -> None:
    displays = [
        small.item_table(),
        *small.figures(),
        small.show_text(small.both(small.HOSTILE, small.HOSTILE)),
    ]
    html = "".join(markup.render(display.kind, display.payload, language) for display in displays)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_table_can_be_read_by_assistive_technology(small) -> None:
    html = markup.render("table", small.county_table().payload, "en")
    assert html.count('<th scope="col"') == 4
    assert html.count('<th scope="row"') == 3
    assert "<caption>Batch pass rate by county</caption>" in html


def test_what_is_not_stated_shows_its_mark_and_reason(small) -> None:
    html = markup.render("table", small.county_table().payload, "zh")
    row = html[html.index("冠县") :]
    assert '<span class="withheld">样本过少</span><sup>a</sup>' in row
    assert "<sup>a</sup> 只抽查4批次" in html
    assert "%" not in row[: row.index("</tr>")]


def test_use_with_care_keeps_the_estimate_and_is_explained(small) -> None:
    html = markup.render("table", small.county_table().payload, "en")
    assert '95.1%<span class="mark">△</span>' in html
    assert "△: small sample, use with care" in html


def test_long_table_is_cut_and_says_so(small) -> None:
    html = markup.render("table", small.item_table(75).payload, "en", tables="../tables")
    assert html.count('<th scope="row"') == 60
    assert "The first 60 of 75 rows are shown" in html
    assert 'href="../tables/failed_items.csv"' in html and 'href="../tables/failed_items.xlsx"' in html


@pytest.mark.parametrize(("columns", "classes"), [(7, "table"), (8, "table broad"), (11, "table broad wide")])
def test_tables_of_many_columns_are_set_smaller(columns: int, classes: str) -> None:
    label = {"zh": "列", "en": "column"}
    names = {f"c{at}": Column(format="number", label=label) for at in range(columns)}
    frame = pd.DataFrame({name: [1.0] for name in names})
    display = show_table(frame, name="many", caption=label, columns=names)
    assert f'class="{classes}"' in markup.render("table", display.payload, "en")


def test_empty_table_says_that_it_is_empty(small) -> None:
    caption = small.both("无", "None")
    empty = small.show_table(small.items().head(0), name="none", caption=caption, columns={"cases": "count"})
    assert "There are no rows." in markup.render("table", empty.payload, "en")


def test_interval_in_a_sentence_stays_on_one_line() -> None:
    html = markup.render_points([{"zh": "（95.2%～97.8%）", "en": "(−1.1 to +1.7)"}], "en")
    assert re.search(r'<span class="interval">−1\.1 to \+1\.7</span>', html)
