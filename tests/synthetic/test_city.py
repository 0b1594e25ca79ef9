"""Enterprises of the city: distinct, placed where their township lies, with codes that pass their checks."""

import numpy as np
import polars as pl
import pytest

from qstats.synthetic.city import COUNTY_SHARES, draw_enterprises, enterprise_icc, towns_by_unit


@pytest.fixture(scope="module")
def enterprises() -> pl.DataFrame:
    return draw_enterprises(3_000, np.random.default_rng(7))


def _credit_code_is_valid(code: str) -> bool:
    """GB 32100 by plain arithmetic: the weighted sum with the check value is a multiple of 31."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * (3**i % 31) for i, c in enumerate(code[:17]))
    return (total + alphabet.index(code[17])) % 31 == 0


def _organisation_code_is_valid(code: str) -> bool:
    body, check = code.split("-")
    total = sum(int(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return check == {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def test_names_and_codes_are_distinct(enterprises: pl.DataFrame) -> None:
    for column in ("enterprise_id", "enterprise_name", "organisation_code", "credit_code"):
        assert enterprises[column].n_unique() == enterprises.height


def test_codes_pass_an_independent_check(enterprises: pl.DataFrame) -> None:
    assert all(map(_credit_code_is_valid, enterprises["credit_code"]))
    assert all(map(_organisation_code_is_valid, enterprises["organisation_code"]))


def test_township_lies_in_the_unit_of_the_enterprise(enterprises: pl.DataFrame) -> None:
    unit_of = {town.code: unit for unit, towns in towns_by_unit().items() for town in towns}
    assert (enterprises["township_code"].replace_strict(unit_of) == enterprises["county_code"]).all()
    assert set(enterprises["county_code"]) == set(COUNTY_SHARES)


def test_enterprise_effect_has_the_declared_spread(enterprises: pl.DataFrame) -> None:
    assert enterprises["effect"].std() == pytest.approx(0.8, rel=0.05)
    assert enterprise_icc() == pytest.approx(0.163, abs=0.001)
