"""Check characters against published codes and the standards' own examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.identifiers import (
    CREDIT_ALPHABET,
    credit_code_is_valid,
    organisation_code_is_valid,
    resident_number_is_valid,
)

PUBLISHED_CREDIT_CODES = ["91330100799655058B", "914403001922038216", "9144030071526726XG"]
STANDARD_EXAMPLE = "D2143569X"
"""GB 11714-1997, clause 4: D2143569-X."""


@pytest.mark.parametrize("code", PUBLISHED_CREDIT_CODES)
def test_published_credit_codes_are_valid(code: str) -> None:
    assert credit_code_is_valid(np.array([code])).tolist() == [True]


@pytest.mark.parametrize("code", [*(code[8:17] for code in PUBLISHED_CREDIT_CODES), STANDARD_EXAMPLE])
def test_organisation_codes_are_valid_also_inside_credit_codes(code: str) -> None:
    assert organisation_code_is_valid(np.array([code])).tolist() == [True]


@pytest.mark.parametrize("code", PUBLISHED_CREDIT_CODES)
def test_every_single_wrong_character_of_a_credit_code_is_found(code: str) -> None:
    wrong = [
        code[:place] + other + code[place + 1 :]
        for place in range(18)
        for other in CREDIT_ALPHABET
        if other != code[place]
    ]
    assert not credit_code_is_valid(np.array(wrong)).any()


def test_swapped_neighbours_are_found() -> None:
    code = PUBLISHED_CREDIT_CODES[0]
    swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(17) if code[i] != code[i + 1]]
    assert not credit_code_is_valid(np.array(swapped)).any()


@pytest.mark.parametrize(
    "code", ["", "9133010079965505", "91330100799655058B0", "9133010079965505IB", "9.13715E+17"]
)
def test_other_lengths_and_letters_are_no_credit_codes(code: str) -> None:
    assert credit_code_is_valid(np.array([code])).tolist() == [False]


@pytest.mark.parametrize("code", ["", "D2143569", "D21435690", "D2143569X1", "d2143569X", "D2143569１"])
def test_other_forms_are_no_organisation_codes(code: str) -> None:
    assert organisation_code_is_valid(np.array([code])).tolist() == [False]


def test_remainder_eleven_gives_zero() -> None:
    bodies = [f"{number:08d}" for number in range(200)]
    weights = np.array([3, 7, 9, 10, 5, 8, 4, 2])
    expected = {}
    for body in bodies:
        check = 11 - int(np.array([*map(int, body)]) @ weights) % 11
        expected[body] = {10: "X", 11: "0"}.get(check, str(check))
    assert {"X", "0"} <= set(expected.values())
    assert organisation_code_is_valid(np.array([body + check for body, check in expected.items()])).all()


def test_many_codes_at_once_are_judged_each_by_itself() -> None:
    codes = np.array([PUBLISHED_CREDIT_CODES[0], "x", STANDARD_EXAMPLE, ""])
    assert credit_code_is_valid(codes).tolist() == [True, False, False, False]
    assert organisation_code_is_valid(codes).tolist() == [False, False, True, False]


@given(st.text(alphabet=CREDIT_ALPHABET, min_size=17, max_size=17))
def test_exactly_one_check_character_fits_any_body(body: str) -> None:
    assert credit_code_is_valid(np.array([body + last for last in CREDIT_ALPHABET])).sum() == 1


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("11010519491231002X", True), ("440524188001010014", True), ("110105194912310021", False),
        ("110105194913310020", False), ("11010519491231002", False), (PUBLISHED_CREDIT_CODES[1], False),
    ],
)  # fmt: skip
def test_numbers_of_persons_are_known(number: str, expected: bool) -> None:
    """The standard's own examples, GB 11643-1999, annex."""
    assert resident_number_is_valid(np.array([number])).tolist() == [expected]
