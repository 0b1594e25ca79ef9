"""What limits the grades? Who sent records, what the schemes do not say, who is sampled, what stays hidden."""

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.credit.assessment import Assessment, SchemeGrades
from qstats.report.credit.wording import say_group, say_nothing, say_when
from qstats.report.formats import format_count, format_percent, join_sentences


def describe_basis(assessed: Assessment) -> list[Text]:
    """Records by department, enterprises, what is declared by whom."""
    if not assessed.schemes:
        return [say_nothing(assessed)]
    names = {
        one: [text("record_department", code)[one] for code in assessed.departments] for one in LANGUAGES
    }
    records = {one: format_count(assessed.records, one) for one in LANGUAGES}
    firms = {one: format_count(assessed.enterprises, one) for one in LANGUAGES}
    when = say_when(assessed.on)
    basis: Text = {
        "zh": f"企业名录由{len(assessed.departments)}个部门（{'、'.join(names['zh'])}）的{records['zh']}条记录和抽查批次关联而成，共{firms['zh']}家；只评定{when['zh']}及以前有部门记录、且未注销的企业。",
        "en": f"The register links {records['en']} records of {len(assessed.departments)} departments ({', '.join(names['en'])}) with the batches sampled: {firms['en']} enterprises; graded are those on record with a department by {when['en']} and not cancelled.",
    }
    return [join_sentences([basis, *_describe_gaps(assessed)]), *map(_describe_scheme, assessed.schemes)]


def _describe_gaps(assessed: Assessment) -> list[Text]:
    """What of the register is not settled, or counts nowhere."""
    one = assessed.schemes[0]
    counts = {
        lang: [format_count(n, lang) for n in (one.unrecorded, assessed.undecided, one.undated)]
        for lang in LANGUAGES
    }
    (no_zh, pairs_zh, days_zh), (no_en, pairs_en, days_en) = counts["zh"], counts["en"]
    told: list[tuple[int, Text]] = [
        (one.unrecorded, {
            "zh": f"受检而没有部门记录的{no_zh}家不评定等级。",
            "en": f"Enterprises that were sampled and are on no department's record ({no_en}) have no grade.",
        }),
        (assessed.undecided, {
            "zh": f"可能是同一企业的{pairs_zh}对名称等待人工核定，核定后等级可能变动。",
            "en": f"Pairs of names that may be one enterprise ({pairs_en}) wait for a clerk's decision, and grades may change with it.",
        }),
        (one.undated, {
            "zh": f"日期无法读取的{days_zh}条记录不计分。",
            "en": f"Records without a readable day ({days_en}) count nowhere.",
        }),
    ]  # fmt: skip
    return [text for count, text in told if count]


def _describe_scheme(one: SchemeGrades) -> Text:
    declared = one.scheme.declared.text
    return {
        "zh": f"{one.scheme.label.zh}：{declared['zh']}。",
        "en": f"{one.scheme.label.en}: {declared['en']}.",
    }


_PUBLICITY: dict[str, Text] = {
    "unpublished": {
        "zh": "尚未开始（未填公示开始日期）：等级未经公示和申诉，不是最终等级",
        "en": "has not begun (no day is declared): no grade is final before objections could be made",
    },
    "in_publicity": {"zh": "尚未结束", "en": "is not over"},
    "final": {"zh": "已结束", "en": "is over"},
}


def _say_publicity(one: SchemeGrades) -> Text:
    if one.publicity == "unpublished" and one.publicity_from is not None:
        day = say_when(one.publicity_from)
        return {
            "zh": f"自{day['zh']}起，截至数据收集时尚未开始",
            "en": f"begins on {day['en']}, after data were closed",
        }
    return _PUBLICITY[one.publicity]


def describe_supervision(assessed: Assessment) -> list[Text]:
    """What follows from the grades: checks, vetoes, publicity."""
    return [_describe_consequences(assessed, one) for one in assessed.schemes] or [say_nothing(assessed)]


def _describe_consequences(assessed: Assessment, one: SchemeGrades) -> Text:
    head = one.scheme.short
    zh, en = [f"{head.zh}："], [f"{head.en}:"]
    if one.checks == one.checks:
        count = {language: format_count(one.checks, language) for language in LANGUAGES}
        zh.append(f"按等级对应的频次，一年应抽查{count['zh']}次。")
        en.append(f"the frequencies that follow from the grades add up to {count['en']} checks a year.")
    else:
        zh.append("一年应抽查的总次数不在此公布，以免由它推出隐去的家数；见内部名单。")
        en.append(
            "the sum of checks a year is not published, as it would tell hidden counts; it follows from the restricted list."
        )
    if one.vetoed >= assessed.rule.minimum_enterprises:
        zh.append(f"一票否决使{one.vetoed}家的等级低于按得分的等级。")
        en.append(f"Vetoes make {one.vetoed} grades worse than those by score.")
    days, stage = one.scheme.publicity_days, _say_publicity(one)
    zh.append(f"公示期{days}天，{stage['zh']}。")
    en.append(f"The publicity period of {days} days {stage['en']}.")
    return {"zh": "".join(zh), "en": " ".join(en)}


def describe_limits(assessed: Assessment) -> list[Text]:
    """How to read the prediction, the counts and what is hidden."""
    if not assessed.schemes:
        return [say_nothing(assessed)]
    return [
        _describe_selection(assessed),
        {
            "zh": "等级只反映记录在案的行为：没有记录不等于没有问题，从未受检的企业往往得到最好的等级。上年等级用现有记录按当时日期重新计算，与当时公布的可能不同。",
            "en": "Grades show what is on record: no record is not proof of no problem, and an enterprise never sampled tends to have the best grade. Grades of a year ago are computed again from the records at hand, as of that day; they may differ from those published then.",
        },
        {
            "zh": "家数和占比是全数统计，没有抽样误差；记录关联的差错（误并、漏并）不在其中，其大小不知。不合格率按批次计算，置信区间考虑同一企业各批次相近；AUC按批次计算，0.5表示没有区分度。",
            "en": "Counts and shares are complete counts without sampling error; errors of record linkage (joined wrongly, not joined) are not in them and are not known. Failure rates are of batches, with limits for the likeness of batches of one enterprise; the area under the curve is of batches as well, 0.5 is none.",
        },
        _describe_hiding(assessed),
    ]  # fmt: skip


def _describe_selection(assessed: Assessment) -> Text:
    """Who was sampled after the grade: best and worst group of each scheme."""
    zh, en = [], []
    for one in assessed.schemes:
        if not one.total_before:
            continue
        parts: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
        for row in one.prediction.rates.to_dict("records"):
            share = format_percent(row["enterprises"] / max(row["graded"], 1))
            for lang, label in say_group(str(row["grades"]).split("+")).items():
                parts[lang].append(f"{label}级{share}" if lang == "zh" else f"{label} {share}")
        zh.append(f"{one.scheme.short.zh}：{'，'.join(parts['zh'])}")
        en.append(f"{one.scheme.short.en}: {', '.join(parts['en'])}")
    if not zh:
        return {
            "zh": "上年没有可比的等级，不能判断等级是否预示不合格。",
            "en": "There are no grades of a year earlier: whether grades foretell failures cannot be told.",
        }
    return {
        "zh": f"上年评定的企业此后一年受检的比例：{'；'.join(zh)}。未受检的企业不进入比较；受检的企业和产品可能按等级选取，因此这里的差异不是等级本身的作用，也不能推及未受检的企业。",
        "en": f"Share of the enterprises graded a year ago that were sampled since: {'; '.join(en)}. Those not sampled are not in the comparison; enterprises and products may be chosen by grade, so that differences are no effect of the grade, and do not hold for enterprises never sampled.",
    }


def _describe_hiding(assessed: Assessment) -> Text:
    published, least = assessed.published, assessed.rule.minimum_enterprises
    if published is None or not published.audit.holds:
        return {
            "zh": "核验未通过：有的隐去数字可以推算，分县和分行业的表不公布。",
            "en": "The audit fails: hidden numbers follow from others, and the tables by county and industry are not published.",
        }
    return {
        "zh": f"各表（各种办法、两个年份、等级变动）作为一个整体经线性规划核验：由全部已公布的数字推不出任何一个隐去的家数，同一行（列）中隐去的格合计不少于{least}家（整行不足的除外）。家数少的等级与相邻等级合并公布。列出企业名称的名单是内部文件，不随报告发布。",
        "en": f"All tables (schemes, years, moves between grades) were audited as one system by linear programming: no hidden count follows from all that is published, and cells hidden in one line hold {least} or more together where the line has them. Grades that few enterprises have are published together with their neighbours. The list that names enterprises is restricted and no part of the report.",
    }
