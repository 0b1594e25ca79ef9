"""What limits the figures on construction works? What is on record, how complete it is, how it was defined."""

import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.headings import HEAD, count, in_both, leave_out, percent, scale_labels
from qstats.report.acceptance.names import EVERY
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import format_count

STREAMS = ("projects", "dwellings", "measurements", "complaints")
_COUNTED: dict[str, Text] = {
    "projects": {"zh": "工程{n}项", "en": "{n} projects"},
    "dwellings": {"zh": "分户验收表{n}份", "en": "{n} dwelling summaries"},
    "measurements": {"zh": "实测房间{n}间", "en": "{n} measured rooms"},
    "complaints": {"zh": "投诉{n}件", "en": "{n} complaints"},
}


def describe_records(assessed: Assessment) -> list[Text]:
    """What was received, and what of it has no day and so belongs to no period."""
    counts = {
        "projects": len(assessed.projects),
        "dwellings": len(assessed.dwellings),
        "measurements": len(assessed.measurements[["source_id", "source_row"]].drop_duplicates()),
        "complaints": len(assessed.complaints),
    }
    received = {
        one: [_COUNTED[name][one].format(n=format_count(n, one)) for name, n in counts.items() if n]
        for one in ("zh", "en")
    }
    if not received["zh"]:
        return [
            {
                "zh": "没有收到工程验收、分户验收、实测和投诉的任何记录，本章不作评价。",
                "en": "No records of acceptance, dwellings, measurements or complaints were received: nothing is assessed.",
            }
        ]
    opening: Text = {
        "zh": f"收到的记录：{'、'.join(received['zh'])}。",
        "en": f"On record: {', '.join(received['en'])}.",
    }
    return [opening, *_describe_undated(assessed)]


def _describe_undated(assessed: Assessment) -> list[Text]:
    days = {"projects": "first_accepted_on", "dwellings": "accepted_on", "complaints": "opened_on"}
    undated = {name: int(getattr(assessed, name)[day].isna().sum()) for name, day in days.items()}
    measured = assessed.measurements[assessed.measurements["measured_on"].isna()]
    undated["measurements"] = len(measured[["source_id", "source_row"]].drop_duplicates())
    named = {
        one: [_COUNTED[name][one].format(n=format_count(n, one)) for name, n in undated.items() if n]
        for one in ("zh", "en")
    }
    if not named["zh"]:
        return []
    return [
        {
            "zh": f"其中{'、'.join(named['zh'])}没有可用的日期，不能归入任何时期，未计入各期数字。",
            "en": f"Without a usable day, and so in no period: {', '.join(named['en'])}.",
        }
    ]


def describe_limits(assessed: Assessment) -> list[Text]:
    """Our definition, completeness of the registers, what the bounds assume."""
    said: list[Text] = []
    if not assessed.projects.empty:
        said += [_DEFINITION, _describe_completeness(assessed)]
    if not assessed.complaints.empty and assessed.whole_years:
        said.append(_describe_complaint_limits(assessed))
    return said


_DEFINITION: Text = {
    "zh": "“一次验收合格率”没有公开的官方定义。本报告的定义：本期首次竣工验收的工程中，首次验收即合格、未经GB 50300-2013第5.0.6条各种处理方式的比例；该条主要针对检验批，因此这里只看单位工程的竣工验收。同类指标公布值多为100%，难以区分高低，应以项数和未通过工程的清单为主。",
    "en": "No official definition of first-time acceptance is public. Ours: of the projects whose first completion acceptance lies in the period, those that passed it without any of the routes of GB 50300-2013, 5.0.6. That clause mostly concerns inspection lots, so only completion acceptance is looked at. Published values of such rates are mostly 100%: counts and the list of exceptions say more than the rate.",
}


def _describe_completeness(assessed: Assessment) -> Text:
    """Whether the registers hold as many rows as their offices declared."""
    sources = assessed.sources[assessed.sources["source_id"].isin(assessed.projects["source_id"])]
    declared = sources["batches_declared"].notna()
    expected = sources["batches_declared"]
    short = sources[declared & (sources["rows_kept"] + sources["rows_merged"] < expected)]
    # Merged rows are further rounds of a project as well as projects that another file holds.
    unsure = sources[declared & (sources["rows_kept"] < expected)]
    if not declared.all():
        return {
            "zh": "报送单位没有申报应有项数，台账是否齐全无从核对：漏报未通过的工程会使合格率偏高。可在deliveries.csv的batches_declared一栏申报。",
            "en": "Offices did not declare how many projects there should be, so that completeness cannot be checked: projects left out because they failed would make the rate look better. Declare the number in deliveries.csv, batches_declared.",
        }
    if len(short):
        files = "、".join(short["file"])
        return {
            "zh": f"以下台账少于申报项数，所缺工程可能改变结论：{files}。",
            "en": f"These registers hold fewer projects than declared, and those missing may change the verdicts: {files}.",
        }
    if len(unsure):
        files = "、".join(unsure["file"])
        return {
            "zh": f"以下台账有的行是同一工程的复验或另一文件已有的工程，实有项数是否达到申报项数无从核对：{files}。",
            "en": f"Some rows of these registers are further rounds of a project, or projects that another file holds: whether they reach the number declared cannot be checked ({files}).",
        }
    return {
        "zh": "各台账的项数与报送单位申报的一致。",
        "en": "Every register holds the number of projects that its office declared.",
    }


def _describe_complaint_limits(assessed: Assessment) -> Text:
    scatter = assessed.dispersion
    beyond = scatter.df > 0 and scatter.p_value < assess.OVERDISPERSED_AT
    return {
        "zh": "投诉率没有公开的官方分母，所用分母由参数acceptance.denominator规定。投诉多少还取决于渠道和宣传，不等于质量问题的多少。"
        + (f"各月件数的离散超出Poisson分布（φ={scatter.value:.2f}），区间已相应放宽。" if beyond else ""),
        "en": "No official denominator of the complaint rate is public; the one used is declared in acceptance.denominator. How many complain also depends on channels and publicity: complaints are not defects."
        + (
            f" Months scatter more than Poisson counts (φ = {scatter.value:.2f}); intervals are widened accordingly."
            if beyond
            else ""
        ),
    }


def tabulate_other_definitions(assessed: Assessment) -> Display:
    """The first-time rate of the year so far under other definitions."""
    name = "first_time_other_definitions"
    if assessed.projects.empty:
        return leave_out(name)
    rows = []
    for scale in [code for code in assessed.scales if code != EVERY] or [EVERY]:
        row = assessed.row_of(scale, assessed.year)
        n, passes, unknown = (int(row[one]) for one in ("n", "passes", "unknown"))
        for label, kept, of in (
            ({"zh": "本报告", "en": "This report"}, passes, n),
            ({"zh": "无结论的算不合格", "en": "Unknown outcomes count as failed"}, passes, n + unknown),
            (
                {"zh": "无结论的算合格", "en": "Unknown outcomes count as passed"},
                passes + unknown,
                n + unknown,
            ),
            (
                {"zh": "按住宅户数计", "en": "By dwellings"},
                int(row["dwellings_first_time"]),
                int(row["dwellings"]),
            ),
        ):
            rows.append(
                {
                    "scale": scale,
                    "label": label,
                    "passes": kept,
                    "n": of,
                    "estimate": kept / of if of else None,
                }
            )
    table = in_both(pd.DataFrame(rows), "definition", (one["label"] for one in rows))  # type: ignore[misc]
    table = in_both(table, "projects", scale_labels(table["scale"]))
    return show_table(
        table.drop(columns="label"),
        name=name,
        caption={
            "zh": f"换一种算法，{assessed.year.label['zh']}一次验收合格率是多少",
            "en": f"First-time acceptance in {assessed.year.label['en']} under other definitions",
        },
        columns={
            "projects": Column(format="bilingual", label=HEAD["scale"]),
            "definition": Column(format="bilingual", label={"zh": "算法", "en": "Definition"}),
            "n": count({"zh": "计入", "en": "Counted"}), "passes": count(HEAD["passes"]), "estimate": percent(HEAD["rate"]),
        },
    )  # fmt: skip
