import re
from html.parser import HTMLParser

import pytest

from qstats.errors import ReportError
from qstats.report.pdf import read_text
from qstats.report.render import read_chapter, render_chapter, render_failure

CHAPTERS = [
    ("10_cleaning", {"zh": "数据整理", "en": "Cleaning"}),
    ("20_inspection", {"zh": "监督抽查", "en": "Supervision sampling"}),
]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def pages(small) -> dict[str, str]:
    chapter, facts = small.small_chapter(), small.small_facts()
    made = {
        language: render_chapter(chapter, facts, language=language, chapters=CHAPTERS)
        for language in ("zh", "en")
    }
    return made | {
        "review": render_chapter(chapter, facts, language="en", audience="reviewer", chapters=CHAPTERS)
    }


@pytest.mark.parametrize(("language", "lang"), [("zh", "zh-CN"), ("en", "en")])
def test_page_has_language_landmarks_and_a_skip_link(pages, language, lang) -> None:
    tags = Tags(pages[language]).seen
    names = [tag for tag, _ in tags]
    assert dict(tags)["html"]["lang"] == lang
    assert {"header", "nav", "main", "footer"} <= set(names)
    assert names.count("h1") == names.count("main") == 1
    first_link = next(attributes for tag, attributes in tags if tag == "a")
    assert first_link["href"] == "#main"


@pytest.mark.parametrize("kind", ["zh", "en", "review"])
def test_nothing_is_fetched_and_nothing_runs(pages, kind) -> None:
    for tag, attributes in Tags(pages[kind]).seen:
        assert tag not in ("script", "link", "iframe", "img", "object")
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes:
            assert not re.match(r"[a-z]+:|//", attributes["href"] or "")
    assert "http" not in pages[kind] and "@import" not in pages[kind]


@pytest.mark.parametrize("kind", ["zh", "en", "review"])
def test_links_within_the_page_lead_somewhere(pages, kind) -> None:
    tags = Tags(pages[kind]).seen
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for t, a in tags if t == "a" and (a.get("href") or "").startswith("#")} <= set(ids)


def test_each_page_speaks_one_language(pages, small) -> None:
    english = read_text(pages["en"]).replace("中文", "", 1)
    for data in ("过氧化值", "酸价", "质检所"):
        english = english.replace(data, "")
    assert re.findall(r"[\u4e00-\u9fff]+", english) == []
    assert "Highest first." not in pages["zh"] and "按合格率排列" in pages["zh"]


def test_conclusions_stand_before_contents_and_argument(pages) -> None:
    page = pages["zh"]
    places = [page.index(text) for text in ("<h1>", "96.8%（95%置信区间", 'class="contents"', "按合格率排列")]
    assert places == sorted(places)


def test_public_sees_neither_code_nor_stray_output(pages) -> None:
    assert "show_table" not in pages["zh"] and "UserWarning" not in pages["zh"] and "<pre" not in pages["zh"]


def test_reviewer_finds_code_folded_and_warnings_counted(pages) -> None:
    assert '<details class="code"><summary>Code</summary><pre><code>show_table(rates)' in pages["review"]
    assert "1 warnings were given" in pages["review"]


def test_synthetic_data_is_marked_on_screen_and_in_print(pages, small) -> None:
    assert "演示数据：除注明他方公布的数字外，本页数字均由程序合成" in pages["zh"]
    assert '@top-right { content: "演示数据"' in pages["zh"]
    real = render_chapter(small.small_chapter(), small.small_facts(demonstration=False), language="zh")
    assert "演示数据" not in real


def test_page_carries_status_cutoff_citation_and_the_way_on(pages) -> None:
    page = pages["en"]
    for text in (
        "Provisional",
        "2015-12-31",
        "How to cite",
        'href="10_cleaning.html"',
        'href="../zh/20_inspection.html"',
    ):
        assert text in page


def test_failed_chapter_is_visibly_a_failure(small) -> None:
    page = render_failure(
        *CHAPTERS[1], small.small_facts(), language="zh", where=small.both("第3个单元", "Cell 3"),
        message=f"ValueError: {small.HOSTILE}", chapters=CHAPTERS,
    )  # fmt: skip
    assert '<body class="failed">' in page and "本页生成失败，不得使用" in page and "第3个单元" in page
    assert "&lt;script&gt;" in page and "<script" not in page
    assert "<svg" not in page and "<table" not in page and "20_inspection.pdf" not in page


def test_notebook_that_failed_is_never_rendered_as_a_result(small) -> None:
    notebook = small.small_notebook()
    notebook.cells[2]["outputs"] = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]
    with pytest.raises(ReportError, match="cell 3 failed"):
        read_chapter(notebook, "20_inspection")


def test_chapter_needs_a_title_in_each_language(small) -> None:
    notebook = small.small_notebook()
    del notebook.cells[1]
    with pytest.raises(ReportError, match="no title in 'en'"):
        read_chapter(notebook, "20_inspection")


def test_main_points_are_not_torn_apart_by_justified_lines(pages) -> None:
    def weight(selector: str) -> tuple[int, int]:
        return selector.count(".") + selector.count("["), len(re.findall(r"(?:^|\s)[a-z]", selector))

    style = re.sub(r"/\*.*?\*/", "", pages["zh"].partition("<style>")[2].partition("</style>")[0])
    rules = [
        (weight(selector.strip()), at, aligned)
        for at, (selectors, body) in enumerate(
            re.findall(r"([^{}]+)\{([^{}]*)\}", style.partition("@media")[0])
        )
        for selector in selectors.split(",")
        if re.fullmatch(r'(html\[lang="zh-CN"\] )?(\.points )?li', selector.strip())
        for aligned in re.findall(r"text-align: (\w+)", body)
    ]
    assert max(rules)[2] == "start" and "justify" in [aligned for *_, aligned in rules]
