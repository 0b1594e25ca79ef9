"""Check characters against published codes, and codes of the city against an independent calculation."""

import pytest

from qstats.synthetic.codes import (
    credit_check_character,
    credit_code,
    organisation_check_character,
    organisation_code,
)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # the example of GB 32100-2015
        "914403001922038216",
        "9144030071526726XG",
    ],
)
def test_credit_check_character_of_published_codes(code: str) -> None:
    assert credit_check_character(code[:17]) == code[17]


@pytest.mark.parametrize("code", ["D2143569X", "71526726X", "192203821"])
def test_organisation_check_character_of_published_codes(code: str) -> None:
    assert organisation_check_character(code[:8]) == code[8]


def test_credit_code_holds_the_organisation_code() -> None:
    organisation = organisation_code(70_000_037)
    code = credit_code("371581", organisation)
    assert len(code) == 18
    assert code[2:8] == "371581"
    assert code[8:17] == organisation.replace("-", "")
