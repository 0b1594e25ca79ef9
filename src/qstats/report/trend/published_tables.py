"""Which table shows whose figures these are? Basis, issuer, rounding and changes of published series."""

from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital_text
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.headings import DASH, HEAD, bilingual, in_both
from qstats.report.trend.periods import span_cell


def tabulate_published(assessed: Assessment) -> Display | None:
    """Every stretch of the published series with its basis; nothing where nothing was declared of them."""
    facts = assessed.stretches
    if facts.empty:
        return None
    counts = [len(_periods_of(assessed, row)) for row in facts.to_dict("records")]
    facts = facts.assign(periods=counts).sort_values(
        "periods", ascending=False, kind="stable", ignore_index=True
    )
    listed = facts.to_dict("records")
    periods = [_periods_of(assessed, row) for row in listed]
    worded = in_both(
        facts,
        name=[capital_text(assessed.label(row["series"])) for row in listed],
        span=[span_cell(own[0], own[-1]) for own in periods],
        step=[_step(row) for row in listed],
        basis=[_basis(row) for row in listed],
    )
    return show_table(
        worded,
        name="published_stretches",
        caption={
            "zh": "公布的时间序列：发布机构、口径和取整，口径变化处分段",
            "en": "Published series: who published them, on which basis, how rounded, cut where the definition changed",
        },
        columns={
            "name": bilingual(HEAD["series"]), "span": bilingual(HEAD["span"]),
            "periods": Column(format="count", label=HEAD["periods"]), "step": bilingual({"zh": "取整", "en": "Rounded to"}),
            "issuer": Column(format="text", label={"zh": "发布机构", "en": "Issuer"}),
            "basis": bilingual({"zh": "口径及变化", "en": "Basis, and what changed"}),
        },
        max_rows=max(int((facts["periods"] > 1).sum()), 6),
    )  # fmt: skip


def _periods_of(assessed: Assessment, row: dict[str, Any]) -> list[str]:
    return [str(one) for one in assessed.rows_of(row["series"], row["group"])["period"]]


def _step(row: dict[str, Any]) -> Text:
    step = row["rounded_to"]
    if pd.isna(step) or not np.isfinite(step):
        return DASH
    if row["unit"] == "proportion":
        return {"zh": f"{100 * step:.3g}个百分点", "en": f"{100 * step:.3g} points"}
    return {one: f"{step:.3g}" for one in LANGUAGES}


def _basis(row: dict[str, Any]) -> Text:
    """The basis, opened by what changed at the beginning of the stretch."""
    changed = {"zh": "口径变化：", "en": "Changed: "}
    return {
        one: (
            f"{changed[one]}{note}{'。' if one == 'zh' else '. '}"
            if (note := row[f"break_note_{one}"])
            else ""
        )
        + (row[f"basis_{one}"] or "—")
        for one in LANGUAGES
    }
