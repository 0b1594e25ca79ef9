"""Names in one spelling, codes checked, one identity for old and new codes."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.cleaning.enterprises import (
    NAME_ATTENTION,
    clean_codes,
    enterprise_identity,
    judge_codes,
    normalize_name,
)
from qstats.cleaning.issues import IssueLog


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("东阿阿胶股份有限公司", "东阿阿胶股份有限公司"),
        ("东阿 阿胶 股份有限公司", "东阿阿胶股份有限公司"),
        ("鲁西化工(聊城)有限公司", "鲁西化工（聊城）有限公司"),
        ("鲁西化工 （聊城） 有限公司", "鲁西化工（聊城）有限公司"),
        ("ABB (China) Ltd", "ABB (China) Ltd"),
        ("聊城 ABB 电气有限公司", "聊城ABB电气有限公司"),
    ],
)
def test_name(name: str, plain: str) -> None:
    cleaned = normalize_name(name)
    assert cleaned.value == plain
    assert [hit.rule for hit in cleaned.hits] == ([] if name == plain else ["enterprise.name"])


@given(st.text(alphabet="东阿 ()（）AB·", min_size=1, max_size=12))
def test_name_is_settled_at_once_and_the_filter_misses_nothing(name: str) -> None:
    plain = str(normalize_name(name).value)
    assert normalize_name(plain).value == plain
    if plain != name:
        assert pl.Series([name]).str.contains(NAME_ATTENTION).item()


CODES = [
    ("91330100799655058B", "799655058", None),
    ("91330100-799655058-B", "799655058", None),
    ("799655058", "799655058", None),
    ("79965505-8", "799655058", None),
    ("d2143569-x", "D2143569X", None),
    ("91330100799655058A", None, "code.check_digit"),
    ("79965505-7", None, "code.check_digit"),
    ("9.13715E+17", None, "code.form"),
    ("9133010079965505", None, "code.form"),
    ("370000000012345", None, "code.form"),
    (None, None, None),
]
"""Stated code, organisation code that identifies, rule that it breaks (15 digits: a registration number)."""


def _frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "source_row": range(2, 2 + len(CODES)),
            "enterprise_code": [code for code, _, _ in CODES],
            "enterprise_name": ["甲"] * (len(CODES) - 1) + [None],
        }
    )


def test_codes_are_checked_each_with_its_own_issue() -> None:
    log = IssueLog("s")
    assert clean_codes(_frame(), log).to_list() == [organisation for _, organisation, _ in CODES]
    wrong = [(row, rule, code) for row, (code, _, rule) in enumerate(CODES, start=2) if rule]
    assert log.table_of_issues().select("source_row", "rule", "old_value").rows() == wrong


def test_identity_is_the_code_where_it_is_right_else_the_name() -> None:
    frame = _frame()
    identities = frame.with_columns(clean_codes(frame, IssueLog("s"))).select(enterprise_identity())
    expected = [f"org:{organisation}" if organisation else "name:甲" for _, organisation, _ in CODES[:-1]]
    assert identities["enterprise_id"].to_list() == [*expected, None]


def test_a_column_without_codes_stays_empty() -> None:
    frame = pl.DataFrame(
        {"source_row": [2], "enterprise_code": [None]}, schema_overrides={"enterprise_code": pl.String}
    )
    assert clean_codes(frame, IssueLog("s")).to_list() == [None]


@pytest.mark.parametrize(
    ("code", "organisation", "rule"),
    [
        ("000000000", None, "code.form"), ("00000000-0", None, "code.form"), ("0" * 18, None, "code.form"),
        ("11010519491231002X", None, "code.form"), ("91330100799655058B", "799655058", None),
        ("D2143569-X", "D2143569X", None), ("D21435690", None, "code.check_digit"),
    ],
)  # fmt: skip
def test_fillers_and_numbers_of_persons_are_no_codes(
    code: str, organisation: str | None, rule: str | None
) -> None:
    judged = judge_codes(pl.Series([code])).row(0, named=True)
    assert (judged["organisation_code"], judged["rule"]) == (organisation, rule)


def test_a_long_code_needs_a_right_code_inside() -> None:
    """Check characters of both standards, computed here by their formulas."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

    def credit(inner: str) -> str:
        body = "91371500" + inner
        total = sum(alphabet.index(one) * pow(3, at, 31) for at, one in enumerate(body))
        return body + alphabet[-total % 31]

    codes = pl.Series([credit("123456788"), credit("123456789")])
    assert judge_codes(codes)["organisation_code"].to_list() == ["123456788", None]
