"""Which tables show how projects were accepted? Targets, counts by scale and county, routes, exceptions."""

from typing import Any

import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.headings import (
    COUNTED,
    HEAD,
    NO_REGISTER,
    bilingual,
    count,
    county_labels,
    in_both,
    leave_out,
    limits,
    only_if_any,
    percent,
    say,
    scale_labels,
)
from qstats.report.acceptance.names import EVERY, level_text, scale_of
from qstats.report.columns import Column
from qstats.report.display import Display, show_table

_VERDICTS: dict[str, Text] = {
    "met": {"zh": "达到", "en": "met"},
    "missed": {"zh": "未达到", "en": "missed"},
    "open": {"zh": "记录不全，暂不判断", "en": "records incomplete, not judged"},
    "running": {"zh": "期末判断", "en": "period not over"},
    "no_data": {"zh": "无工程", "en": "no projects"},
}


_OUTCOMES: dict[str, Text] = {
    "fail": {"zh": "不合格", "en": "failed"},
    "": {"zh": "没有结论", "en": "not recorded"},
}


def tabulate_targets(assessed: Assessment) -> Display:
    """Targets of first-time acceptance: counted, tolerated, met or missed; and what was demonstrated."""
    if assessed.projects.empty:
        return leave_out("acceptance_targets")
    windows = [assessed.period, assessed.year] if assessed.is_part_of_year else [assessed.period]
    rows = [
        _target_row(assessed, target, window)
        for target in assessed.targets_of("first_time_rate")
        for window in windows
    ]
    if not rows:
        nothing = {
            "zh": "没有规定一次验收合格率的目标。",
            "en": "No target of first-time acceptance is declared.",
        }
        return say(nothing, "acceptance_targets")
    return show_table(
        pd.DataFrame(rows),
        name="acceptance_targets",
        caption={
            "zh": f"{assessed.place['zh']}一次验收合格率的目标与计数",
            "en": f"Targets of first-time acceptance and what was counted, {assessed.place['en']}",
        },
        columns={
            "scale": bilingual(HEAD["scale"]), "period": Column(format="text", label=HEAD["period"]),
            "target": bilingual({"zh": "目标", "en": "Target"}), "n": count(HEAD["n"]),
            "failures": count(HEAD["failures"]), "tolerated": count({"zh": "最多容许", "en": "Tolerated"}),
            "unknown": count(HEAD["unknown"]), "verdict": bilingual(HEAD["verdict"]),
            "bound": percent(HEAD["bound"]),
            "needed": bilingual({"zh": "证明目标水平所需项数（全部合格）", "en": "Projects that would demonstrate it"}),
        },
        notes=[COUNTED],
    )  # fmt: skip


def _target_row(assessed: Assessment, target: Any, window: Any) -> dict[str, Any]:
    scale, level = scale_of(target), float(target["level"])
    row = assessed.row_of(scale, window)
    passes, failures, unknown = (int(row[name]) for name in ("passes", "failures", "unknown"))
    verdict = _VERDICTS[assessed.judge(scale, window, level)]
    needed = assess.projects_needed(level, assessed.confidence)
    made: dict[str, Any] = {
        "period": str(window), "n": int(row["n"]), "passes": passes, "failures": failures,
        "unknown": unknown, "level": level, "bound": row["bound"], "confidence": assessed.confidence,
        "tolerated": assess.failures_tolerated(int(row["n"]) + unknown, level),
    }  # fmt: skip
    impossible = {"zh": "不能证明", "en": "none can"}
    for one, name in zip(
        LANGUAGES, (scale_labels([scale])[0]["zh"], scale_labels([scale])[0]["en"]), strict=True
    ):
        made |= {
            f"scale_{one}": name,
            f"target_{one}": ("" if level >= 1 else "≥") + level_text(level),
            f"verdict_{one}": verdict[one],
            f"needed_{one}": str(needed) if needed else impossible[one],
        }
    return made


def tabulate_first_time(assessed: Assessment) -> Display:
    """First-time acceptance by scale: the period, the year so far, the years before."""
    if assessed.projects.empty:
        return leave_out("first_time_by_scale")
    order = {code: at for at, code in enumerate(assessed.scales)}
    table = assessed.by_scale.sort_values("scale", key=lambda codes: codes.map(order), kind="stable")
    return show_table(
        in_both(table.reset_index(drop=True), "projects", scale_labels(table["scale"])),
        name="first_time_by_scale",
        caption={
            "zh": f"{assessed.place['zh']}各期一次验收合格率",
            "en": f"First-time acceptance by period, {assessed.place['en']}",
        },
        columns={
            "projects": bilingual(HEAD["scale"]), "period": Column(format="text", label=HEAD["period"]),
            "n": count(HEAD["n"]), "passes": count(HEAD["passes"]), "failures": count(HEAD["failures"]),
            **only_if_any(table, "unknown", count(HEAD["unknown"])), "estimate": percent(HEAD["rate"]),
            "process": limits("lower", "upper", HEAD["process"]), "bound": percent(HEAD["bound"]),
            "by_dwellings": percent(HEAD["by_dwellings"]),
        },
        notes=[COUNTED, _BY_DWELLINGS],
        status="status",
    )  # fmt: skip


_BY_DWELLINGS: Text = {
    "zh": "“按住宅户数计”以住宅户数为权数，只包括写明户数的工程：大工程的权重大，与按项计的合格率回答不同的问题。",
    "en": "“By dwellings” weights each project by its dwellings, where they are stated: large projects carry more of it, and it answers another question than the share of projects.",
}


def tabulate_counties(assessed: Assessment) -> Display:
    """First-time acceptance by county over the year so far, in the order of the list of divisions."""
    if assessed.projects.empty:
        return say(NO_REGISTER, "first_time_by_county")
    if not assessed.projects["county_code"].notna().any():
        sentence = {
            "zh": "台账没有写明县（市、区），不能分地区。",
            "en": "The register names no county: there are no counties to show.",
        }
        return say(sentence, "first_time_by_county")
    table = assessed.by_county[assessed.by_county["n"] + assessed.by_county["unknown"] > 0]
    return show_table(
        table.reset_index(drop=True),
        name="first_time_by_county",
        caption={
            "zh": f"{assessed.year.label['zh']}各县（市、区）一次验收合格率",
            "en": f"First-time acceptance by county, {assessed.year.label['en']}",
        },
        columns={
            "county_code": Column(format="code", labels=county_labels(table["county_code"]), label=HEAD["county"]),
            "n": count(HEAD["n"]), "failures": count(HEAD["failures"]),
            **only_if_any(table, "unknown", count(HEAD["unknown"])),
            "estimate": percent(HEAD["rate"]), "process": limits("lower", "upper", HEAD["process"]),
        },
        notes=[COUNTED, _NO_RANKING],
        status="status",
    )  # fmt: skip


_NO_RANKING: Text = {
    "zh": "项数少的县（市、区），一项之差就使合格率变动数个百分点；本表按区划代码排列，不是名次。",
    "en": "Where projects are few, one of them moves the rate by several points. The order is that of the division codes and no ranking.",
}


def tabulate_routes(assessed: Assessment) -> Display:
    """How the projects of the year so far were accepted, by the routes of GB 50300 §5.0.6."""
    if assessed.projects.empty:
        return say(NO_REGISTER, "acceptance_routes")
    scales = [code for code in assessed.scales if code != EVERY] or [""]
    table = assess.count_routes(assessed.projects, assessed.year, scales)
    labels = scale_labels([EVERY] if scales == [""] else table["scale"])
    return show_table(
        in_both(table, "projects", labels),
        name="acceptance_routes",
        caption={
            "zh": f"{assessed.year.label['zh']}首次竣工验收的工程以何种方式通过验收（项）",
            "en": f"How projects first accepted in {assessed.year.label['en']} were accepted (number of projects)",
        },
        columns={
            "projects": bilingual(HEAD["scale"]), "n": count({"zh": "合计", "en": "All"}),
            **{route: count(text("route", route)) for route in assess.ROUTES},
            **only_if_any(table, "unknown", count({"zh": "方式不明", "en": "Not known"})),
        },
        notes=[
            {
                "zh": "处理方式按《建筑工程施工质量验收统一标准》GB 50300-2013第5.0.6条；台账没有写明的，由首次结论和最终通过日期推定为一次验收合格、返工返修后合格或尚未通过，推定件数见“收到的数据与清洗”。",
                "en": "Routes after GB 50300-2013, 5.0.6. Where the register names none, it is taken from the first outcome and the final day as accepted at first, after rework, or not accepted; the chapter on the data counts these cases.",
            }
        ],
    )  # fmt: skip


def tabulate_exceptions(assessed: Assessment, *, name_projects: bool) -> Display:
    """Projects of the year so far that did not pass at first, or have no outcome; open ones first."""
    if assessed.projects.empty:
        return leave_out("acceptance_exceptions")
    listed = assess.list_exceptions(assessed.projects, assessed.year, assessed.cutoff)
    if listed.empty:
        sentence = {
            "zh": f"{assessed.year.label['zh']}首次竣工验收的工程全部一次合格，没有需要列出的工程。",
            "en": f"Every project first accepted in {assessed.year.label['en']} passed: there is none to list.",
        }
        return say(sentence, "acceptance_exceptions")
    numbered = listed["project_id"].where(
        ~listed["project_id"].str.contains(":", regex=False, na=False), None
    )
    table = listed.assign(project_id=numbered, county_code=listed["county_code"].fillna(""))
    table = table.drop(columns=[] if name_projects else ["project_name"])
    scales = scale_labels(code if isinstance(code, str) else "" for code in table["scale"])
    outcomes = [_OUTCOMES["fail" if code == "fail" else ""] for code in listed["first_outcome"]]
    named = {"project_name": Column(format="text", label={"zh": "工程名称", "en": "Name"})}
    return show_table(
        in_both(in_both(table, "projects", scales), "outcome", outcomes),
        name="acceptance_exceptions",
        caption={
            "zh": f"{assessed.year.label['zh']}未一次验收合格或没有结论的工程（尚未通过的在前）",
            "en": f"Projects first accepted in {assessed.year.label['en']} that did not pass at first, or have no outcome (open ones first)",
        },
        columns={
            "project_id": Column(format="text", label={"zh": "工程编号", "en": "Project"}),
            **(named if name_projects else {}),
            "county_code": Column(format="code", labels=county_labels(table["county_code"]), label=HEAD["county"]),
            **({"projects": bilingual(HEAD["scale"])} if listed["scale"].notna().any() else {}),
            "first_accepted_on": Column(format="date", label={"zh": "首次验收", "en": "First acceptance"}),
            **only_if_any(table.assign(unknown=listed["first_outcome"].isna()), "unknown", bilingual(HEAD["first_outcome"]), "outcome"),
            "route": Column(format="code", kind="route", label={"zh": "处理方式", "en": "Route"}),
            "final_accepted_on": Column(format="date", label={"zh": "最终通过", "en": "Final acceptance"}),
            "days": count({"zh": "历时（天）", "en": "Days"}),
        },
        notes=[
            {
                "zh": f"尚未通过的工程，历时算到{assessed.cutoff}。" + ("" if name_projects else "公开版不列工程名称。"),
                "en": f"Days of open projects run to {assessed.cutoff}." + ("" if name_projects else " Names of projects are not published."),
            }
        ],
    )  # fmt: skip
