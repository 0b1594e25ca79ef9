"""First and final outcome and fate from up to four cells."""

import pytest

from qstats.cleaning.outcomes import SEPARATOR, own_words_rule, plain_outcome, read_outcome
from qstats.codebook import read_vocabulary


def _read(result: str = "", first: str = "", final: str = "", remark: str = ""):
    cleaned = read_outcome(SEPARATOR.join((result, first, final, remark)))
    return *(part or None for part in cleaned.value.split(SEPARATOR)), [hit.rule for hit in cleaned.hits]


BOTH = ["outcome.first_and_final"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"result": "合格"}, ("pass", "pass", "sampled", [])),
        ({"result": "不合格"}, ("fail", "fail", "sampled", [])),
        ({"result": "未检出"}, ("pass", "pass", "sampled", ["outcome.vocabulary"])),
        ({"result": "检出"}, ("fail", "fail", "sampled", ["outcome.vocabulary"])),
        ({"result": "所检项目 符合要求"}, ("pass", "pass", "sampled", ["outcome.vocabulary"])),
        ({"result": "见附件"}, (None, None, "pending", ["outcome.unknown"])),
        ({}, (None, None, "pending", ["outcome.missing"])),
        ({"result": "停产"}, (None, None, "closed", [])),
        ({"result": "企业拒检"}, (None, None, "refused", [])),
        ({"result": "未抽到样品"}, (None, None, "nothing_to_sample", [])),
        ({"remark": "停产"}, (None, None, "closed", [])),
        ({"result": "合格", "remark": "停产"}, ("pass", "pass", "sampled", [])),
        ({"result": "不合格", "remark": "复检中"}, ("fail", None, "pending", [])),
        ({"first": "不合格", "final": "合格"}, ("fail", "pass", "sampled", [])),
        ({"first": "不合格", "final": "不合格"}, ("fail", "fail", "sampled", [])),
        ({"first": "不合格"}, ("fail", "fail", "sampled", [])),
        ({"first": "不合格", "final": "复检中"}, ("fail", None, "pending", [])),
        ({"first": "不合格", "final": "不合格", "remark": "异议处理中"}, ("fail", "fail", "sampled", [])),
        ({"first": "检验中"}, (None, None, "pending", [])),
        ({"result": "不合格（企业已停产）"}, ("fail", "fail", "sampled", ["outcome.vocabulary"])),
        ({"result": "合格，企业已搬迁"}, ("pass", "pass", "sampled", ["outcome.vocabulary"])),
        ({"result": "不合格（待检）"}, ("fail", None, "pending", ["outcome.vocabulary"])),
        ({"result": "无合格证，拒检"}, (None, None, "refused", ["outcome.unknown"])),
        ({"final": "合格"}, (None, "pass", "sampled", [])),
        ({"result": "合格", "first": "不合格"}, ("fail", "pass", "sampled", [])),
        ({"result": "不合格", "final": "合格"}, ("fail", "pass", "sampled", [])),
    ],
)
def test_cells(cells: dict[str, str], expected: tuple) -> None:
    assert _read(**cells) == expected


@pytest.mark.parametrize(
    ("result", "first", "final", "fate"),
    [
        ("初检不合格，复检合格", "fail", "pass", "sampled"),
        ("初检：不合格；复检：合格", "fail", "pass", "sampled"),
        ("初检不合格、复检不合格", "fail", "fail", "sampled"),
        ("首次检验结果为不合格，复检结论为合格", "fail", "pass", "sampled"),
        ("不合格（复检合格）", "fail", "pass", "sampled"),
        ("合格（复检）", "fail", "pass", "sampled"),
        ("复检合格", "fail", "pass", "sampled"),
        ("初检/复检：不合格/合格", "fail", "pass", "sampled"),
        ("不合格/合格", "fail", "pass", "sampled"),
        ("初检不合格，放弃复检", "fail", "fail", "sampled"),
        ("初检不合格，复检中", "fail", None, "pending"),
        ("不合格（待复检）", "fail", None, "pending"),
        ("不合格，复检中", "fail", None, "pending"),
        ("初检合格", "pass", "pass", "sampled"),
    ],
)
def test_both_outcomes_in_one_cell(result: str, first: str, final: str | None, fate: str) -> None:
    assert _read(result) == (first, final, fate, BOTH)


@pytest.mark.parametrize("result", ["初检见附件", "合格/不合格", "初检合格，初检不合格"])
def test_what_cannot_be_told_is_unknown(result: str) -> None:
    assert _read(result) == (None, None, "pending", ["outcome.unknown"])


def test_words_of_the_vocabulary_mean_one_thing() -> None:
    words = read_vocabulary()["outcome"]
    assert not set(words["pass"]) & set(words["fail"])
    assert all(plain_outcome(word) == code for code, known in words.items() for word in known)
    assert plain_outcome("pass") == "pass"


def test_words_that_a_supplier_declares_are_read_as_ours() -> None:
    rule = own_words_rule({"Pass w/ Conditions": "初检不合格，复检合格"})
    ours = rule("Pass w/ Conditions")
    assert [hit.rule for hit in ours.hits] == ["outcome.vocabulary"]
    assert _read(ours.value) == ("fail", "pass", "sampled", BOTH)
    assert rule("不合格") == ("不合格", ())
