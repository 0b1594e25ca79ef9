import csv
import hashlib
import io
from pathlib import Path

import polars as pl
import pytest

from qstats.errors import SourceError
from qstats.sources import open_source
from qstats.sources.layouts import INSPECTION_FIELDS

FOODMATE = Path(__file__).parents[3] / "shared" / "data" / "cn_foodmate_sampling" / "raw"

# fmt: off
ANNOUNCEMENTS = {
    "provincial_results": "产品名称|生产企业|商标|规格型号|生产日期/批号|抽查结果|不合格项目|承检机构",
    "recheck_failures": "序号|企业名称|所属地市|产品名称|"
    "规格型号|生产日期/批号|抽查类别|复查检验机构|不合格项目",
    "national_annual_by_region": (
        "地区|抽查企业数(家)|合格企业数(家)|不合格企业数(家)|抽查产品数(种)|合格产品数(种)|不合格产品数(种)"
    ),
    "national_quarterly_by_region": "序号|所在地|抽查企业数(家)|抽查产品数(种)|产品实物质量抽样合格率(%)",
    "food_counts_by_class": "序号|食品类别|监督抽检样品总量(批次)|不合格样品数量(批次)|不合格率(%)",
    "dwelling_acceptance": "工程名称|结构类型|总户数|检验户数|检验结论|各方签章",
    "dwelling_measurements": "房间|净高推算值|H1|H2|H3|H4|H5|最大偏差|极差|L1|L2|L3|L4|最大偏差|极差",
    "complaints_monthly": "咨询|投诉|举报|总接收量|办结率",
    "complaints_quarterly": "类型|本季(件)|去年同季(件)|同比(%)",
    "product_classification": "产品大类名称|产品中类名称|代码",
    "injury_report_card": "性别|年龄|职业|户籍|发生时间|地点|"
    "活动|意图|原因|部位|性质|严重程度|结局|涉及产品(可多个)",
    "county_list": "序号|样品名称|生产单位|单位代码|所在乡镇|规格|商标|"
    "抽样时间|抽样地点类型|检验结果|不合格项|承检单位|备注",
    "inspection_items": "样品编号|生产企业|样品名称|任务类别|抽样日期|"
    "检测项目|标准值|实测值|计量单位|单项判定|样品结论",
}
# fmt: on


@pytest.mark.parametrize("layout", ANNOUNCEMENTS)
@pytest.mark.parametrize("kind", ["csv", "tsv_gb18030"])
def test_published_column_lists_are_recognised(opened, read_all, layout, kind):
    headings = ANNOUNCEMENTS[layout].split("|")
    cells = [f"值{at}" for at in range(len(headings))]
    mark, encoding = (",", "utf-8-sig") if kind == "csv" else ("\t", "gb18030")
    source = opened("\r\n".join(mark.join(line) for line in (headings, cells)).encode(encoding))
    frame = read_all(source)
    assert source.layout.id == layout
    assert frame.columns == ["source_row", *source.layout.fields]
    assert frame.row(0)[0] == 2
    values = {value for value in frame.row(0) if value in cells}
    assert len(values) == len(cells) - len(source.unmatched_headers)


def test_defaults_fill_absent_columns_only(opened, read_all):
    heading = ANNOUNCEMENTS["recheck_failures"].replace("|", ",")
    row = read_all(opened(f"{heading}\n1,甲厂,聊城,砖,,,,省院,强度\n")).row(0, named=True)
    assert (row["result"], row["level"]) == ("不合格", "省级")
    assert row["programme"] is None
    without = heading.replace("抽查类别", "其他")
    assert read_all(opened(f"{without}\n1,甲厂,聊城,砖,,,,省院,强度\n"))["programme"].to_list() == ["复查"]


@pytest.mark.parametrize(
    ("day", "lot", "production"),
    [
        ("2015-01-02", "A7", "2015-01-02 / A7"),
        ("2015-01-02", "", "2015-01-02"),
        ("", " A7", "A7"),
        ("A7", "A7 ", "A7"),
        ("2015-01-02", "/", "2015-01-02"),
        ("无", "A7", "A7"),
        ("/", "—", "/"),
        ("", "—", "—"),
        ("", "", None),
    ],
)
def test_production_joins_day_and_lot(opened, read_all, day, lot, production):
    source = opened(f"企业名称,批号,产品名称,抽样日期,检验结论,生产日期\n甲厂,{lot},砖,2015-1-1,合格,{day}\n")
    assert source.unmatched_headers == ()
    assert read_all(source)["production"].to_list() == [production]


def test_only_joined_fields_take_several_columns(opened, read_all):
    source = opened("企业名称,生产企业,产品名称,抽样日期,检验结论\n甲厂,乙厂,砖,2015-1-1,合格\n")
    assert read_all(source)["enterprise_name"].to_list() == ["甲厂"]
    assert source.unmatched_headers == ("生产企业",)


def test_source_names_file_checksum_and_fields(tmp_path, layouts, read_all):
    folder = tmp_path / "原始 数据"
    (folder / "县局").mkdir(parents=True)
    path = folder / "县局" / "一月.csv"
    path.write_bytes("企业名称,产品名称,抽样日期,检验结论\n甲,乙,2015-1-1,合格\n".encode("gb18030"))
    source = open_source(path, layouts, folder=folder)
    assert (source.file, source.encoding) == ("县局/一月.csv", "gb18030")
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    frame = read_all(source)
    assert frame.schema == {"source_row": pl.Int64, **dict.fromkeys(INSPECTION_FIELDS, pl.String)}
    assert open_source(path, layouts).file == "一月.csv"


@pytest.mark.parametrize("chunk_rows", [1, 7, 1000])
def test_chunks_are_in_file_order_and_complete(opened, monkeypatch, chunk_rows):
    monkeypatch.setattr("qstats.sources.encodings.BLOCK_BYTES", 200)
    lines = "".join(f"甲{at},乙,2015-1-1,合格\n" for at in range(100))
    source = opened("企业名称,产品名称,抽样日期,检验结论\n" + lines, chunk_rows=chunk_rows)
    frames = list(source.rows())
    assert pl.concat(frames)["source_row"].to_list() == list(range(2, 102))
    assert all(frame.height for frame in frames)


@pytest.mark.parametrize("name", ["错误页.csv", "错误页.xls"])
def test_error_page_is_refused(opened, name):
    with pytest.raises(SourceError, match=rf"{name}: a web page"):
        opened("<html><head><title>404</title></head><body>企业名称,产品名称</body></html>", name)


@pytest.mark.skipif(
    not FOODMATE.is_dir(), reason="the collection of food announcements is not beside the project"
)
def test_all_real_files_are_read_row_by_row(layouts, read_all):
    ids = set()
    paths = sorted(FOODMATE.iterdir())
    for path in paths:
        source = open_source(path, layouts)
        text = path.read_bytes().decode("utf-8-sig" if source.encoding == "utf-8" else source.encoding)
        records = list(csv.reader(io.StringIO(text, newline="")))
        frame = read_all(source)
        names = {field: records[0].index(names[0]) for field, names in source.layout.columns.items()}
        assert frame.height == len(records) - 1
        for field, at in names.items():
            assert frame[field].to_list() == [record[at] or None for record in records[1:]]
        ids.add(source.layout.id)
    assert len(paths) == 29
    assert ids == {"foodmate_with_listing", "foodmate_without_listing", "foodmate_bilingual"}


@pytest.mark.skipif(
    not FOODMATE.is_dir(), reason="the collection of food announcements is not beside the project"
)
def test_foreign_alerts_are_told_by_the_layout(layouts, read_all):
    rejected = 0
    for path in sorted(FOODMATE.iterdir()):
        source = open_source(path, layouts)
        foreign = pl.any_horizontal(
            pl.col(field).str.contains("|".join(patterns)).fill_null(False)
            for field, patterns in source.layout.reject_where.items()
        )
        frame = read_all(source)
        rejected += frame.filter(foreign).height
        assert not frame.filter(
            ~foreign & pl.col("result").is_in(["严肃的 ", "serious", "not serious"])
        ).height
    assert rejected == 2273
