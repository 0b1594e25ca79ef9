import os
import re
import subprocess
import sys

import pytest
import weasyprint
from fontTools.ttLib import TTFont

from qstats.errors import ReportError
from qstats.report.fonts import SANS, locate_font
from qstats.report.pdf import make_pdf, write_pdf
from qstats.report.render import render_chapter

CLOCKS = ({"TZ": "Asia/Shanghai", "LC_ALL": "C"}, {"TZ": "America/New_York", "LC_ALL": "C.UTF-8"})


def text_of(path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()


def test_pdf_is_selectable_chinese_with_page_numbers(small, tmp_path) -> None:
    page = render_chapter(small.small_chapter(), small.small_facts(), language="zh")
    write_pdf(page, tmp_path / "章.pdf")
    text = text_of(tmp_path / "章.pdf")
    for expected in ("批次合格率为96.8%（95%置信区间95.2%～97.8%）", "演示数据", "目标 98.0%", "东昌府区"):
        assert expected in text
    assert re.search(r"第 ?1 ?页 ?/ ?共 ?\d+ ?页", text)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_mainland_forms_of_characters_are_embedded(lang) -> None:
    """直 and 骨 have other shapes, hence other glyph numbers, in the Japanese face of the same file."""
    html = f'<html lang="{lang}"><body style="font-family: {SANS}">直骨'
    document = weasyprint.HTML(string=html).render()
    document.write_pdf()
    embedded = {text: glyph for font in document.fonts.values() for glyph, text in font.to_unicode.items()}
    path, face = locate_font(SANS)
    with TTFont(path, fontNumber=face, lazy=True) as mainland:
        shapes = mainland.getBestCmap()
        assert embedded == {character: mainland.getGlyphID(shapes[ord(character)]) for character in "直骨"}


def test_box_instead_of_a_character_stops_the_build() -> None:
    with pytest.raises(ReportError, match=r"U\+E123"):
        make_pdf("<p>品名\ue123</p>", where="x.pdf")


def test_undeclared_font_stops_the_build() -> None:
    with pytest.raises(ReportError, match="not declared"):
        make_pdf('<p style="font-family: Noto Serif CJK SC">中</p>', where="x.pdf")


def test_page_that_asks_for_something_elsewhere_is_refused() -> None:
    with pytest.raises(ReportError, match=r"asks for 'https://example\.org/x\.png'"):
        make_pdf(f'<body style="font-family: {SANS}"><img src="https://example.org/x.png">', where="x.pdf")


def test_report_is_the_same_bytes_under_another_clock_and_locale(small_script, tmp_path) -> None:
    folders = [tmp_path / "甲 1", tmp_path / "b"]
    runs = [
        subprocess.Popen([sys.executable, small_script, folder], env=os.environ | clock)
        for folder, clock in zip(folders, CLOCKS, strict=True)
    ]
    assert [run.wait(timeout=400) for run in runs] == [0, 0]
    first, second = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*.*")} for f in folders)
    assert len(first) == 9
    assert [name for name in first if first[name] != second[name]] == []
    assert first.keys() == second.keys()
