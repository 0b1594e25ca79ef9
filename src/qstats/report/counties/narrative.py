"""How does the report speak of counties compared? First who stands out, then that the rest is no ranking.

A county is said to differ only where the interval of its difference to the rest of the city excludes 0 after all
counties were looked at; places in the list are never called ranks where they are none.
"""

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.counties.comparison import CountyComparison
from qstats.report.counties.mix import describe_mix
from qstats.report.formats import capital, format_interval, format_percent, known_number
from qstats.report.groups import list_names

_VERBS: dict[str, Text] = {"below": {"zh": "低于", "en": "below"}, "above": {"zh": "高于", "en": "above"}}


_NO_COUNTIES: Text = {
    "zh": "来源没有注明批次属于哪个县（市、区），县（市、区）之间无法比较。",
    "en": "The sources do not say which county a batch belongs to: counties cannot be compared.",
}


def main_points(now: CountyComparison, year: CountyComparison) -> list[Text]:
    """The points of the first screen: who stands out, in the period and over twelve months; what may be ranked."""
    if now.counties.empty:
        return [_NO_COUNTIES]
    is_annual = now.subject.period.start == year.subject.period.start
    points = [
        describe_standing(now),
        describe_order(now),
        None if is_annual else describe_standing(year),
        None if is_annual or year.pairs.empty else describe_order(year),
        describe_mix(year),
        _describe_blindness(now, year),
        describe_unstated(now),
    ]
    return [point for point in points if point]


def describe_standing(comparison: CountyComparison) -> Text:
    """Who lies clearly below or above the rest of the city, and how many cannot be told apart from it."""
    when, stated = comparison.when, comparison.stated
    compared = stated[stated["standing"].notna()]
    opening = {"zh": f"{when['zh']}：", "en": f"{capital(when['en'])}: "}
    if compared.empty:
        return {
            "zh": f"{opening['zh']}没有县（市、区）的合格率可以同其余地区比较。",
            "en": f"{opening['en']}no county has a rate that can be compared with the rest of the city.",
        }
    waiting = _describe_awaited(comparison)
    clauses = [_describe_side(comparison, how) for how in ("below", "above")]
    named = {language: [clause[language] for clause in clauses if clause] for language in LANGUAGES}
    same = len(comparison.standing("not_told_apart"))
    if not named["zh"]:
        return {
            "zh": f"{opening['zh']}{len(compared)}个有合格率的县（市、区）与全市其余地区的差异均不显著，不能说哪个好、哪个差。{waiting['zh']}",
            "en": f"{opening['en']}none of the {len(compared)} counties with a rate can be told apart from the rest of the city; none stands out as better or worse.{waiting['en']}",
        }
    others = {
        "zh": f"其余{same}个与全市其余地区差异不显著" if same else "没有其他有合格率的县（市、区）",
        "en": f"The other {same} cannot be told apart from it" if same else "No other county has a rate",
    }
    return {
        "zh": f"{opening['zh']}{'；'.join(named['zh'])}（均为{comparison.level}置信区间，各县同时成立）。{others['zh']}。{waiting['zh']}",
        "en": f"{opening['en']}{'; '.join(named['en'])} ({comparison.level} confidence intervals, for all counties at once). {others['en']}.{waiting['en']}",
    }


def _describe_awaited(comparison: CountyComparison) -> Text:
    """Counties whose difference results still to come could undo; empty where there is none."""
    rows = comparison.standing("awaited")
    if rows.empty:
        return {"zh": "", "en": ""}
    names = list_names(comparison.names, rows["county_code"])
    return {
        "zh": f"{names['zh']}与其余地区的差别，待出的结果可能抵消，暂不判断。",
        "en": f" {names['en']}: results still awaited could undo the difference, so none is claimed yet.",
    }


def _describe_side(comparison: CountyComparison, how: str) -> Text | None:
    """The counties on one side of the rest, each with its difference and interval."""
    rows = comparison.standing(how)
    if rows.empty:
        return None
    parts = [_describe_difference(comparison, row, how) for row in rows.to_dict("records")]
    verb, tied = _VERBS[how], _describe_tie(comparison, rows)
    return {
        "zh": f"合格率{verb['zh']}全市其余地区的有{'、'.join(part['zh'] for part in parts)}{tied['zh']}",
        "en": f"{verb['en']} the rest of the city: {', '.join(part['en'] for part in parts)}{tied['en']}",
    }


def _describe_difference(comparison: CountyComparison, row: dict[str, object], how: str) -> Text:
    name = comparison.names[str(row["county_code"])]
    size = abs(100 * known_number(row["difference"]))
    lower, upper = (known_number(row[f"difference_{end}"]) for end in ("lower", "upper"))
    zh, en = (format_interval(lower, upper, language, unit="points") for language in LANGUAGES)
    return {
        "zh": f"{name['zh']}（{_VERBS[how]['zh'][0]}{size:.1f}个百分点，{zh}）",
        "en": f"{name['en']} by {size:.1f} points ({en})",
    }


def _describe_tie(comparison: CountyComparison, rows: pd.DataFrame) -> Text:
    """That several counties named together cannot be told apart from one another; nothing where some can."""
    codes = set(rows["county_code"])
    apart = comparison.pairs["better"].isin(codes) & comparison.pairs["worse"].isin(codes)
    if len(rows) < 2 or apart.any():
        return {"zh": "", "en": ""}
    return {"zh": f"，这{len(rows)}个之间差异不显著", "en": ", which cannot be told apart from one another"}


def describe_order(comparison: CountyComparison) -> Text:
    """What may be said of ranks: nothing, or who is surely in the upper or the lower half."""
    ranked, when = comparison.ranked, comparison.when
    if ranked.empty:
        return {
            "zh": f"{when['zh']}有合格率的县（市、区）不足两个，不排名次。",
            "en": f"Fewer than two counties have a rate for {when['en']}: no ranks are given.",
        }
    count = len(ranked)
    if comparison.pairs.empty:
        return {
            "zh": f"表中次序不是名次：{when['zh']}{count}个县（市、区）两两之间均不能区分，每一个都可能居第1至第{count}位。",
            "en": f"The order of the table is no ranking: for {when['en']}, no two of the {count} counties can be told apart, and each may hold any rank from 1 to {count}.",
        }
    halves = ((ranked["rank_high"] <= count / 2, _UPPER), (ranked["rank_low"] > (count + 1) / 2, _LOWER))
    claims = [_describe_half(comparison, ranked[inside], place) for inside, place in halves if inside.any()]
    pairs, total = len(comparison.pairs), count * (count - 1) // 2
    parts = {language: [claim[language] for claim in claims] for language in LANGUAGES}
    return {
        "zh": f"{when['zh']}的名次只能确定到范围："
        + "；".join([*parts["zh"], f"{total}对县（市、区）中只有{pairs}对能分出高低，其余先后不能确定。"]),
        "en": f"Ranks for {when['en']} are known as ranges only: "
        + "; ".join(
            [
                *parts["en"],
                f"of {total} pairs of counties, {pairs} can be told apart, and no other order is known.",
            ]
        ),
    }


_UPPER: Text = {"zh": "居前一半", "en": "in the upper half"}
_LOWER: Text = {"zh": "居后一半", "en": "in the lower half"}


def _describe_half(comparison: CountyComparison, rows: pd.DataFrame, place: Text) -> Text:
    """Counties that are surely in one half, and whether they can be told apart among themselves."""
    names, tied = list_names(comparison.names, rows["county_code"]), _describe_tie(comparison, rows)
    return {
        "zh": f"{names['zh']}可以确定{place['zh']}{tied['zh']}",
        "en": f"{names['en']} surely {place['en']}{tied['en']}",
    }


def describe_unstated(comparison: CountyComparison) -> Text | None:
    """Counties that have no rate and so no rank; None where all have one."""
    rows = comparison.counties[comparison.counties["status"] != "stated"]
    if rows.empty:
        return None
    names, count = list_names(comparison.names, rows["county_code"]), len(rows)
    when = comparison.when
    return {
        "zh": f"{names['zh']}（共{count}个）{when['zh']}批次不足或因其他原因没有合格率，列在表末，不参加比较。",
        "en": f"{names['en']} ({count}) have no rate for {when['en']}, for too few batches or other reasons; they are listed last and not compared.",
    }


def describe_data(now: CountyComparison, year: CountyComparison) -> list[Text]:
    """What is compared, over which periods, and how many counties have a rate in each."""
    if now.counties.empty:
        return [_NO_COUNTIES]
    subject, counts = now.subject, [len(one.stated) for one in (now, year)]
    whens, total = [one.when for one in (now, year)], len(now.counties)
    return [
        {
            "zh": f"比较{subject.place['zh']}{total}个县（市、区）的{subject.batches['zh']}批次合格率。有合格率的：{whens[0]['zh']}{counts[0]}个，{whens[1]['zh']}{counts[1]}个。",
            "en": f"Batch pass rates of {subject.batches['en']} in {total} counties of {subject.place['en']} are compared. With a rate: {counts[0]} in {whens[0]['en']}, {counts[1]} in {whens[1]['en']}.",
        },
        {
            "zh": "一个季度一个县（市、区）往往只有几十批次，所以同时给出近十二个月的比较。每个县（市、区）与全市其余地区比，不与包含它自己的全市比。",
            "en": "A quarter often holds only some dozens of batches of a county, so the last twelve months are compared as well. A county is set against the rest of the city, not against a whole that it is part of.",
        },
    ]


def describe_power(*comparisons: CountyComparison) -> list[Text]:
    """How low a county of middling sample size would have had to be, and that "not told apart" is not "equal"."""
    sentences = [_describe_reach(one) for one in comparisons if one.stated["clear_below"].notna().any()]
    caution: Text = {
        "zh": "不能区分不等于相同，只说明现有批次看不出差别。",
        "en": "Not told apart is not the same as equal: these batches do not show a difference.",
    }
    return [caution, *sentences]


def _describe_blindness(now: CountyComparison, year: CountyComparison) -> Text | None:
    """Where nobody stands out: that this does not make the counties equal, and what would have shown."""
    if now.stated.empty or any(len(one.standing(how)) for one in (now, year) for how in _VERBS):
        return None
    caution, *reach = describe_power(now)
    return {
        "zh": "".join(one["zh"] for one in (caution, *reach)),
        "en": " ".join(one["en"] for one in (caution, *reach)),
    }


def _describe_reach(comparison: CountyComparison) -> Text:
    when, middle = (
        comparison.when,
        comparison.stated[["n", "others_estimate", "clear_below"]].median(),
    )
    n, rest, low = (
        round(middle["n"]),
        format_percent(middle["others_estimate"]),
        format_percent(middle["clear_below"]),
    )
    return {
        "zh": f"{when['zh']}：中等样本（{n}批次）的县（市、区）合格率要低到约{low}，才能断定低于其余地区（约{rest}）。",
        "en": f"{capital(when['en'])}: a county with a sample of middle size ({n} batches) would be found below the rest (about {rest}) only at about {low} or less.",
    }
