"""Reference files that cannot be read. Oracle: the line that is wrong, counted by hand."""

from pathlib import Path

import pytest

from qstats import credit_registry, questionnaires, scheme_registry
from qstats.errors import QstatsError
from qstats.reference_files import read_rows, read_settings
from qstats.sources import layouts

BROKEN = "id: x\nlabel: {zh: 甲, en: A}\ntotal: 100: 3\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)
    return path


def test_settings_are_read_whatever_mark_stands_in_front(tmp_path: Path) -> None:
    path = write(tmp_path / "x.yaml", "id: 01\nlabel: {zh: 甲}\n", "utf-8-sig")
    assert read_settings(path) == {"id": 1, "label": {"zh": "甲"}}
    assert read_settings(path, as_text=True) == {"id": "01", "label": {"zh": "甲"}}


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        (BROKEN, "utf-8", r"^my_scheme\.yaml, line 3: not valid YAML \(mapping values are not allowed"),
        ("id: x\nlabel: [1, 2\n", "utf-8", r"yaml, line 3: not valid YAML \(.*flow sequence of line 2\)"),
        ("id: x\nlabel: 聊城\n", "gb18030", r"my_scheme\.yaml, line 2: not in UTF-8; save the file as UTF-8"),
        ("id: x\nsince: 2015-02-30\n", "utf-8", r"my_scheme\.yaml: not valid YAML \(day is out of range"),
        ("id: a\x07b\n", "utf-8", r"my_scheme\.yaml.*: not valid YAML"),
        (
            "id: x\nat: {a: 1, b: 2, a: 3}\n",
            "utf-8",
            r"yaml, line 2: not valid YAML \(the key 'a' stands twice\)",
        ),
        ("", "utf-8", r"my_scheme\.yaml is empty: copy"),
        ("# nothing but a remark\n", "utf-8", r"my_scheme\.yaml is empty: copy"),
        ("- id\n- label\n", "utf-8", r"my_scheme\.yaml holds no keys: write 'key: value' lines"),
        ("id\n", "utf-8", r"my_scheme\.yaml holds no keys"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_place(
    tmp_path: Path, text: str, encoding: str, message: str
) -> None:
    with pytest.raises(QstatsError, match=message) as caught:
        read_settings(write(tmp_path / "my_scheme.yaml", text, encoding))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("folder", "read"),
    [
        ("credit_schemes", lambda: credit_registry.read_credit_scheme.__wrapped__("x")),
        ("schemes", lambda: scheme_registry.read_scheme.__wrapped__("x")),
        ("questionnaires", lambda: questionnaires.read_questionnaires.__wrapped__()),
        ("sources", lambda: layouts.read_layouts()),
    ],
)
@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        (BROKEN, "utf-8", r"x\.yaml, line 3: not valid YAML"),
        (BROKEN, "gb18030", r"x\.yaml, line 2: not in UTF-8"),
        ("", "utf-8", r"x\.yaml is empty"),
    ],
)
def test_every_kind_of_file_is_read_this_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, read, text: str, encoding: str, message: str
) -> None:
    monkeypatch.setenv("QSTATS_HOME", str(tmp_path))
    write(tmp_path / "data" / "reference" / folder / "x.yaml", text, encoding)
    with pytest.raises(QstatsError, match=message):
        read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_read_as_excel_saves_it(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "x.csv", 'code,label\r\n1,"甲,\r\n乙"\r\n\r\n2,\r\n', encoding)
    assert read_rows(path, ["label"]) == [{"code": "1", "label": "甲,\r\n乙"}, {"code": "2", "label": ""}]


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("code,label\n1,甲\n", "gb18030", r"^x\.csv, line 2: not in UTF-8; save the file as UTF-8"),
        ("code\n1\n", "utf-8", r"^x\.csv: column 'label' is missing; it needs code, label"),
        ("", "utf-8", r"^x\.csv: column 'code' is missing"),
        ("code,label\n1,甲\n2\n", "utf-8", r"^x\.csv, row 3: not as many cells"),
        ("code,label\n1,1,234\n", "utf-8", r"^x\.csv, row 2: not as many cells"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, text: str, encoding: str, message: str) -> None:
    with pytest.raises(QstatsError, match=message):
        read_rows(write(tmp_path / "x.csv", text, encoding), ["code", "label"])
