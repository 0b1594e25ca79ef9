"""What holds for any delivery: every row accounted for, and order, chunks and files do not matter."""

import random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qstats.pipeline import clean as stage_one

SHEETS = ["LC0001", "LC0002", "LC0003", "lc 0004", "ＬＣ０００５", "", "/"]
MESSY = st.fixed_dictionaries(
    {
        "sheet_no": st.sampled_from(SHEETS),
        "enterprise_name": st.sampled_from(
            ["东阿阿胶厂", " 东阿 阿胶厂", "茌平(鲁西)化工", "", "无", "合计"]
        ),
        "enterprise_code": st.sampled_from(["", "D2143569-X", "91330100799655058B", "12345", "9.13715E+17"]),
        "county": st.sampled_from(["东阿县", "茌平区", "371523", "外地", ""]),
        "product_name": st.sampled_from(["阿胶", "盐酸", "", "=1+1", "产品名称"]),
        "sampled_on": st.sampled_from(
            ["2015-05-06", "2015年5月6日", "42130", "2015-02-30", "", "2015/5/7（补）"]
        ),
        "result": st.sampled_from(
            ["合格", "不合格", "符合", "初检不合格，复检合格", "停产", "见附件", "", "检验结论"]
        ),
        "failed_items": st.sampled_from(["", "", "铅、镉", "水分（≤2.0）"]),
        "remark": st.sampled_from(["", "共3批次", "长期停产"]),
    }
)
FEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@FEW
@given(deliveries=st.lists(st.lists(MESSY, min_size=1, max_size=8), min_size=1, max_size=3))
def test_every_row_is_kept_rejected_or_merged(new_bureau, deliveries) -> None:
    bureau = new_bureau()
    for number, rows in enumerate(deliveries):
        bureau.receive(rows, f"{number}.csv")
    tables = bureau.clean()
    sources, batches, lineage = tables["sources"], tables["inspections"], tables["batch_rows"]
    total = sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]
    assert total.to_list() == sources["rows_in"].to_list()
    blank = sum(not any(row.values()) for rows in deliveries for row in rows)
    assert sources["rows_in"].sum() == sum(map(len, deliveries)) or blank
    assert sources["rows_kept"].sum() == batches.height
    assert batches["batch_id"].is_unique().all()
    assert lineage.select("source_id", "source_row").is_unique().all()
    assert lineage.height == (sources["rows_kept"] + sources["rows_merged"]).sum()
    assert lineage["batch_id"].unique().sort().equals(batches["batch_id"].sort())
    standing = batches.join(lineage, on=["batch_id", "source_id", "source_row"], how="semi")
    assert standing.height == batches.height
    assert set(tables["inspection_items"]["batch_id"]) <= set(batches["batch_id"])


def _rows(bureau, generator: random.Random) -> list[dict[str, str]]:
    """Thirty batches in their own words, some of them told twice in the same words."""
    counties = ["东阿县", "茌平区", "冠县", "莘县"]
    words = ["合格", "不合格", "符合", "初检不合格，复检合格", "停产"]
    rows = [
        bureau.row(
            number,
            county=generator.choice(counties),
            result=generator.choice(words),
            sampled_on=f"2015-0{1 + number % 9}-{10 + number % 19}",
            failed_items="铅、镉" if number % 5 == 0 else "",
        )
        for number in range(30)
    ]
    return rows + generator.sample(rows, 8)


def _without_places(tables) -> tuple[list, list]:
    """Batches and items, wherever they stood."""
    batches = tables["inspections"].drop("source_id", "source_row").sort("batch_id")
    return batches.rows(), sorted(tables["inspection_items"].drop("item_no").rows(), key=str)


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_division_into_files_do_not_matter(new_bureau, seed: int) -> None:
    whole, shuffled, divided = new_bureau(), new_bureau(), new_bureau()
    generator = random.Random(seed)
    rows = _rows(whole, generator)
    whole.receive(rows)
    expected = _without_places(whole.clean())
    assert len(expected[0]) == 30
    generator.shuffle(rows)
    shuffled.receive(rows)
    assert _without_places(shuffled.clean()) == expected
    for number in range(4):
        divided.receive(rows[number::4], f"{number}.csv")
    assert _without_places(divided.clean()) == expected


@pytest.mark.parametrize("chunk_rows", [1, 7])
def test_size_of_chunks_does_not_matter(new_bureau, monkeypatch: pytest.MonkeyPatch, chunk_rows: int) -> None:
    bureau = new_bureau()
    path = bureau.raw / "一.xlsx"
    rows = _rows(bureau, random.Random(5))
    _workbook(rows, path)
    expected = bureau.clean()
    really, chunks = stage_one.open_source, []

    def in_chunks(path, layouts, **options):
        source = really(path, layouts, **options, chunk_rows=chunk_rows)
        chunks.extend(frame.height for frame in source.rows())
        return source

    monkeypatch.setattr(stage_one, "open_source", in_chunks)
    tables = bureau.clean()
    assert len(chunks) > 3
    for name, table in expected.items():
        assert tables[name].equals(table), name


def _workbook(rows: list[dict[str, str]], path) -> None:
    headings = {
        "sheet_no": "抽样单编号", "enterprise_name": "企业名称", "county": "所属县区",
        "product_name": "产品名称", "sampled_on": "抽样日期",
        "result": "检验结论", "failed_items": "不合格项目",
    }  # fmt: skip
    pl.DataFrame(rows).select(pl.col(name).alias(heading) for name, heading in headings.items()).write_excel(
        path
    )


def test_a_later_delivery_supersedes_an_earlier_one(bureau) -> None:
    bureau.receive([bureau.row(1, result="不合格"), bureau.row(2, result="检验中")], "早.csv")
    bureau.receive([bureau.row(1, result="初检不合格，复检合格"), bureau.row(2, result="合格")], "晚.csv")
    (bureau.raw / "deliveries.csv").write_text(
        "file,supplier,programme,level,lists,batches_declared,received_on\n"
        "早.csv,市所,routine,municipal,all,2,2015-06-01\n晚.csv,市所,routine,municipal,all,2,2015-08-01\n",
        encoding="utf-8",
    )
    batches = bureau.clean()["inspections"]
    assert batches.select("batch_id", "first_outcome", "outcome", "fate").rows() == [
        ("LC0001", "fail", "pass", "sampled"),
        ("LC0002", "pass", "pass", "sampled"),
    ]
