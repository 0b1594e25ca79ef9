"""Small drawings in the cells of a table. Oracle: what the HTML, the PDF and the files hold, looked at."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.errors import ReportError
from qstats.report import markup
from qstats.report.display import Column, Display, show_sections, show_table
from qstats.report.exports import encode_csv, encode_xlsx
from qstats.report.figures.insets import draw_mark, draw_sparkline
from qstats.report.insets import Inset
from qstats.report.pdf import make_pdf
from qstats.targets import STATUSES

BOTH = {"zh": "中文", "en": "English"}
EMPTY = {"zh": "", "en": ""}
LABEL = Column(format="inset", label=BOTH)


def table(*insets: Inset) -> Display:
    frame = pd.DataFrame({"n": range(len(insets))})
    columns = {"n": Column(format="count", label=BOTH), "course": LABEL}
    return show_table(frame, name="t", caption=BOTH, columns=columns, insets={"course": insets})


def test_a_drawing_is_read_out_and_one_beside_words_is_not() -> None:
    alone = Inset(draw_sparkline([1, 2]), {"zh": "一至二", "en": "one <to> two"}, EMPTY)
    beside = Inset(draw_mark("met"), EMPTY, {"zh": "已达到", "en": "Met & done"})
    html = markup.render("table", table(alone, beside).payload, "en")
    assert 'role="img" aria-label="one &lt;to&gt; two"' in html
    assert 'aria-hidden="true"' in html and '<span class="beside">Met &amp; done</span>' in html
    assert html.count("<svg ") == 2


def test_nothing_drawn_is_a_dash() -> None:
    html = markup.render("table", table(Inset("", EMPTY, EMPTY)).payload, "zh")
    assert '<td class="word">—</td>' in html and "<svg" not in html


def test_files_leave_drawings_out() -> None:
    payload = table(Inset(draw_mark("met"), EMPTY, BOTH)).payload
    assert encode_csv(payload).decode("utf-8-sig") == "n\r\n0\r\n"
    book = openpyxl.load_workbook(io.BytesIO(encode_xlsx(payload)))
    assert [[cell.value for cell in row] for row in book["data"].iter_rows()] == [["中文\nEnglish"], [0]]


def test_pdf_sets_drawings_as_lines() -> None:
    page = "<html lang='en'><body style=\"font-family: 'Noto Sans CJK SC'\">{}</body></html>".format
    words = Inset("", EMPTY, {"zh": "x", "en": "x"})
    drawn = Inset(draw_sparkline([1.0, 3.0, 2.0], 2.5), BOTH, EMPTY)
    without, with_ = (
        make_pdf(page(markup.render("table", table(one).payload, "en"))) for one in (words, drawn)
    )
    assert with_ != without and with_.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("insets", "message"),
    [
        ({"course": []}, "0 drawings for 1 rows"),
        ({"course": [Inset("<svg />", EMPTY, EMPTY)]}, "neither words nor a description"),
        ({}, "'course' has no drawings"),
    ],
)
def test_drawings_that_cannot_be_shown(insets, message) -> None:
    with pytest.raises(ReportError, match=message):
        show_table(pd.DataFrame({"n": [1]}), name="t", caption=BOTH, columns={"course": LABEL}, insets=insets)


def test_a_table_without_drawings_is_what_it_was() -> None:
    shown = show_table(pd.DataFrame({"n": [1]}), name="t", caption=BOTH, columns={"n": Column(label=BOTH)})
    assert "insets" not in shown.payload


def test_marks_differ_in_their_shape() -> None:
    """Without colour every status still has a mark of its own."""
    shapes = {re.sub(r"#[0-9a-f]{6}", "", draw_mark(status)) for status in STATUSES}
    assert len(shapes) == len(STATUSES)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.one_of(st.none(), st.floats(-1e6, 1e6)))
def test_a_sparkline_stays_in_its_place(values: list[float], level: float | None) -> None:
    root = ElementTree.fromstring(draw_sparkline(values, level))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    dot = next(one for one in root if one.tag.endswith("circle"))
    places = [(float(dot.get("cx", "")), float(dot.get("cy", "")))]
    for line in (one for one in root if one.tag.endswith("polyline")):
        points = [tuple(map(float, point.split(","))) for point in line.get("points", "").split()]
        assert len(points) == len(values)
        places += points  # type: ignore[arg-type]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_a_sparkline_rises_with_its_values() -> None:
    root = ElementTree.fromstring(draw_sparkline([1, 2, 5]))
    points = next(one for one in root if one.tag.endswith("polyline")).get("points", "").split()
    heights = [float(point.split(",")[1]) for point in points]
    assert (np.diff(heights) < 0).all() and draw_sparkline([]) == ""


def test_sections_stand_under_their_headings() -> None:
    shown = show_sections([(BOTH, [BOTH, BOTH]), ({"zh": "空", "en": "empty"}, []), (BOTH, [BOTH])])
    html = markup.render("text", shown.payload, "en")
    assert html == "<h4>English</h4><p>English</p><p>English</p><h4>English</h4><p>English</p>"
