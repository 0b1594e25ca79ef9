"""Where pages lie and how they link: relative, so that the report folder may be moved."""

import re

import pytest

from qstats.report.addresses import file_of, link, tables_of, unit_of, unit_page
from qstats.report.navigation import find_ways, render_units
from qstats.report.render import read_chapter, render_chapter
from qstats.report.site import render_index

PAGE = unit_page("371502", "26_county")
COUNTIES = [
    (unit_page(code, "26_county"), {"zh": zh, "en": en})
    for code, zh, en in (
        ("371502", "东昌府区", "Dongchangfu"),
        ("371521", "阳谷县", "Yanggu"),
        ("371522", "莘县", "Shen"),
    )
]


def test_page_of_a_county_lies_in_its_folder() -> None:
    assert PAGE == "units/371502/26_county"
    assert (unit_of(PAGE), unit_of("20_inspection")) == ("371502", None)
    assert (tables_of(PAGE), tables_of("20_inspection")) == ("tables/units/371502", "tables")
    assert file_of(PAGE, "zh") == "zh/units/371502/26_county.html"
    assert file_of(PAGE, "zh", audience="reviewer") == "notebooks/zh/units/371502/26_county.html"


@pytest.mark.parametrize(
    ("start", "target", "address"),
    [
        ("zh/20_inspection.html", "tables", "../tables"),
        ("zh/units/371502/26_county.html", "tables/units/371502", "../../../tables/units/371502"),
        ("zh/units/371502/26_county.html", "zh/index.html", "../../index.html"),
        ("notebooks/zh/20_inspection.html", "zh/index.html", "../../zh/index.html"),
    ],
)
def test_links_are_relative(start: str, target: str, address: str) -> None:
    assert link(start, target) == address


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [(0, None, "阳谷县"), (1, "东昌府区", "莘县"), (2, "阳谷县", None)],
)
def test_county_leads_to_its_neighbours(place: int, before: str | None, after: str | None) -> None:
    page = COUNTIES[place][0]
    ways = find_ways(page, COUNTIES, "zh", file_of(page, "zh"))
    texts = [ways[way] and ways[way][1] for way in ("previous", "next_page")]
    assert texts == [before, after]


def test_page_of_a_county_names_it_and_leads_back(small) -> None:
    chapter = read_chapter(small.small_notebook(), PAGE, {"zh": "东昌府区", "en": "Dongchangfu"})
    above = ("25_counties", small.both("县区", "Counties"))
    page = render_chapter(chapter, small.small_facts(), language="en", chapters=COUNTIES, above=above)
    for text in (
        "<h1>Dongchangfu: Supervision sampling</h1>", '<body class="unit">', 'href="../../25_counties.html"',
        'href="../../index.html"', 'href="../../../zh/units/371502/26_county.html"', "Next county",
        'href="../371521/26_county.html"', 'href="../../../tables/units/371502/failed_items.csv"',
        "tables/units/371502/failed_items.csv</span>", 'href="../../report.pdf"', 'href="26_county.pdf"',
    ):  # fmt: skip
        assert text in page, text
    assert "Previous county" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert not any("/" in one for one in ids)


def test_chapter_lists_the_pages_of_its_counties(small) -> None:
    page = render_chapter(small.small_chapter(), small.small_facts(), language="zh", units=COUNTIES)
    assert '<nav class="units"' in page
    assert '<a href="units/371521/26_county.html">阳谷县</a>' in page


def test_front_page_lists_counties_by_chapter(small) -> None:
    groups = [(small.both("县区", "Counties"), COUNTIES), (small.both("考核", "Assessment"), COUNTIES)]
    page = render_index(
        small.small_facts(), language="en", main_points=small.POINTS, chapters=[], units=groups
    )
    headings = re.findall(r'<nav class="units" aria-label="([^"]+)"', page)
    assert headings == ["A page for each county: Counties", "A page for each county: Assessment"]


def test_names_in_lists_are_escaped() -> None:
    assert "<b>" not in render_units([("a.html", "<b>县</b>")], "zh")
    assert render_units([], "zh") == ""
