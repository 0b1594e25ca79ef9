"""How does the report speak of unusual months, and of laboratories that differ?

A month within its limits needs no explanation, and the sentence says so. A laboratory beyond its limits is a
reason to look at what it was given to test, not a verdict on it.
"""

import pandas as pd

from qstats.codebook import Text, text
from qstats.monitoring.rate_chart import LEAST_PERIODS
from qstats.report.groups import GROUP_LABELS

_SIGNALS = {
    ("high", "beyond_limit"): "high",
    ("low", "beyond_limit"): "low",
    ("high", "run"): "run_high",
    ("low", "run"): "run_low",
}


def kind_of(group: str) -> Text:
    """What the groups of a column are, inside a sentence."""
    heading = text("columns", group)
    return GROUP_LABELS.get(group) or {"zh": heading["zh"], "en": heading["en"].lower()}


def name_signals(chart: pd.DataFrame) -> pd.Series:
    """Codebook code of what each period of a control chart is judged to be."""
    judged = chart["sets_limits"] & (chart["limits"] == "exact")
    pairs = zip(chart["flag"], chart["rule"], strict=True)
    codes = pd.Series([_SIGNALS.get(pair, "within") for pair in pairs], index=chart.index, dtype=object)
    return codes.where(judged, "not_judged")


def describe_months(at_one_mix: pd.DataFrame, crude: pd.DataFrame) -> list[Text]:
    """Which months are unusual at one mix, what the crude rate would have said, what is not judged yet."""
    if not (at_one_mix["limits"] == "exact").any():
        return [_without_limits(at_one_mix)]
    signals = name_signals(at_one_mix)
    judged = int((signals != "not_judged").sum())
    unusual = at_one_mix.assign(signal=signals)[~signals.isin(["within", "not_judged"])]
    sentences = [_describe_unusual(unusual) if len(unusual) else _describe_calm(judged)]
    within = at_one_mix.loc[signals == "within", "period"]
    only_crude = crude[(crude["flag"] != "") & crude["period"].isin(within)]
    if len(only_crude):
        sentences.append(_describe_mix(only_crude.assign(signal=name_signals(crude))))
    waiting = int((at_one_mix["release"] == "provisional").sum())
    if waiting:
        sentences.append(
            {
                "zh": f"最近{waiting}个月结果未齐，合格率可能偏高，暂不判断。",
                "en": f"The newest {_months(waiting)} still {'waits' if waiting == 1 else 'wait'} for results, may look too good, "
                "and cannot be judged yet.",
            }
        )
    return sentences


def describe_laboratories(compared: pd.DataFrame, group: str) -> Text:
    """Whether any group finds more or fewer failures than chance and the mix of its batches explain."""
    kind = kind_of(group)
    stated = compared[compared["status"] == "stated"]
    if compared.empty:
        return {
            "zh": f"没有可以发布合格率的来源，不比较{kind['zh']}。",
            "en": f"No source carries a rate: nothing is compared by {kind['en']}.",
        }
    if stated.empty:
        return {
            "zh": f"各{kind['zh']}检测的产品互不重叠或批次过少，无从比较。",
            "en": f"Nothing can be compared by {kind['en']}: too few batches, or each tests what no other does.",
        }
    unusual = stated[stated["flag"] != ""]
    if unusual.empty:
        return {
            "zh": f"按企业规模、环节和产品类别折算后，{len(stated)}家{kind['zh']}的合格率都在99.8%限之内，"
            "没有证据表明检测宽严不一；小于此限的差别看不出来。",
            "en": f"At the same mix of sizes, stages and products all {len(stated)} lie within the limits of 99.8%: nothing "
            f"shows that results depend on the {kind['en']}, though smaller differences would not show.",
        }
    zh = "、".join(
        f"{row[group] or '未注明'}（{_SIDES[row['flag']]['zh']}）" for _, row in unusual.iterrows()
    )
    en = ", ".join(
        f"{row[group] or 'not stated'} ({_SIDES[row['flag']]['en']})" for _, row in unusual.iterrows()
    )
    return {
        "zh": f"{zh}：差别超出机遇和抽样结构所能解释的范围。应先核查所检样品的构成和判定记录，不能据此认定检测有误。",
        "en": f"{en}: differs by more than chance and mix explain. Look first at what was given to test and how it was judged; "
        "this alone does not show that the tests are wrong.",
    }


_SIDES: dict[str, Text] = {"high": {"zh": "偏高", "en": "high"}, "low": {"zh": "偏低", "en": "low"}}


def _without_limits(chart: pd.DataFrame) -> Text:
    if (chart["limits"] == "no_failures").any():
        return {
            "zh": "完整月份中没有不合格批次，无法计算控制限。",
            "en": "No batch failed in any complete month: there is nothing to set control limits by.",
        }
    return {
        "zh": f"合格率可以发布且结果完整的月份不足{LEAST_PERIODS}个，不设控制限。",
        "en": f"Fewer than {LEAST_PERIODS} months have a published rate and complete results: no control limits are set.",
    }


def _describe_calm(judged: int) -> Text:
    return {
        "zh": f"按同一抽样结构计算，{judged}个结果完整的月份都在控制限之内，也没有连续偏于一侧：各月的高低没有超出偶然波动的范围（但不等于证明没有变化）。",
        "en": f"At one sampling mix all {judged} complete months lie within the control limits and none is in a run on one side: "
        "their ups and downs do not go beyond chance, which does not prove that nothing changed.",
    }


def _describe_unusual(unusual: pd.DataFrame) -> Text:
    listed = _listed(unusual)
    return {
        "zh": f"按同一抽样结构计算，以下月份超出正常波动，应查明原因：{listed['zh']}。",
        "en": f"At one sampling mix these months go beyond chance, and a cause should be looked for: {listed['en']}.",
    }


def _describe_mix(only_crude: pd.DataFrame) -> Text:
    listed = _listed(only_crude)
    return {
        "zh": f"只看未按结构调整的粗合格率，{listed['zh']}较突出；按同一结构计算后不再突出：与抽样结构的变化有关，不应单独视为质量变化。",
        "en": f"In the crude rate alone there stands out {listed['en']}; at one mix this does not stand out. It goes with a change of what was "
        "sampled and must not be read as a change of quality alone.",
    }


def _listed(unusual: pd.DataFrame) -> Text:
    named = [
        (period, text("signal", signal))
        for period, signal in zip(unusual["period"], unusual["signal"], strict=True)
    ]
    return {
        "zh": "、".join(f"{period}（{label['zh']}）" for period, label in named),
        "en": ", ".join(f"{period} ({label['en']})" for period, label in named),
    }


def _months(count: int) -> str:
    return "month" if count == 1 else f"{count} months"
