import pytest

from qstats.errors import ReportError
from qstats.report.display import show_text
from qstats.report.site import find_figure, render_index, render_whole, write_index

CHAPTERS = [("20_inspection", {"zh": "监督抽查", "en": "Supervision sampling"})]


def test_front_page_opens_with_points_then_figure_then_contents(small) -> None:
    figure = find_figure([small.small_chapter()], "pass_rate_by_quarter")
    page = render_index(
        small.small_facts(), language="en", main_points=small.POINTS, chapters=CHAPTERS, figure=figure,
        coverage=[small.both("四个单位", "Four suppliers.")],
    )  # fmt: skip
    order = ["<h1>", "Main points", "96.8% conformed", "<svg", 'href="20_inspection.html"', "Four suppliers."]
    places = [page.index(text) for text in order]
    assert places == sorted(places)


@pytest.mark.parametrize("count", [0, 7])
def test_front_page_takes_one_to_six_points(small, count) -> None:
    with pytest.raises(ReportError, match="1 to 6 main points"):
        render_index(
            small.small_facts(), language="zh", main_points=small.POINTS[:1] * count, chapters=CHAPTERS
        )


def test_index_is_written_for_both_languages(small, tmp_path) -> None:
    written = write_index(
        tmp_path / "报告 1", small.small_facts(), main_points=small.POINTS, chapters=CHAPTERS
    )
    assert [path.parent.name for path in written] == ["zh", "en"]
    assert "English" in written[0].read_text(encoding="utf-8")


def test_unknown_figure_names_the_known_ones(small) -> None:
    with pytest.raises(ReportError, match="pass_rate_by_quarter"):
        find_figure([small.small_chapter()], "other")


def test_whole_report_holds_every_chapter_once(small) -> None:
    chapter = small.small_chapter()
    page = render_whole(small.small_facts(), language="zh", main_points=small.POINTS, chapters=[chapter])
    assert page.count('<section class="part" id="20_inspection">') == 1
    assert 'href="#20_inspection"' in page


def test_a_text_in_place_of_the_figure_leaves_the_front_page_without_one(small) -> None:
    chapter = small.small_chapter()
    stands_in = show_text({"zh": "不绘图。", "en": "Nothing to draw."}, instead_of="rates")
    bundle = stands_in._repr_mimebundle_()
    chapter.notebook["cells"][-1]["outputs"] = [
        {"output_type": "display_data", "data": bundle, "metadata": {}}
    ]
    assert find_figure([chapter], "rates") is None
