"""The registry of targets. Oracle: the list of targets beside the project, and the parameter file."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qstats import target_registry
from qstats.codebook import LANGUAGES, labels
from qstats.errors import QstatsError
from qstats.params import read_params
from qstats.target_registry import Target, find_target, read_targets

HARD, DIRECTION = {"T01", "T02", "T06"}, {"T24", "T32", "T37", "T38"}
NO_DEADLINE = {"T28", "T29", "T30", "T33", "T36"}


def test_all_39_stand_once_and_in_order() -> None:
    assert [one.id for one in read_targets()] == [f"T{number:02d}" for number in range(1, 40)]


def test_words_that_bind_are_those_that_are_known() -> None:
    by = {name: {one.id for one in read_targets() if one.commitment == name} for name in labels("commitment")}
    assert (by["hard"], by["aspiration"], by["direction"]) == (HARD, {"T10"}, DIRECTION)
    assert all(one.word for one in read_targets() if one.commitment != "not_stated")


def test_deadlines() -> None:
    by_id = {one.id: one for one in read_targets()}
    assert {one for one in by_id if by_id[one].annual} == {"T08", "T24"}
    without = {name for name, one in by_id.items() if one.deadline is None and not one.annual}
    assert without == NO_DEADLINE
    assert {name for name, one in by_id.items() if one.deadline == date(2020, 12, 31)} == {"T31", "T39"}
    others = set(by_id) - NO_DEADLINE - {"T08", "T24", "T31", "T39"}
    assert {by_id[name].deadline for name in others} == {date(2015, 12, 31)}


@pytest.mark.oracle
def test_levels_are_those_of_the_list(shared_data: Path) -> None:
    path = shared_data / "domain" / "liaocheng_targets.csv"
    if not path.exists():
        pytest.skip(f"{path} is absent")
    with path.open(encoding="utf-8", newline="") as lines:
        listed = {row["id"]: row for row in csv.DictReader(lines)}
    compared = 0
    for one in read_targets():
        row = listed.get(one.id)
        if row is None or not row["value"] or one.kind == "milestone":
            continue
        scale = 100 if one.unit == "proportion" else 1
        assert one.level is not None and scale * one.level == pytest.approx(float(row["value"])), one.id
        assert (one.comparison == ">") == (row["op"] == ">"), one.id
        compared += 1
    assert compared == 26  # T04 to T23, T25 to T30


def test_more_than_a_number_excludes_it_and_以上_includes_it() -> None:
    assert (find_target("T13").reached(100), find_target("T13").reached(101)) == (False, True)
    assert (find_target("T09").reached(14), find_target("T09").reached(15)) == (False, True)
    with pytest.raises(ValueError, match="no number"):
        find_target("T01").reached(1)


def test_no_value_of_another_definition_stands_for_a_target() -> None:
    """1066 “三品一标” is no value of T06; 116 of 150 trademarks is one of T04."""
    trademarks, certifications = find_target("T04").published, find_target("T06").published
    assert trademarks and (trademarks.value, trademarks.use) == (116, "interim")
    assert certifications and (certifications.value, certifications.use) == (1066, "other_definition")
    for one in read_targets():
        for value in (one.baseline, one.published):
            assert value is None or (value.source and value.url.startswith("http")), one.id


def test_relative_targets_say_that_bases_differ() -> None:
    reading = find_target("T01").reading
    assert all("94.5" in reading[one] and "84.3" in reading[one] for one in LANGUAGES)
    assert {one.id for one in read_targets() if one.kind == "relative"} == {"T01", "T02", "T03", "T39"}


def _points(one: Target) -> dict[str, Any]:
    return {"sector": one.selector[0], "measure": one.measure, "level": one.level}


def _share(one: Target) -> dict[str, Any]:
    return {
        "measure": one.measure, "scale": next(iter(one.selector), None), "level": one.level,
        "since": one.since.year if one.since else None,
    }  # fmt: skip


def test_parameters_agree_with_the_registry(project: Path) -> None:
    params = read_params(project / "params" / "demo-2015Q4.yaml")
    satisfaction = [one.model_dump() for one in params.satisfaction.satisfaction_targets]
    acceptance = [one.model_dump() for one in params.acceptance.acceptance_targets]
    assert satisfaction == [_points(find_target(name)) for name in ("T25", "T26")]
    assert acceptance == [_share(find_target(name)) for name in ("T21", "T22", "T23", "T24")]
    assert params.acceptance.denominator == find_target("T24").denominator


@pytest.mark.parametrize("one", read_targets(), ids=lambda one: one.id)
def test_texts_stand_in_their_language(one: Target) -> None:
    for text in (one.name, one.department, one.needs, *([one.reading] if any(one.reading.values()) else [])):
        assert any("\u4e00" <= character <= "\u9fff" for character in text["zh"]), one.id
        assert text["en"] and not any("\u4e00" <= character <= "\u9fff" for character in text["en"]), one.id
    for kind, code in (("target_area", one.area), ("target_kind", one.kind), ("commitment", one.commitment)):
        assert code in labels(kind)
    assert one.denominator in {"", *labels("denominator")}
    assert (one.source == "none") == (not one.selector and not one.measure)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("T04,brand", "T05,brand", "stands twice"),
        ("stock,not_stated,,>=,150", "stick,not_stated,,>=,150", "T04: 'stick' is none of"),
        ("stock,not_stated,,>=,150", "stock,not_stated,,>=,", "T04: a level belongs to"),
        ("stock,not_stated,,>=,150", "stock,not_stated,,>=,many", "T04: could not convert"),
        ("市工商局,", ",", "T04: department_zh is empty"),
    ],
)
def test_a_row_that_cannot_be_right_is_named(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    text = (project / "data" / "reference" / "targets.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "targets.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(target_registry, "reference_folder", lambda: tmp_path)
    with pytest.raises(QstatsError, match=said):
        read_targets.__wrapped__()
