"""What does the cleaning chapter say? Findings on the data received, and the sentences that follow."""

from collections.abc import Sequence

import pandas as pd

from qstats.codebook import Text, text
from qstats.report.findings import Finding
from qstats.report.formats import format_count


def find_rows(sources: pd.DataFrame) -> list[Finding]:
    """Counts of files and rows as findings: complete counts, no estimates."""
    refused = int(sources["layout"].isna().sum())
    counts = {
        "files": len(sources),
        "files_refused": refused,
        **{
            name: int(sources[name].sum())
            for name in ("rows_in", "rows_kept", "rows_rejected", "rows_merged")
        },
    }
    return [
        Finding(
            key=f"cleaning.{name}", label=text("count_of", name), status="stated", basis="census", unit="count",
            n=count, estimate=float(count), method="count", table="tables/sources.csv",
        )
        for name, count in counts.items()
    ]  # fmt: skip


def describe_rows(sources: pd.DataFrame) -> Text:
    """How much arrived and what became of each row."""
    counts = {
        name: int(sources[name].sum()) for name in ("rows_in", "rows_kept", "rows_rejected", "rows_merged")
    }
    refused = int(sources["layout"].isna().sum())
    zh, en = (
        {name: format_count(count, language) for name, count in counts.items()} for language in ("zh", "en")
    )
    return {
        "zh": f"共收到{len(sources)}个文件（其中{refused}个无法读取），读入{zh['rows_in']}行："
        f"保留{zh['rows_kept']}行，剔除{zh['rows_rejected']}行，归并到其他行所属批次{zh['rows_merged']}行，逐行可查。",
        "en": f"{len(sources)} files were received ({refused} of them could not be read) with {en['rows_in']} rows: "
        f"{en['rows_kept']} were kept, {en['rows_rejected']} rejected and {en['rows_merged']} merged into the batch of "
        "another row. Every row is accounted for.",
    }


def describe_sources(sources: pd.DataFrame) -> Text:
    """How many sources may carry a rate, and how many may not."""
    with_batches = sources[sources["batches_found"] > 0]
    barred = int(with_batches["refusal"].notna().sum())
    return {
        "zh": f"有批次的{len(with_batches)}个来源中，{len(with_batches) - barred}个申报了抽查总数且清单完整，可据以发布合格率；"
        f"{barred}个不具备条件，不据以发布。",
        "en": f"Of {len(with_batches)} sources with batches, {len(with_batches) - barred} declare their total and list it "
        f"completely, so that rates may rest on them; {barred} do not.",
    }


def describe_gaps(years: Sequence[int], thin: Sequence[int] = ()) -> Text:
    """Years without any batch, or with next to none, between the first and the last."""
    if not years and not thin:
        return {
            "zh": "首末年份之间没有整年缺失。",
            "en": "No whole year is missing between the first and the last.",
        }
    parts: dict[str, list[str]] = {"zh": [], "en": []}
    if years:
        parts["zh"].append(f"{'、'.join(map(str, years))}年没有收到任何批次")
        parts["en"].append(f"no batch was received for {', '.join(map(str, years))}")
    if thin:
        parts["zh"].append(f"{'、'.join(map(str, thin))}年收到的批次不足最多年份的5%")
        parts["en"].append(f"next to none (less than 5% of the fullest year) for {', '.join(map(str, thin))}")
    english = "; ".join(parts["en"])
    return {
        "zh": f"{'，'.join(parts['zh'])}，前后数字不能连成趋势。",
        "en": f"{english[0].upper()}{english[1:]}: figures before and after do not form a trend.",
    }
