"""Which tables show who answered, how they were asked, and what other choices would give?"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table, show_text
from qstats.report.formats import capital_text
from qstats.report.satisfaction.assessment import Assessment
from qstats.report.satisfaction.headings import HEAD, POINTS, interval_heading, say_nothing


def tabulate_robustness(assessed: Assessment) -> Display:
    """The headline measure of each sector by other choices, as far as they change anything."""
    name = "satisfaction_other_choices"
    if not assessed.received or "sector" not in assessed.columns:
        return say_nothing(assessed, name, "sector")
    measure, rows = assessed.headline, []
    for label, variant in _choices(assessed):
        for row in variant.measure("sector", measure).to_dict("records"):
            sector = capital_text(assessed.label_of("sector", row["sector"]))
            named = {f"choice_{one}": label[one] for one in LANGUAGES}
            rows.append(row | named | {f"sector_{one}": sector[one] for one in LANGUAGES})
    called = text("satisfaction_measure", measure)
    return show_table(
        pd.DataFrame(rows),
        name=name,
        caption={"zh": f"换一种做法，{called['zh']}是多少", "en": f"The {called['en'].lower()} under other choices"},
        columns={
            "choice": Column(format="bilingual", label={"zh": "做法", "en": "Choice"}),
            "sector": Column(format="bilingual", label={"zh": "类别", "en": "Sector"}),
            "n": Column(format="count", label=HEAD["complete" if measure == "index" else "respondents"]),
            "estimate": Column(format=POINTS, label=HEAD[measure]),
            "interval": Column(format="interval", unit=POINTS, label=interval_heading(assessed)),
        },
        status="mark",
        reason=("reason_zh", "reason_en"),
    )  # fmt: skip


def _choices(assessed: Assessment) -> Iterator[tuple[Text, Assessment]]:
    """What was done, then what else could have been and would have made a difference to some figure."""
    yield {"zh": "本报告", "en": "This report"}, assessed
    of_wave = assessed.respondents.filter(assessed.respondents["wave"] == assessed.waves[-1])
    flagged = set(of_wave["screened"].drop_nulls().unique().to_list())
    if assessed.now.left_out:
        yield {"zh": "不剔除任何问卷", "en": "No questionnaire left out"}, assessed.without_screening()
    if kept := sorted(flagged - set(assessed.survey.leave_out)):
        names = [text("screened", code) for code in kept]
        label = {
            "zh": f"另剔除{'、'.join(name['zh'] for name in names)}的问卷",
            "en": f"Also left out: {', '.join(name['en'].lower() for name in names)}",
        }
        stricter = replace(assessed.survey, leave_out=("speeder", "straight_line"))
        yield label, replace(assessed, survey=stricter)
    if assessed.now.weighting == "calibrated":
        yield {"zh": "不按总体构成加权", "en": "Not weighted to the population"}, assessed.unweighted()
    if assessed.headline == "index":
        label = {
            "zh": "缺答按本人同一变量其他题补齐",
            "en": "Gaps filled from one's answers to the same block",
        }
        yield label, replace(assessed, filled=True)
        other = replace(assessed.survey, inner_scheme=_OTHER_SCHEME[assessed.survey.inner_scheme])
        yield _SCHEMES[other.inner_scheme], replace(assessed, survey=other)


_OTHER_SCHEME: dict[str, Any] = {"path": "centroid", "centroid": "path", "factorial": "path"}
_SCHEMES: dict[str, Text] = {
    "centroid": {"zh": "模型改用重心加权方案", "en": "Centroid scheme in the model"},
    "path": {"zh": "模型改用路径加权方案", "en": "Path scheme in the model"},
}


def tabulate_modes(assessed: Assessment) -> Display:
    """Ways of asking: how often now and before, and the difference in the score; a sentence with one."""
    name = "satisfaction_modes"
    effects = assess.estimate_mode_effects(assessed.now, assessed.survey) if assessed.received else None
    if effects is None or effects.empty:
        return show_text(
            {"zh": "只有一种访问方式可供分析，不作比较。", "en": "Only one way of asking can be analysed: nothing to compare."},
            style="note", instead_of=name,
        )  # fmt: skip
    labels = [capital_text(assessed.label_of("mode", str(code))) for code in effects["mode"]]
    columns: dict[str, Column | str] = {
        "label": Column(format="bilingual", label={"zh": "访问方式", "en": "Way of asking"}),
        "n": Column(format="count", label=HEAD["respondents"]),
        "share_now": Column(format="percent", label={"zh": "占比", "en": "Share"}),
    }
    if assessed.before is not None:
        columns["share_before"] = Column(format="percent", label={"zh": "上次占比", "en": "Share before"})
    columns |= {
        "difference": Column(format="signed", label={"zh": "得分差（分）", "en": "Difference (points)"}),
        "adjusted": Column(format="signed", label={"zh": "调整后得分差（分）", "en": "Adjusted (points)"}),
        "interval": Column(format="interval", unit="signed", label=interval_heading(assessed)),
    }
    base = {one: labels[0][one] for one in LANGUAGES}
    return show_table(
        effects.assign(
            share_now=_mode_shares(assessed.now, effects["mode"]),
            share_before=_mode_shares(assessed.before, effects["mode"]),
            **{f"label_{one}": [label[one] for label in labels] for one in LANGUAGES},
        ),
        name=name,
        caption={
            "zh": f"不同访问方式的满意度得分，与{base['zh']}相比",
            "en": f"Satisfaction score by way of asking, against {base['en'].lower()}",
        },
        columns=columns,
        notes=[
            {
                "zh": f"评分不足{assessed.survey.minimum_respondents}人的方式不列。调整：扣除行业、地区和受访者构成的差别后的得分差。访问方式不是随机分配的，差别可能来自人群而不是方式。",
                "en": f"Ways with fewer than {assessed.survey.minimum_respondents} answers are left out. Adjusted: with differences in industry, district and profile taken out. People were not assigned to modes at random: a difference may be one of people.",
            }
        ],
    )


def _mode_shares(sample: assess.Sample | None, modes: pd.Series) -> list[float]:
    """Share of each mode among the respondents whose mode is known."""
    if sample is None:
        return [float("nan")] * len(modes)
    shares = sample.frame["mode"].value_counts(normalize=True)
    return [float(shares.get(mode, 0.0)) for mode in modes]


def tabulate_unanswered(assessed: Assessment) -> Display:
    """Questions left without a score and why, most often first."""
    if not assessed.received:
        return say_nothing(assessed, "satisfaction_unanswered", "sector")
    table = assess.count_unanswered(assessed.unanswered, assessed.now, assessed.survey)
    items = assessed.survey.questionnaire.items
    labels = [capital_text(items[code].label.model_dump()) for code in table["item"]]
    table = table.rename(columns={"item": "code"}).assign(
        **{f"item_{one}": [label[one] for label in labels] for one in LANGUAGES}
    )
    return show_table(
        table.sort_values("share", ascending=False, kind="stable"),
        name="satisfaction_unanswered",
        caption={
            "zh": "没有评分的题目及原因（人）",
            "en": "Questions left without a score, and why (respondents)",
        },
        columns={
            "item": Column(format="bilingual", label={"zh": "题目", "en": "Question"}),
            "respondents": Column(format="count", label={"zh": "被问人数", "en": "Asked"}),
            "dont_know": Column(format="count", label={"zh": "不知道", "en": "Don't know"}),
            "refused": Column(format="count", label={"zh": "拒答", "en": "Refused"}),
            "blank": Column(format="count", label={"zh": "空白", "en": "Blank"}),
            "out_of_range": Column(format="count", label={"zh": "超出量表", "en": "Off the scale"}),
            "share": Column(format="percent", label={"zh": "未评分", "en": "No score"}),
        },
        max_rows=10,
    )


def tabulate_sample(assessed: Assessment) -> Display:
    """The respondents beside the population, category by category; a sentence without margins."""
    table = (
        assess.compare_with_margins(assessed.now, assessed.margins) if assessed.received else pd.DataFrame()
    )
    if table.empty:
        return show_text(
            {
                "zh": "没有总体数据（margins.csv），受访者的构成无从与总体比较。",
                "en": "No population totals (margins.csv): the respondents cannot be compared with the population.",
            },
            style="note",
            instead_of="satisfaction_sample",
        )
    labels = [
        {
            one: f"{capital_text(assessed.variable_label(row.variable))[one]}{'：' if one == 'zh' else ': '}{assessed.label_of(row.variable, row.category)[one]}"
            for one in LANGUAGES
        }
        for row in table.itertuples()
    ]
    return show_table(
        table.assign(group_zh=[one["zh"] for one in labels], group_en=[one["en"] for one in labels]),
        name="satisfaction_sample",
        caption={"zh": "受访者构成与总体构成", "en": "Respondents beside the population"},
        columns={
            "group": Column(format="bilingual", label={"zh": "组别", "en": "Group"}),
            "n": Column(format="count", label={"zh": "人数", "en": "Respondents"}),
            "population": Column(format="percent", label={"zh": "总体占比", "en": "Population"}),
            "sampled": Column(format="percent", label={"zh": "受访者占比", "en": "Sample"}),
            "weighted": Column(format="percent", label={"zh": "加权后占比", "en": "After weighting"}),
        },
    )
