"""How is a file of millions of rows made that looks like a supplier's? For timing, not for truth.

One CSV in our own template's layout, written in portions so that memory stays small: 50,000 enterprises,
the city's products, six years of days. Each usual fault stands in about one cell of a hundred; 3 % of the
rows are second items of the batch before them, 2 % repeat a row of the same portion or of the first one,
one in a thousand is blank or a total.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from qstats.codebook import label
from qstats.reference import county_name, product_class_name
from qstats.synthetic.city import draw_enterprises
from qstats.synthetic.sampling import plain
from qstats.synthetic.vocabulary import BRANDS, PRODUCTS

ENTERPRISES = 50_000
ROWS_AT_ONCE = 250_000
FIRST_DAY, LAST_DAY = np.datetime64("2010-01-01"), np.datetime64("2016-01-31")
SHARE_FAULTY, SHARE_FAILING, SHARE_SECOND_ITEM = 0.01, 0.08, 0.03
SHARE_REPEATED, SHARE_NO_BATCH = 0.02, 0.001

HEADINGS = {
    "sheet_no": "抽样单编号", "enterprise_name": "企业名称", "enterprise_code": "统一社会信用代码",
    "county": "所属县区", "enterprise_size": "企业规模", "product_name": "产品名称",
    "product_class": "产品类别", "brand": "商标", "model": "规格型号", "production": "生产日期/批号",
    "stage": "抽样环节", "programme": "抽查类别", "level": "抽查级别", "sampled_on": "抽样日期",
    "announced_on": "公告日期", "result": "检验结论", "failed_items": "不合格项目", "item_result": "检验值",
    "item_unit": "计量单位", "item_limit": "标准值", "laboratory": "承检机构",
}  # fmt: skip
ITEM_FIELDS = ("failed_items", "item_result", "item_unit", "item_limit")
WORDS = {
    "brand": BRANDS,
    "stage": ("生产环节", "流通环节", "网络销售"),
    "programme": ("监督抽查", "监督抽查", "风险监测", "专项抽查"),
    "level": ("市级", "市级", "县级", "省级"),
    "laboratory": ("演示市产品质量监督检验所", "演示检测技术中心", "演示市纤维检验所"),
}
PASSED, FAILED = ("合格", "合格", "所检项目合格", "符合"), ("不合格", "不合格", "检验不合格", "不符合")
DATE_FORMS = ("%Y-%m-%d", "%Y-%m-%d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y%m%d", "%Y.%m.%d")
WRONG = {
    "enterprise_name": " {} ", "enterprise_code": "{}0", "county": "{}某地", "enterprise_size": "／",
    "product_name": "{}　", "product_class": "其他{}", "brand": "无", "model": "型号：{}", "stage": "待定",
    "programme": "其他", "level": "－", "sampled_on": "{}（补）", "announced_on": "待公告",
    "result": "详见报告", "laboratory": "{} ",
}  # fmt: skip
"""What stands in a faulty cell; ``{}`` is what should have stood there."""


def write_load_file(path: Path, rows: int, *, seed: int = 20131212) -> None:
    """Write one CSV of ``rows`` rows in our template's layout; the same seed gives the same bytes."""
    generator = np.random.default_rng(seed)
    with path.open("wb") as file:
        file.write((",".join(HEADINGS.values()) + "\n").encode())
        for portion in _portions(rows, generator):
            file.write(portion.write_csv(include_header=False).encode())


def _portions(rows: int, generator: np.random.Generator) -> Iterator[pl.DataFrame]:
    enterprises, products, failures = _enterprises(generator), _products(), _failures(generator)
    first = None
    for start in range(0, rows, ROWS_AT_ONCE):
        count = min(ROWS_AT_ONCE, rows - start)
        enterprise, product = (_draw_rows(table, count, generator) for table in (enterprises, products))
        frame = enterprise.hstack(product).hstack(_sampling(start, count, generator))
        frame = _put_faults(_with_results(frame, failures, generator), generator).select(*HEADINGS)
        first = frame if first is None else first
        yield _repeat_rows(frame, first, generator)


def _draw_rows(frame: pl.DataFrame, count: int, generator: np.random.Generator) -> pl.DataFrame:
    return frame[generator.integers(0, frame.height, count)]


def _draw(words: Sequence[str], count: int, generator: np.random.Generator) -> pl.Series:
    return pl.Series(words, dtype=pl.String).gather(generator.integers(0, len(words), count))


def _enterprises(generator: np.random.Generator) -> pl.DataFrame:
    """Enterprises as suppliers write them, one in a hundred with a wrong check character."""
    drawn = draw_enterprises(ENTERPRISES, generator)
    counties = {code: county_name(code)["zh"] for code in drawn["county_code"].unique()}
    sizes = {code: label("enterprise_size", code, "zh") for code in drawn["enterprise_size"].unique()}
    code = pl.when("takes_credit_code").then("credit_code").otherwise("organisation_code")
    other_check = pl.when(code.str.ends_with("X")).then(pl.lit("1")).otherwise(pl.lit("X"))
    wrong = pl.Series(generator.random(ENTERPRISES) < SHARE_FAULTY)
    return drawn.select(
        "enterprise_name",
        pl.when(wrong).then(code.str.head(-1) + other_check).otherwise(code).alias("enterprise_code"),
        pl.col("county_code").replace_strict(counties).alias("county"),
        pl.col("enterprise_size").replace_strict(sizes),
    )


def _products() -> pl.DataFrame:
    classes = [product_class_name(product.product_class)["zh"] for product in PRODUCTS]
    names, models = [product.name for product in PRODUCTS], [product.model for product in PRODUCTS]
    return pl.DataFrame({"product_name": names, "product_class": classes, "model": models})


def _failures(generator: np.random.Generator) -> pl.DataFrame:
    """Cells of a failed item: mostly plain, some with a limit or unit glued to them, some for two items."""
    items = [item for product in PRODUCTS for item in product.items] * 40
    rows: list[tuple[str, str, str | None, str | None]] = [
        (item.name, plain(item.limit * share), item.unit, f"{item.operator}{plain(item.limit)}")
        for item, share in zip(items, generator.uniform(1.05, 2.0, len(items)), strict=True)
    ]
    glued = [(f"{name}（{limit}{unit}）", result, unit, None) for name, result, unit, limit in rows[::20]]
    united = [(name, f"{result}{unit}", None, limit) for name, result, unit, limit in rows[1::20]]
    pairs = zip(rows[2::20], rows[3::20], strict=True)
    paired = [(f"{a[0]}、{b[0]}", f"{a[1]}；{b[1]}", None, None) for a, b in pairs]
    cells = [*rows, *glued, *united, *paired]
    return pl.DataFrame(cells, schema=dict.fromkeys(ITEM_FIELDS, pl.String), orient="row")


def _sampling(start: int, count: int, generator: np.random.Generator) -> list[pl.Series]:
    """Sheet number, days in the supplier's forms, coded columns, laboratory."""
    sampled = generator.integers(100, (LAST_DAY - FIRST_DAY).astype(int) - 60, count)
    made = sampled - generator.integers(3, 90, count)
    announced = sampled + generator.integers(18, 60, count)
    number = pl.Series(np.arange(start, start + count)).cast(pl.String).str.zfill(9)
    return [
        ("LC" + number).alias("sheet_no"),
        _written_days(made, DATE_FORMS[:1], generator).alias("production"),
        _written_days(sampled, DATE_FORMS, generator).alias("sampled_on"),
        _written_days(announced, DATE_FORMS, generator).alias("announced_on"),
        *(_draw(words, count, generator).alias(name) for name, words in WORDS.items()),
    ]


def _written_days(days: np.ndarray, forms: Sequence[str], generator: np.random.Generator) -> pl.Series:
    calendar = pl.Series(np.arange(FIRST_DAY, LAST_DAY + 1))
    written = pl.concat([calendar.dt.strftime(form) for form in forms])
    return written.gather(days + len(calendar) * generator.integers(0, len(forms), len(days)))


def _with_results(
    frame: pl.DataFrame, failures: pl.DataFrame, generator: np.random.Generator
) -> pl.DataFrame:
    """Outcome and failed item; the row of a second item says of its batch what the row before says."""
    count = frame.height
    fails = generator.random(count) < SHARE_FAILING
    further = fails[:-1] & (generator.random(count - 1) < SHARE_SECOND_ITEM / SHARE_FAILING)
    second = np.concatenate([[False], further])
    failed, passed = _draw(FAILED, count, generator), _draw(PASSED, count, generator)
    frame = frame.with_columns(pl.when(pl.Series(fails)).then(failed).otherwise(passed).alias("result"))
    listed = pl.when(pl.Series(fails | second))
    items = _draw_rows(failures, count, generator).select(
        listed.then(name).alias(name) for name in ITEM_FIELDS
    )
    return frame[np.arange(count) - second].hstack(items)


def _put_faults(frame: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """Some cells of each column as they should not be; a few rows blank, a few with a total's mark."""
    chance = pl.Series(generator.random(frame.height))
    columns = []
    for name, form in WRONG.items():
        faulty = pl.Series(generator.random(frame.height) < SHARE_FAULTY)
        written = pl.format(form, *[name] * form.count("{}"))
        columns.append(pl.when(faulty).then(written).otherwise(name).alias(name))
    frame = frame.with_columns(columns)
    emptied = frame.select(pl.when(chance >= SHARE_NO_BATCH).then(name).alias(name) for name in frame.columns)
    total = pl.when(chance < SHARE_NO_BATCH / 2).then(pl.lit("合计")).otherwise("sheet_no")
    return emptied.with_columns(total.alias("sheet_no"))


def _repeat_rows(frame: pl.DataFrame, first: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """Rows replaced by others of the same portion and of the first one, half each."""
    source = np.arange(frame.height)
    for offset, rows in ((0, frame.height), (frame.height, first.height)):
        chosen = generator.random(frame.height) < SHARE_REPEATED / 2
        source = np.where(chosen, offset + generator.integers(0, rows, frame.height), source)
    return pl.concat([frame, first])[source]
