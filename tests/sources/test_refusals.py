import re
from pathlib import Path
from string import Formatter

import pytest

from qstats import sources
from qstats.codebook import labels, sentence
from qstats.errors import RefusedFileError
from qstats.sources import open_source
from qstats.sources.refusals import refusal, refusal_of_sheet

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_WORDS = re.compile(r"[A-Za-z]+ [a-z]+")


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("code", labels("unreadable"))
def test_both_languages_say_the_same(code):
    zh, en = labels("unreadable")[code]["zh"], labels("unreadable")[code]["en"]
    assert _placeholders(zh) == _placeholders(en)
    assert CHINESE.search(zh) and not CHINESE.search(en)
    assert not ENGLISH_WORDS.search(zh)


def test_every_wording_is_used_and_every_refusal_is_worded():
    folder = Path(sources.__file__).parents[1]
    rooms = [*(folder / "sources").glob("*.py"), *(folder / "cleaning").glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    raised = set(re.findall(r'refusal(?:_of_sheet)?\(.*?"(\w+)"', code))
    worded = set(labels("unreadable")) - {"other_stream", "no_rows"}
    assert raised <= worded
    assert {word for word in worded if f'"{word}"' not in code} == set()


def test_command_line_shows_file_and_english_text():
    error = refusal("来件.csv", "unclosed_quote", row=1234, start="甲{0}")
    assert str(error) == "来件.csv: " + error.text["en"]
    assert "row 1,234: " in error.text["en"] and "第1234行" in error.text["zh"]
    assert all("甲{0}" in text and "来件" not in text for text in error.text.values())


def test_values_are_filled_in_by_language():
    filled = sentence("unreadable", "of_sheet", sheet="{一}", problem={"zh": "空的", "en": "empty"})
    assert filled == {"zh": "工作表“{一}”：空的", "en": "sheet {一}: empty"}


def test_refusal_of_a_sheet_names_it_in_both_languages():
    error = refusal_of_sheet("来件.xlsx", "一月", "too_wide", columns=2000, most=500)
    assert error.text["zh"].startswith("工作表“一月”：有2000列")
    assert str(error).startswith("来件.xlsx: sheet 一月: 2,000 columns")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["空的"]),
        (b"%PDF-1.4", ["PDF文档", "不是数据表"]),
        (b"<html>", ["网页"]),
        ("企业名称,产品名称,颜色\n甲,乙,红\n".encode(), ["颜色", "最接近的版式", "或"]),
        ("颜色,大小\n红,1\n".encode(), ["颜色、大小", "模板"]),
        ('企业名称,产品名称,抽样日期,检验结论\n甲,"乙,,\n'.encode(), ["第2行", "引号"]),
        ("企业名称,产品名称,抽样日期,检验结论\n".encode() * 9 + b"\xff,,,\n", ["UTF-8", "第10行"]),
        (b"\xff\x81,\xfe \xff,\n" * 40, ["GB18030", "第1行"]),
    ],
)
def test_chinese_reader_is_told_in_chinese(tmp_path, layouts, content, words):
    path = tmp_path / "来件.csv"
    path.write_bytes(content)
    with pytest.raises(RefusedFileError) as caught:
        open_source(path, layouts)
    text = caught.value.text["zh"]
    assert all(word in text for word in words)
    assert not ENGLISH_WORDS.search(text)
