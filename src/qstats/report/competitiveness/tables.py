"""Which tables show the index? Its parts over the years, what it is made of, the units, what choices do."""

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.competitiveness.measured import CITY
from qstats.periods import Period
from qstats.report.columns import Column
from qstats.report.competitiveness.assessment import INDEX, Assessment
from qstats.report.competitiveness.narrative import why_not
from qstats.report.competitiveness.wording import say_between, say_count, say_range, say_ranks, say_value
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import capital_text, format_interval, format_number

_SCORE = Column(format="number", label={"zh": "得分", "en": "Score"})
_INTERVAL = Column(format="interval", unit="number", label={"zh": "置信区间", "en": "Confidence interval"})
_NAME = Column(format="bilingual", label={"zh": "项目", "en": "Item"})
_RANGE = "range_said"


def tabulate_scores(assessed: Assessment) -> Display:
    """The city's index and its parts in the assessed year, beside the years before."""
    codes = [INDEX, *(row.code for row in assessed.definition.pillars)]
    own = assessed.scores[(assessed.scores["unit"] == CITY) & assessed.scores["code"].isin(codes)]
    rows = [_score_row(assessed, own[own["code"] == code]) for code in codes]
    table = pd.DataFrame(rows)
    years = [str(year) for year in assessed.years[:-1]]
    return show_table(
        table,
        name=f"{assessed.prefix}_scores",
        caption={
            "zh": f"{assessed.place['zh']}{assessed.short['zh']}及其各方面（{assessed.definition.scale[0]:g}—{assessed.definition.scale[1]:g}分）",
            "en": f"{assessed.short['en']} of {assessed.place['en']} and its parts (points from {assessed.definition.scale[0]:g} to {assessed.definition.scale[1]:g})",
        },
        columns={
            "name": _NAME,
            "n": Column(format="count", label={"zh": "指标数", "en": "Indicators"}),
            "estimate": Column(format="number", label={"zh": f"{assessed.year.label['zh']}得分", "en": f"Score, {assessed.year.label['en']}"}),
            "interval": _INTERVAL,
            **{f"year_{year}": Column(format="bilingual", label={"zh": f"{year}年" if year.isdecimal() else year, "en": year}) for year in years},
        },
        status="status",
        reason=("reason_zh", "reason_en"),
        notes=[_SCALE],
    )  # fmt: skip


_SCALE: Text = {
    "zh": "各年用同一上下界计算，得分可以逐年比较；指标不全的年份不给指数。",
    "en": "All years are scored between the same bounds and can be compared; a year that lacks indicators has no index.",
}


def _score_row(assessed: Assessment, rows: pd.DataFrame) -> dict[str, object]:
    by_year = rows.set_index("period")
    now = dict(by_year.loc[assessed.period])
    label = assessed.definition.label(str(now["code"]))
    why = why_not(assessed, now) if now["status"] != "stated" else dict.fromkeys(LANGUAGES, "")
    told = {}
    for year in (str(one) for one in assessed.years[:-1]):
        row = by_year.loc[year]
        for one in LANGUAGES:
            told[f"year_{year}_{one}"] = (
                f"{format_number(row['estimate'], one)} ({format_interval(row['lower'], row['upper'], one, unit='number')})"
                if row["status"] == "stated" else "—"
            )  # fmt: skip
    names = {f"name_{one}": label[one] for one in LANGUAGES} | {
        f"reason_{one}": why[one] for one in LANGUAGES
    }
    return now | names | told


def tabulate_indicators(assessed: Assessment) -> Display:
    """What the index is made of: value, interval, bounds, weight, score and the points lost, most first."""
    measured = assessed.indicators.set_index("indicator")
    rows = []
    for part in assessed.parts.to_dict("records"):
        row = assessed.definition.row(part["indicator"])
        figure = measured.loc[row.code]
        texts = {
            "name": row.label,
            "value": say_value(figure["estimate"], row.unit),
            "limits": _say_limits(figure, row.unit),
            "bounds": say_between(float(row.lower or 0), float(row.upper or 0), row.unit),
            "n_said": say_count(figure["n"]),
            "note": row.note,
        }
        rows.append(part | spread(texts) | {"basis": figure["basis"], "unit_code": row.unit})
    return show_table(
        pd.DataFrame(rows),
        name=f"{assessed.prefix}_indicators",
        caption={
            "zh": f"{assessed.place['zh']}{assessed.year.label['zh']}{assessed.short['zh']}的各项指标、得分与失分（失分多的在前）",
            "en": f"{assessed.short['en']} of {assessed.place['en']}, {assessed.year.label['en']}, by indicator: values, scores and lost points, most first",
        },
        columns={
            "name": Column(format="bilingual", label={"zh": "指标", "en": "Indicator"}),
            "n_said": Column(format="bilingual", label={"zh": "依据数", "en": "n"}),
            "value": Column(format="bilingual", label={"zh": "数值", "en": "Value"}),
            "limits": Column(format="bilingual", label={"zh": "置信区间", "en": "Confidence interval"}),
            "bounds": Column(format="bilingual", label={"zh": "下界～上界", "en": "Bounds"}),
            "weight": Column(format="percent", label={"zh": "权数", "en": "Weight"}),
            "score": _SCORE,
            "lost": Column(format="number", label={"zh": "失分", "en": "Points lost"}),
        },
        notes=[_BOUNDS, {"zh": "说明：" + "；".join(f"{row.label['zh']}：{row.note['zh']}" for row in assessed.definition.indicators) + "。",
                         "en": "Notes. " + "; ".join(f"{row.label['en']}: {row.note['en']}" for row in assessed.definition.indicators) + "."}],
    )  # fmt: skip


_BOUNDS: Text = {
    "zh": "数值在下界（含以下）得60分，在上界（含以上）得100分，之间按比例；逆指标相反。没有区间的是登记数。上下界和权数由本项目设定。",
    "en": "A value at the worst bound or beyond scores 60, at the best 100, in proportion between; for what should be low the other way round. Counts of registers have no interval. Bounds and weights are declared by this project.",
}


def _say_limits(figure: pd.Series, unit: str) -> Text:
    if not np.isfinite(figure["estimate"]) or figure["law"] == "count":
        return dict.fromkeys(LANGUAGES, "—")
    return say_between(figure["lower"], figure["upper"], unit)


def tabulate_units(assessed: Assessment) -> Display:
    """Counties or industries with score, interval, possible ranks by sampling error, and the range over choices apart."""
    order = [*assessed.standing.table["unit"], *assessed.standing.left_out]
    if not order:
        return show_text(_no_units(assessed), style="note", instead_of=f"{assessed.prefix}_units")
    return show_table(
        pd.DataFrame([_unit_row(assessed, unit) for unit in order]),
        name=f"{assessed.prefix}_units",
        caption={
            "zh": f"{assessed.year.label['zh']}各{assessed.many['zh']}的{assessed.short['zh']}（有指数的在前；排列先后不等于名次）",
            "en": f"{assessed.short['en']} by {assessed.one['en']}, {assessed.year.label['en']} (the order shown is no ranking)",
        },
        columns={
            "name": Column(format="bilingual", label=capital_text(assessed.one)),
            "n": Column(format="count", label={"zh": "指标数", "en": "Indicators"}),
            "estimate": _SCORE,
            "interval": _INTERVAL,
            "ranks": Column(format="bilingual", label={"zh": "可能的名次（抽样误差）", "en": "Possible ranks (sampling error)"}),
            "group": Column(label={"zh": "不能区分的组", "en": "Tie group"}),
            _RANGE: Column(format="bilingual", label={"zh": "名次变动范围（方法选择）", "en": "Range of ranks (choices of method)"}),
            "compensated": Column(format="number", label={"zh": "相抵", "en": "Made up"}),
            "change": Column(format="bilingual", label=_against(assessed)),
        },
        status="status",
        reason=("reason_zh", "reason_en"),
        notes=[_how_to_read(assessed)],
    )  # fmt: skip


def _against(assessed: Assessment) -> Text:
    if assessed.previous is None:
        return {"zh": "变化", "en": "Change"}
    before = Period.parse(assessed.previous).label
    return {"zh": f"比{before['zh']}", "en": f"Change on {before['en']}"}


def _no_units(assessed: Assessment) -> Text:
    return {
        "zh": f"没有任何{assessed.many['zh']}的数据，不列表。",
        "en": f"No data of any {assessed.one['en']} were received: there is no table.",
    }


def _how_to_read(assessed: Assessment) -> Text:
    return {
        "zh": f"“可能的名次”同时成立的置信水平为{assessed.level}，只反映抽样误差；“名次变动范围”是换用其他方法时90%的抽取所在的名次，没有置信水平，两者不能混同。“相抵”为算术平均比几何平均多出的分数。变化只用两年都有的指标，括号内为{assessed.level}置信区间。",
        "en": f"All sets of possible ranks hold at once with {assessed.level} confidence, for sampling errors only. The range of ranks holds 90% of the draws over choices of method and has no confidence: the two are not the same thing. “Made up”: points of the weighted mean above the geometric one. Changes use indicators of both years, {assessed.level} confidence intervals in brackets.",
    }


def _unit_row(assessed: Assessment, unit: str) -> dict[str, object]:
    row = assessed.score(INDEX, unit)
    stated = row["status"] == "stated"
    why = dict.fromkeys(LANGUAGES, "") if stated else why_not(assessed, row)
    nothing: Text = dict.fromkeys(LANGUAGES, "")
    texts = {
        "name": assessed.names[unit],
        "reason": why,
        "ranks": nothing,
        _RANGE: nothing,
        "change": _say_change(assessed, unit),
    }
    beside: dict[str, object] = {"group": "", "compensated": np.nan, "rank_low": np.nan, "rank_high": np.nan}
    if stated:
        ranked = assessed.standing.table.set_index("unit").loc[unit]
        texts["ranks"] = say_ranks(int(ranked["rank_low"]), int(ranked["rank_high"]))
        beside |= {"group": ranked["group"], "rank_low": ranked["rank_low"], "rank_high": ranked["rank_high"]}
        if assessed.robustness is not None:
            place = assessed.robustness.units.index(unit)
            low, high = assessed.robustness.ranges.share_range()
            texts[_RANGE] = say_range(int(low[place]), int(high[place]))
            beside["compensated"] = assessed.robustness.compensated[place]
    return row | beside | spread(texts)


def _say_change(assessed: Assessment, unit: str) -> Text:
    """A clear change as such, any other as not clear."""
    if assessed.changes.empty:
        return dict.fromkeys(LANGUAGES, "—")
    row = assessed.changes.set_index("unit").loc[unit]
    if row["verdict"] == "cannot_be_stated":
        return dict.fromkeys(LANGUAGES, "—")
    limits = {one: format_interval(row["lower"], row["upper"], one, unit="signed") for one in LANGUAGES}
    word = {
        "rise": {"zh": "提高", "en": "up"}, "fall": {"zh": "降低", "en": "down"},
        "no_clear_change": {"zh": "不显著", "en": "not clear"},
    }[row["verdict"]]  # fmt: skip
    return {"zh": f"{word['zh']}（{limits['zh']}）", "en": f"{word['en']} ({limits['en']})"}


def spread(texts: dict[str, Text]) -> dict[str, str]:
    """Columns of bilingual texts."""
    return {f"{name}_{one}": words[one] for name, words in texts.items() for one in LANGUAGES}
