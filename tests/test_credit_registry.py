"""Schemes of quality credit. Oracle: the letters of the standards; every way of breaking a file by hand."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from qstats.credit_registry import parse_credit_scheme, read_credit_scheme
from qstats.errors import QstatsError

SHIPPED = ("gb_t_23791_2009", "aqsiq_2012_74")


def settings_of(project: Path, scheme: str = "gb_t_23791_2009") -> dict[str, Any]:
    text = (project / "data" / "reference" / "credit_schemes" / f"{scheme}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_letters_are_those_of_the_standards() -> None:
    assert [read_credit_scheme(one).names for one in SHIPPED] == [("A", "B", "C", "D"), ("AA", "A", "B", "C")]


def test_shared_letters_have_different_meanings() -> None:
    first, second = map(read_credit_scheme, SHIPPED)
    for grade in set(first.names) & set(second.names):
        assert first.label_of(grade) != second.label_of(grade)


@pytest.mark.parametrize("scheme", SHIPPED)
def test_declared_points_are_labelled_so(scheme: str) -> None:
    found = read_credit_scheme(scheme)
    assert "本项目" in found.declared.zh and "this project" in found.declared.en


def test_a_score_on_the_limit_has_the_better_grade() -> None:
    scheme = read_credit_scheme("gb_t_23791_2009")
    assert [scheme.grade_of(one) for one in (100, 85, 84.999, 70, 0, -3)] == ["A", "A", "B", "B", "D", "D"]


def test_an_unknown_scheme_lists_the_known_ones() -> None:
    with pytest.raises(QstatsError, match="aqsiq_2012_74, gb_t_23791_2009"):
        read_credit_scheme("gb_t_1")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("grades", 1, "lower"), 90, "from the best to the worst"),
        (("grades", 3, "lower"), 5, "begins at 0"),
        (("veto", 0, "grade"), "E", "'E', which the scheme does not have"),
        (("deductions", 0, "half_life"), 0, "greater than 0"),
        (("deductions", 1, "kind"), "sampling_failure", "stands twice"),
        (("deductions", 0, "kind"), "rumour", "deductions.0.kind"),
        (("supervision", 0, "grade"), "B", "stands twice"),
        (("repair_keeps",), 1.5, "less than or equal to 1"),
        (("start",), float("inf"), "finite"),
        (("deductions", 0, "points", "grave"), float("inf"), "finite"),
        (("deductions", 0, "points", "grave"), 1, "a worse severity takes fewer"),
        (("deductions", 0, "years"), 2.5, "integer"),
        (("veto", 0, "years"), 0, "greater than 0"),
        (("publicity_days",), 10**12, "less than or equal to 365"),
        (("label", "zh"), "  ", "at least 1 character"),
        (("supervision", 3, "checks"), 0, "checked less often"),
        (("colour",), "red", "Extra inputs"),
        (("id",), "other", "file and id have one name"),
    ],
)
def test_a_broken_file_says_what_is_wrong(
    project: Path, path: tuple[Any, ...], value: Any, said: str
) -> None:
    settings = settings_of(project)
    at: Any = settings
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(QstatsError, match=said):
        parse_credit_scheme(settings, Path("gb_t_23791_2009.yaml"))


def test_every_risk_has_its_supervision_and_every_class_exists(project: Path) -> None:
    settings = settings_of(project, "aqsiq_2012_74")
    settings["supervision"].pop()
    with pytest.raises(QstatsError, match="one entry for each grade"):
        parse_credit_scheme(settings, Path("aqsiq_2012_74.yaml"))
    settings = settings_of(project, "aqsiq_2012_74")
    settings["product_risks"]["classes"]["I"].append("unicorns")
    with pytest.raises(QstatsError, match="unicorns"):
        parse_credit_scheme(settings, Path("aqsiq_2012_74.yaml"))
