"""What would a supplier write into each cell of a batch? Every cell as text, faults not yet in."""

import polars as pl

from qstats.codebook import label
from qstats.reference import county_name, product_class_name
from qstats.synthetic.vocabulary import ROADS

LABORATORIES = {
    "institute": "演示市产品质量监督检验所", "laboratory": "演示检测技术中心", "platform": "演示市纤维检验所",
    "province": "演示省产品质量检验研究院", "risk_unit": "演示市产品质量监督检验所",
    "county_bureau": "演示县计量检定测试所", "campaign": "演示检测技术中心",
}  # fmt: skip

FATE_WORDS = {"closed": "停产", "nothing_to_sample": "未抽到样", "refused": "拒检", "pending": "检验中"}
OUTCOME_WORDS = {"pass": "合格", "fail": "不合格"}


def texts_of_batches(batches: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Every cell that any supplier writes, as text."""
    place = {code: county_name(code)["zh"] for code in batches["county_code"].unique()}
    classes = {code: product_class_name(code)["zh"] for code in batches["product_class"].unique()}
    labels = {
        column: {code: label(column, code, "zh") for code in batches[column].unique()}
        for column in ("enterprise_size", "stage", "programme", "level")
    }
    year = pl.col("sampled_on").dt.year()
    road = pl.Series(
        [
            ROADS[i % len(ROADS)] + f"{i % 97 + 1}号"
            for i in batches["enterprise_id"].str.slice(1).cast(pl.Int64)
        ]
    )
    fate = pl.col("fate").replace_strict(FATE_WORDS, default=None, return_dtype=pl.String)
    first = pl.col("first_outcome").replace_strict(OUTCOME_WORDS, default=None, return_dtype=pl.String)
    final = pl.col("outcome").replace_strict(OUTCOME_WORDS, default=None, return_dtype=pl.String)
    retested = (pl.col("fate") == "pending") & (pl.col("first_outcome") == "fail")
    fate = pl.when(retested).then(pl.lit("复检中")).otherwise(fate)
    both = pl.col("reinspected") & pl.col("outcome").is_not_null()
    county = pl.col("county_code").replace_strict(place, return_dtype=pl.String)
    return (
        batches.with_columns(
            county=county,
            township=pl.col("town"),
            enterprise_address=pl.lit("山东省聊城市") + county + pl.col("town") + road,
            sampled_unit=pl.when(pl.col("stage") == "production")
            .then("enterprise_name")
            .otherwise(county + "演示商场"),
            product_class=pl.col("product_class").replace_strict(classes, return_dtype=pl.String),
            **{c: pl.col(c).replace_strict(words, return_dtype=pl.String) for c, words in labels.items()},
            first_result=pl.when(retested).then(first).otherwise(pl.coalesce(fate, first)),
            final_result=pl.when(retested).then(fate).when(both).then(final),
            result=pl.when(both).then(pl.lit("初检不合格，复检") + final).otherwise(pl.coalesce(fate, final)),
            both=both,
            laboratory=pl.col("supplier").replace_strict(LABORATORIES, return_dtype=pl.String),
            sales_value=(pl.col("sales_value") / 1e4)
            .round(1)
            .map_elements(_plain_amount, return_dtype=pl.String),
            remark=pl.lit(None, pl.String),
            item_verdict=pl.lit(None, pl.String),
            sampled_on=pl.col("sampled_on").cast(pl.String),
            announced_on=pl.col("announced_on").cast(pl.String),
            year=year.cast(pl.String),
            quarter=year.cast(pl.String) + "Q" + pl.col("sampled_on").dt.quarter().cast(pl.String),
            half=year.cast(pl.String) + "H" + ((pl.col("sampled_on").dt.month() > 6) + 1).cast(pl.String),
            month_of=pl.col("sampled_on").dt.strftime("%Y-%m"),
        )
        .with_columns(
            program_code=batches["programme"], level_code=batches["level"], county_of=batches["county_code"]
        )
        .join(_item_cells(items), on="batch_index", how="left", maintain_order="left")
    )


def _plain_amount(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _item_cells(items: pl.DataFrame) -> pl.DataFrame:
    """Failed items of a batch in one cell; result, unit and limit only where there is a single item."""
    failed = items.filter(pl.col("verdict") == "fail")
    single = pl.len() == 1
    return failed.group_by("batch_index", maintain_order=True).agg(
        failed_items=pl.col("item").str.join("、"),
        item_result=pl.when(single).then(pl.col("result").first()),
        item_unit=pl.when(single).then(pl.col("unit").first()),
        item_limit=pl.when(single).then(pl.col("limit_operator").first() + pl.col("limit").first()),
        item_count=pl.len(),
    )
