"""What does the first screen say of the index? Level and band, change and what moved it, parts, units, how sure."""

from typing import Any

from qstats.codebook import LANGUAGES, Text
from qstats.periods import Period
from qstats.report.competitiveness.assessment import Assessment
from qstats.report.competitiveness.wording import low, say_change, say_limits, say_score
from qstats.report.formats import format_count, format_number, format_signed, join_sentences
from qstats.report.groups import list_names

MOST_NAMED = 3


def main_points(assessed: Assessment, manufacturing: Assessment) -> list[Text]:
    """At most six points: level, change, parts, where points are lost, units; the index of manufacturing."""
    if not assessed.is_stated:
        return [describe_level(assessed), describe_level(manufacturing)]
    return [
        describe_level(assessed), describe_change(assessed), describe_parts(assessed), describe_losses(assessed),
        describe_units(assessed), describe_level(manufacturing),
    ]  # fmt: skip


def describe_level(assessed: Assessment) -> Text:
    """The index with interval and band, by the name of its scheme; or why there is none."""
    row, name = assessed.city, assessed.definition.top.label
    when = assessed.year.label
    if row["status"] != "stated":
        why = why_not(assessed, row)
        return {
            "zh": f"不发布{assessed.place['zh']}{when['zh']}{name['zh']}：{why['zh']}。",
            "en": f"No {name['en'][:1].lower()}{name['en'][1:]} is published for {assessed.place['en']}, {when['en']}: {why['en']}.",
        }
    band, scheme = assessed.band(row["estimate"]), assessed.scheme_label
    same = assessed.band(max(row["lower"], assessed.definition.scale[0])) == assessed.band(row["upper"])
    spread: Text = {
        "zh": "" if same else "，置信区间跨越档次界线",
        "en": "" if same else "; the interval reaches over a limit of the bands",
    }
    return {
        "zh": f"{assessed.place['zh']}{when['zh']}{name['zh']}为{say_score(row['estimate'], 'zh')}{say_limits(row, 'zh', assessed.level)}，"
        f"借用“{scheme['zh']}”来看属于“{band.label['zh']}”，仅供参考{spread['zh']}。",
        "en": f"{name['en']} of {assessed.place['en']}, {when['en']}: {say_score(row['estimate'], 'en')}{say_limits(row, 'en', assessed.level)}, "
        f"“{band.label['en']}” by the {scheme['en']}, borrowed from the national index for orientation only{spread['en']}.",
    }


def why_not(assessed: Assessment, row: dict[str, Any]) -> Text:
    """Why a score is not stated: what is missing."""
    missing = [code for code in str(row["missing"]).split(",") if code]
    labels = {code: assessed.definition.label(code) for code in missing}
    names = {
        "zh": "、".join(labels[c]["zh"] for c in missing),
        "en": "; ".join(labels[c]["en"] for c in missing),
    }
    if row["n"] == 0:
        return {"zh": "没有收到任何指标的数据", "en": "no data of any indicator were received"}
    return {
        "zh": f"{row['of']}项指标中缺{len(missing)}项（{names['zh']}），不足以构成指数，缺项不作推算",
        "en": f"{len(missing)} of {row['of']} indicators are missing ({names['en']}), too many for an index; nothing is filled in",
    }


def describe_change(assessed: Assessment) -> Text:
    """Change of the city's index, and the indicators that moved it most where it is clear."""
    if assessed.change is None or assessed.change["verdict"] == "cannot_be_stated":
        return {
            "zh": "此前各年没有同口径的指数，不作比较。",
            "en": "No earlier year has an index on the same basis: nothing is compared.",
        }
    told = say_change(assessed.change, assessed.level, Period.parse(str(assessed.previous)).label)
    moved = [row for row in assessed.moved.to_dict("records") if abs(row["points"]) >= 0.05][:MOST_NAMED]
    parts = {
        one: ("、" if one == "zh" else ", ").join(
            f"{_name(assessed, row['indicator'])[one]}{format_signed(row['points'], one)}" for row in moved
        )
        for one in LANGUAGES
    }
    if not moved:
        return {"zh": f"指数{told['zh']}。", "en": f"The index: {told['en']}."}
    return {
        "zh": f"指数{told['zh']}。相差部分的算术分解（各项自身的变化未必显著）：{parts['zh']}分。",
        "en": f"The index: {told['en']}. By arithmetic the difference is made of {parts['en']} points; no single indicator need have changed clearly.",
    }


def _name(assessed: Assessment, code: str) -> Text:
    """An indicator before a number."""
    label = assessed.definition.label(code)
    return {"zh": label["zh"], "en": f"{low(label['en'])} "}


def describe_parts(assessed: Assessment) -> Text:
    """Scores of the parts."""
    said: dict[str, list[str]] = {one: [] for one in LANGUAGES}
    for pillar in assessed.definition.pillars:
        row = assessed.score(pillar.code)
        for one in LANGUAGES:
            if row["status"] != "stated":
                said[one].append(f"{pillar.label[one]}{'不能发布' if one == 'zh' else ' cannot be stated'}")
                continue
            said[one].append(
                f"{pillar.label[one]}{'' if one == 'zh' else ' '}{say_score(row['estimate'], one)}{say_limits(row, one, assessed.level)}"
            )
    return {"zh": "，".join(said["zh"]) + "。", "en": "; ".join(said["en"]) + "."}


def describe_losses(assessed: Assessment) -> Text:
    """Indicators that lose most points to the top of the scale."""
    worst = assessed.parts.head(MOST_NAMED).to_dict("records")
    top = assessed.definition.scale[1]
    gap = top - float(assessed.city["estimate"])
    said = {
        one: ("、" if one == "zh" else ", ").join(
            f"{_name(assessed, row['indicator'])[one]}{format_number(row['lost'], one)}" for row in worst
        )
        for one in LANGUAGES
    }
    return {
        "zh": f"距满分{top:g}分共差{say_score(gap, 'zh')}，失分最多的是{said['zh']}分。",
        "en": f"{say_score(gap, 'en')} are missing to the full {top:g}; most are lost by {said['en']}.",
    }


def describe_units(assessed: Assessment) -> Text:
    """Whether units can be told apart, and which could not be scored."""
    standing, count = assessed.standing, len(assessed.standing.table)
    many = assessed.many
    left = list_names(assessed.names, standing.left_out)
    gone: Text = {
        "zh": f"{left['zh']}缺少指标，没有指数。" if standing.left_out else "",
        "en": f"{left['en']} lack indicators and have no index." if standing.left_out else "",
    }
    if count < 2:
        return join_sentences(
            [
                {
                    "zh": f"有指数的{many['zh']}不足两个，不排名次。",
                    "en": f"Fewer than two {many['en']} have an index: there is no ranking.",
                },
                gone,
            ]
        )
    if not standing.are_told_apart:
        told: Text = {
            "zh": f"有指数的{count}个{many['zh']}在抽样误差之内不能分出先后，不排名次。",
            "en": f"The {count} {many['en']} that have an index cannot be told apart within sampling error: there is no ranking.",
        }
        return join_sentences([told, gone])
    ahead = [row["unit"] for row in standing.table.to_dict("records") if row["rank_high"] < count]
    behind = [row["unit"] for row in standing.table.to_dict("records") if row["rank_low"] > 1]
    first, last = list_names(assessed.names, ahead), list_names(assessed.names, behind)
    zh = [f"{first['zh']}不在末位" if ahead else "", f"{last['zh']}不居首位" if behind else ""]
    en = [f"{first['en']} not last" if ahead else "", f"{last['en']} not first" if behind else ""]
    return join_sentences([{"zh": f"以{assessed.level}的置信水平，有指数的{count}个{many['zh']}中，" + "；".join(filter(None, zh)) + "；可能的名次见表，集合相交的分不出先后。",
                  "en": f"With {assessed.level} confidence, of the {count} {many['en']} that have an index: " + "; ".join(filter(None, en)) + "; the table has the possible ranks of each, and the order of those that overlap cannot be told."}, gone])  # fmt: skip


def describe_robustness(assessed: Assessment) -> list[Text]:
    """How far ranks depend on choices of method, in words that do not claim coverage."""
    robust = assessed.robustness
    if robust is None:
        return [{
            "zh": f"有指数的{assessed.many['zh']}不足5个，不作方法选择的分析。",
            "en": f"Fewer than five {assessed.many['en']} have an index: choices of method are not examined.",
        }]  # fmt: skip
    shift = float(robust.ranges.mean_shift().mean())
    order = robust.sensitivity.total.argsort()[::-1]
    first = robust.sensitivity.names[order[0]]
    words = CHOICES[first]
    draws = len(robust.ranges.ranks)
    return [
        {
            "zh": f"在{format_count(draws, 'zh')}次抽取中，换用同样说得通的标准化、合成、缺项处理方法，并使权数在±{100 * assessed.drawn.weight_noise:.0f}%内变动，各{assessed.many['zh']}的名次平均移动{shift:.1f}位；影响最大的是{words['zh']}。这是方法选择的变动范围，不是置信区间，也不含抽样误差。",
            "en": f"In {format_count(draws, 'en')} draws of equally defensible scales, means and treatments of missing values, with weights shifted by up to {100 * assessed.drawn.weight_noise:.0f}%, ranks moved by {shift:.1f} places on average; {words['en']} mattered most. This is a range over choices: no confidence interval, and without sampling error.",
        }
    ]


CHOICES: dict[str, Text] = {
    "normalisation": {"zh": "标准化方法", "en": "the scale"},
    "aggregation": {"zh": "合成方法", "en": "the mean"},
    "imputation": {"zh": "缺项处理", "en": "missing values"},
    "weights": {"zh": "权数", "en": "weights"},
}
"""Names of the choices."""
