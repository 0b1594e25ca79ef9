from pathlib import Path

import pytest

from qstats.codebook import text
from qstats.errors import QstatsError, SourceError
from qstats.sources import read_layouts
from qstats.sources.headings import find_heading
from qstats.sources.layouts import FIELDS_OF_TABLE, normalize_heading, without_brackets

MINIMAL = """
id: mine
label: {zh: 我的, en: mine}
table: inspections
required: [product_name]
columns: {product_name: [产品]}
"""


def _write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_layout_is_recognised_by_its_own_first_headings(layouts):
    for layout in layouts.values():
        line = [headings[0] for headings in layout.columns.values()]
        heading = find_heading([line], layouts)
        assert heading is not None
        assert heading.layout.id == layout.id
        assert heading.columns == {field: at for at, field in enumerate(layout.columns)}
        assert heading.unmatched == ()


def test_every_layout_needs_more_than_its_required_headings_of_another(layouts):
    for layout in layouts.values():
        line = [layout.columns[entry[0]][0] for entry in layout.required_alternatives]
        heading = find_heading([line], layouts)
        assert heading is not None and not heading.missing


def test_required_fields_may_name_alternatives(layouts):
    layout = layouts["template_inspection"]
    assert ["result", "first_result", "final_result"] in layout.required_alternatives


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("product_name: [产品]", "product_nam: [产品]"), ["mine.yaml", "columns", "product_nam"]),
        (("required: [product_name]", "required: [brand]"), ["mine.yaml", "required", "brand"]),
        (("table: inspections", "table: inspection"), ["mine.yaml", "table"]),
        (("id: mine", "id: mine\nheader: 3"), ["mine.yaml", "header"]),
        (("id: mine", "id: mine\ndefaults: {colour: red}"), ["mine.yaml", "defaults", "colour"]),
        (
            ("id: mine", "id: mine\nreject_where: {product_name: ['(']}"),
            ["mine.yaml", "reject_where.product_name"],
        ),
        (("id: mine", "id: mine\njoined: [production]"), ["mine.yaml", "joined", "production"]),
        (
            ("{product_name: [产品]}", "{product_name: [产品], brand: [产 品]}"),
            ["mine.yaml", "columns.brand", "产 品"],
        ),
        (("label: {zh: 我的, en: mine}", "label: {zh: 我的"), ["mine.yaml, line 4", "not valid YAML"]),
    ],
)
def test_faulty_layout_names_file_and_key(tmp_path, change, words):
    with pytest.raises(QstatsError) as caught:
        read_layouts(_write(tmp_path, MINIMAL.replace(*change)))
    assert all(word in str(caught.value) for word in words)


def test_an_id_is_used_once(tmp_path):
    _write(tmp_path, MINIMAL)
    with pytest.raises(SourceError, match=r"other\.yaml.*'mine'"):
        read_layouts(_write(tmp_path, MINIMAL, "other.yaml"))


@pytest.mark.parametrize("field", sorted({"file"}.union(*FIELDS_OF_TABLE.values())))
def test_every_raw_field_can_be_named_in_both_languages(field):
    assert text("columns", field)["zh"] != text("columns", field)["en"]


def test_folder_without_layouts_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="No layout files"):
        read_layouts(tmp_path)


def test_headings_are_compared_without_width_case_and_spaces():
    assert normalize_heading(" *产品 名称（ＫＧ）：") == "产品名称(kg)"
    assert normalize_heading("單位名稱") == "单位名称"
    assert without_brackets("不合格率(%)") == "不合格率"
