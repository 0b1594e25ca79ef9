"""Parameter files: typed, checked, and wrong ones explained."""

import json
from pathlib import Path

import pytest

from qstats.errors import ParameterError
from qstats.params import Params, params_schema, read_params


@pytest.fixture
def write(tmp_path: Path, project: Path):
    """Writes a period file beside a copy of the real base.yaml."""
    base = (project / "params" / "base.yaml").read_text(encoding="utf-8")
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")

    def write_period(text: str, run: str = "2015Q4") -> Path:
        path = tmp_path / f"{run}.yaml"
        path.write_text(f"run: {run}\nperiod: {run}\ncutoff: 2016-01-31\n{text}", encoding="utf-8")
        return path

    return write_period


def _refusal(path: Path) -> str:
    with pytest.raises(ParameterError) as caught:
        read_params(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["demo-2015Q4", "trial-food"])
def test_files_of_the_project_are_valid(project: Path, name: str) -> None:
    assert read_params(project / "params" / f"{name}.yaml").run == name


def test_period_file_holds_differences_only(write) -> None:
    params = read_params(write("inspection: {minimum_batches: 50}\n"))
    assert params.inspection.minimum_batches == 50
    assert params.inspection.level == "municipal"
    assert params.place.name.zh == "聊城市"


def test_scalars_stay_what_was_written(write) -> None:
    params = read_params(write("place: {code: 010101, name: {zh: NO, en: 'off'}, vintage: 2013}\n"))
    assert params.place.code == "010101"
    assert (params.place.name.zh, params.place.name.en) == ("NO", "off")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cutof: 2016-01-31\n", ["cutof: unknown key", "'cutoff'"]),
        ("inspection: {minimum_batch: 3}\n", ["inspection.minimum_batch: unknown key", "'minimum_batches'"]),
        ("place: {name: {cn: 聊城}}\n", ["place.name.cn: unknown key"]),
        ("synthetic: {sed: 3}\n", ["synthetic.sed: unknown key", "'seed'"]),
        ("confidence: high\n", ["confidence", "'high'"]),
        ("confidence: 95\n", ["confidence", "less than 1"]),
        ("inspection: {level: city}\n", ["inspection.level", "'municipal'"]),
        ("inspection: {minimum_batches: 2.5}\n", ["inspection.minimum_batches"]),
        ("place: {code: 3715}\n", ["place.code"]),
        ("chapters: 20_inspection\n", ["chapters", "list"]),
        ("title:\n", ["title"]),
        ("confidence: 0.9\nconfidence: 0.95\n", ["'confidence' stands twice"]),
        ("inspection:\n  level: county\n  level: county\n", ["'level' stands twice"]),
        ("inspection: {level: [}\n", ["YAML"]),
    ],
)
def test_mistake_is_named_with_its_place(write, text: str, said: list[str]) -> None:
    message = _refusal(write(text))
    assert all(words in message for words in said), message
    assert "pydantic" not in message


@pytest.mark.parametrize("size", ["tiny", "demo", "large", "30000000"])
def test_size_of_the_demonstration(write, size: str) -> None:
    text = f"demonstration: true\nsynthetic: {{seed: 1, size: {size}}}\n"
    path = write(text)
    path.write_text(
        path.read_text(encoding="utf-8").replace("run: 2015Q4", "run: demo-2015Q4"), encoding="utf-8"
    )
    assert read_params(path).synthetic is not None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("cutoff: 2016-01-31", "cutoff: 2015-09-30"), "before the period 2015Q4 begins"),
        (("run: 2015Q4", "run: 2015Q3"), "named by its period"),
        (("run: 2015Q4", "run: demo-2015Q4"), "demonstration runs"),
        (("period: 2015Q4", "period: 2015Q5"), "2015Q5"),
        (
            ("cutoff: 2016-01-31", "cutoff: 2016-01-31\nsynthetic: {seed: 1, size: tiny}"),
            "demonstration runs only",
        ),
        (("cutoff: 2016-01-31", "cutoff: 2016-01-31\ndemonstration: true"), "demonstration runs"),
        (("run: 2015Q4", "run: ../2015Q4"), "run"),
        (
            ("cutoff: 2016-01-31", "cutoff: 2016-01-31\ncredit: {publicity_from: 2015-12-30}"),
            "before the day of the grades, 2015-12-31",
        ),
    ],
)
def test_contradiction_is_named(write, change: tuple[str, str], said: str) -> None:
    path = write("")
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    assert said in _refusal(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("demonstration: true\n", "  file: demonstration runs, and only they, are named demo-…"),
        ("unit_chapters: [20_inspection]\n", "  file: a chapter stands twice in chapters and unit_chapters"),
        ("competitiveness: {choice_base: 1000}\n", "  competitiveness: choice_base 1000 is no power of 2"),
        ("place: 371500\n", "  place: Input should be a valid dictionary"),
    ],
)
def test_what_contradicts_itself_is_said_without_all_that_stands_around_it(
    write, text: str, said: str
) -> None:
    lines = _refusal(write(text)).splitlines()
    assert len(lines) == 2 and lines[1].startswith(said)
    assert len(lines[1]) < 160 and "{" not in lines[1]


def test_a_wrong_value_is_shown_and_a_long_one_cut(write) -> None:
    assert _refusal(write("confidence: high\n")).endswith("(found 'high')")
    message = _refusal(write(f"confidence: {'9' * 70}x\n"))
    assert message.endswith(f"(found '{'9' * 59}…)")


def test_missing_key_and_missing_file_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with pytest.raises(ParameterError, match="there is no parameter file"):
        read_params(path)
    path.write_text("run: x\n", encoding="utf-8")
    assert "missing; give it here or in base.yaml" in _refusal(path)
    path.write_text("- run\n", encoding="utf-8")
    assert "holds no keys" in _refusal(path)


def test_schema_file_is_in_step_with_the_model(project: Path) -> None:
    written = (project / "params" / "schema.json").read_text(encoding="utf-8")
    assert written == params_schema()
    schema = json.loads(written)
    assert set(schema["properties"]) == set(Params.model_fields)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("chapters", "said"), [("[10_cleaning, 10_cleaning]", "twice"), ("[../notebooks/10_cleaning]", "pattern")]
)
def test_chapters_are_names_and_stand_once(chapters: str, said: str, write) -> None:
    with pytest.raises(ParameterError, match=said):
        read_params(write(f"chapters: {chapters}\n"))


def test_chapter_runs_once_or_for_each_county_and_not_both(write) -> None:
    with pytest.raises(ParameterError, match="twice in chapters and unit_chapters: 26_county"):
        read_params(write("chapters: [26_county]\nunit_chapters: [26_county]\n"))
    assert read_params(write("unit_chapters: []\n")).unit_chapters == []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("{measure: first_time_rate}", "first_time_rate has level and scale"),
        ("{measure: complaint_rate, level: 0.5}", "complaint_rate since"),
        ("{measure: dwelling_rate, level: 1, scale: other}", "dwelling_rate level"),
        ("{measure: complaint_rate, scale: other}", "complaint_rate since"),
        ("{measure: first_time_rate, level: 1, since: 2013}", "first_time_rate has level and scale"),
        ("{measure: first_time_rate, level: 98}", "less than or equal to 1"),
        ("{measure: first_time_rate, level: 0}", "greater than 0"),
        ("{measure: first_time_rate, level: 1, scale: huge}", "'large_medium'"),
        ("{measure: first_time_rate, level: 1, scal: other}", "nearest known key: 'scale'"),
        ("{measure: complaint_rate, since: 13}", "greater than or equal to 1980"),
        ("{measure: dwelling_rate, level: 1}, {measure: dwelling_rate, level: 0.9}", "twice"),
    ],
)
def test_targets_of_construction_have_what_their_measure_needs(write, target: str, said: str) -> None:
    assert said in _refusal(write(f"acceptance: {{acceptance_targets: [{target}]}}\n"))


def test_targets_of_construction_may_be_none_or_one_for_each_scale(write) -> None:
    assert read_params(write("acceptance: {acceptance_targets: []}\n")).acceptance.acceptance_targets == []
    both = ", ".join(
        f"{{measure: first_time_rate, level: 0.98, scale: {one}}}"
        for one in ("large_medium", "other", "null")
    )
    targets = read_params(
        write(f"acceptance: {{acceptance_targets: [{both}]}}\n")
    ).acceptance.acceptance_targets
    assert [one.scale for one in targets] == ["large_medium", "other", None]


@pytest.mark.parametrize("key", ["rectification_days", "handling_days", "largest_height_spread"])
def test_limits_of_construction_are_above_zero(write, key: str) -> None:
    assert "greater than 0" in _refusal(write(f"acceptance: {{{key}: 0}}\n"))
