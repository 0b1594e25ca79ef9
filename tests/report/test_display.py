import json

import pandas as pd
import pytest

from qstats.errors import QstatsError, ReportError
from qstats.report.display import Column, read_findings, read_outputs, show_findings, show_table, show_text
from qstats.report.findings import Finding

BOTH = {"zh": "中文", "en": "English"}


def test_bundle_is_plain_and_holds_both_languages(small) -> None:
    bundle = small.county_table()._repr_mimebundle_()
    assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle
    assert "东昌府区" in bundle["text/html"] and "Dongchangfu" in bundle["text/html"]


def test_jupyter_shows_the_language_asked_for(monkeypatch) -> None:
    monkeypatch.setenv("QSTATS_LANGUAGE", "en")
    assert show_text(BOTH)._repr_mimebundle_()["text/html"] == "<p>English</p>"
    monkeypatch.delenv("QSTATS_LANGUAGE")
    assert show_text(BOTH)._repr_mimebundle_()["text/html"] == "<p>中文</p><p>English</p>"


@pytest.mark.parametrize("text", [{"zh": "中文"}, {"zh": "中文", "en": " "}, {"zh": None, "en": "English"}])
def test_text_in_one_language_only_is_refused(text) -> None:
    with pytest.raises(ReportError, match="give it in both languages"):
        show_text(text)


def test_outputs_come_back_unrounded_from_a_notebook(small) -> None:
    outputs = read_outputs(small.small_notebook())
    assert [output.kind for output in outputs] == ["table", *["figure"] * 4, "table", "text", "findings"]
    frame = outputs[0].payload["frame"]
    cells = dict(zip(frame["columns"], zip(*frame["rows"], strict=True), strict=True))
    assert cells["estimate"][0] == 0.978123456789012
    assert cells["n"] == (1212, 180, 4)
    assert cells["estimate"][2] is None


def test_findings_in_the_form_of_the_contract() -> None:
    finding = Finding(key="a", label=BOTH, status="stated", basis="sample", unit="proportion", estimate=0.5)
    shown = show_findings([finding, {"key": "b"}], sentences=[BOTH])
    notebook = {"cells": [{"outputs": [{"data": shown._repr_mimebundle_()}], "metadata": {}}]}
    assert [one["key"] for one in read_findings(read_outputs(notebook))] == ["a", "b"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"absent": Column(label=BOTH)}, "no column 'absent'"),
        ({"n": Column(format="promille", label=BOTH)}, "unknown format 'promille'"),
        ({"n": "code:fate"}, "has no label"),
        ({"unlabelled": "count"}, "has no label"),
    ],
)
def test_columns_that_cannot_be_printed(columns, message) -> None:
    frame = pd.DataFrame({"n": [1], "unlabelled": [2]})
    with pytest.raises(QstatsError, match=message):
        show_table(frame, name="t", caption=BOTH, columns=columns)


def test_name_becomes_a_file_and_must_be_one() -> None:
    with pytest.raises(ReportError, match="is no name"):
        show_table(pd.DataFrame({"n": [1]}), name="../n", caption=BOTH, columns={"n": "count"})
