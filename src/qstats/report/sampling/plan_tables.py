"""Which tables show a sampling plan? One lot, a sequence of lots, declared levels, the next sample."""

import numpy as np
import pandas as pd

from qstats.codebook import Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_figure, show_table
from qstats.report.figures import plot_operating_curve
from qstats.report.formats import format_count, format_percent
from qstats.sampling_plan import LotPlan, draw_curve

_SHIPPED = "MIL-STD-105E"


def tabulate_lot_plan(plan: LotPlan, *, name: str = "lot_plan") -> Display:
    """The plan of a lot: how many items, accepted with how many failures, from which standard."""
    frame = plan.frame().assign(
        aql=f"{plan.aql:g}", extent="all" if plan.inspect_all else "sample", arrow=plan.arrow or "none"
    )
    size = {language: format_count(plan.lot_size, language) for language in ("zh", "en")}
    kind = text("inspection", plan.inspection)
    return show_table(
        frame,
        name=name,
        caption={
            "zh": f"批量{size['zh']}的一次抽样方案（{plan.table}，检验水平{plan.level}，{kind['zh']}）",
            "en": f"Single sampling plan for a lot of {size['en']} ({plan.table}, level {plan.level}, {kind['en'].lower()})",
        },
        columns={
            "aql": "text",
            "code_letter": "text",
            "arrow": "code",
            "plan_letter": "text",
            "sample_size": "count",
            "acceptance": "count",
            "rejection": "count",
            "extent": "code",
        },
        notes=[_origin(plan.table), text("note", "lot_plan")],
    )


def chart_lot_plan(plan: LotPlan, *, name: str = "lot_plan_curve") -> Display:
    """Probability of acceptance of a lot's plan against the fraction nonconforming."""
    worst = min(1.0, 3.0 * (plan.acceptance + 2) / plan.sample_size)
    curve = draw_curve(plan, np.linspace(0, worst, 201).tolist())
    aql = plan.aql / 100
    at_aql = float(np.interp(aql, curve["fraction"], curve["accepted"]))
    shown = {"zh": f"AQL {plan.aql:g}%", "en": f"AQL {plan.aql:g}%"}
    chance = format_percent(at_aql)
    return show_figure(
        plot_operating_curve,
        curve,
        across="fraction",
        upward="accepted",
        across_label={"zh": "不合格品率", "en": "Fraction nonconforming"},
        upward_label={"zh": "接收概率", "en": "Probability of acceptance"},
        marks=[{"at": aql, "probability": at_aql, "label": shown}] if aql <= worst else [],
        name=name,
        title={
            "zh": f"抽{plan.sample_size}件、允许{plan.acceptance}件不合格：不合格品率为{plan.aql:g}%的批以{chance}的概率被接收",
            "en": f"{plan.sample_size} items, acceptance number {plan.acceptance}: lots with {plan.aql:g}% nonconforming "
            f"pass with probability {chance}",
        },
        alt={
            "zh": f"抽检特性曲线：不合格品率为{plan.aql:g}%时接收概率{chance}。",
            "en": f"Operating characteristic: at {plan.aql:g}% nonconforming the probability of acceptance is {chance}.",
        },
        unit={"zh": "单位：%", "en": "Unit: %"},
        source=_origin(plan.table),
    )


def tabulate_switching(lots: pd.DataFrame, rules: str, *, name: str = "switching") -> Display:
    """Lots in order, the inspection that each was under and what made it switch."""
    return show_table(
        lots.assign(
            lot_verdict=lots["accepted"].map({True: "accepted", False: "rejected"}),
            switch=lots["switch"].replace("", None),
            why=lots["why"].replace("", None),
        ),
        name=name,
        caption={
            "zh": f"逐批检验与转移（转移规则：{rules}）",
            "en": f"Lots in order and switching (rules of {rules})",
        },
        columns={
            "lot": "count",
            "inspection": "code",
            "lot_verdict": "code",
            "switch": Column(format="code", kind="inspection"),
            "why": Column(format="code", kind="switch_reason"),
        },
        notes=[text("note", "switching")],
    )


def tabulate_declared_levels(judged: pd.DataFrame, *, name: str = "declared_levels") -> Display:
    """Whether samples contradict the levels that were declared."""
    power, risk = (format_percent(float(judged[key].iloc[0]), decimals=0) for key in ("power", "risk"))
    return show_table(
        judged.rename(columns={"verdict": "declared_verdict"}),
        name=name,
        caption={
            "zh": "对声称质量水平的核查",
            "en": "Do the samples contradict the declared quality levels?",
        },
        columns={
            "declared_level": "percent",
            "n": Column(format="count", label=text("columns", "sample_size")),
            "failures": Column(format="count", label=text("columns", "failed_items_found")),
            "tolerated": "count",
            "declared_verdict": "code",
            "detected_level": "percent",
        },
        notes=[
            {
                "zh": f"声称属实而被否定的概率不超过{risk}；“可查出的水平”是以{power}的概率被否定的实际不合格率。不否定不等于证明。"
                "按精确概率由基本原理计算，未使用GB/T 2828.4或GB/T 2828.11的表，不声称符合该两项标准。",
                "en": f"A true declaration is contradicted with a probability of at most {risk}; the level detected is the true "
                f"fraction that is contradicted with {power}. Not contradicted is not proved. Exact probabilities from first "
                "principles; the tables of GB/T 2828.4 and GB/T 2828.11 are not used, nor is conformity with them claimed.",
            }
        ],
    )


def tabulate_allocation(
    allocated: pd.DataFrame, group: Column | str, by: str, *, name: str = "next_sample"
) -> Display:
    """Batches of the next sample by stratum."""
    total = int(allocated["allocated"].sum())
    error = f"{100 * float(allocated['std_error'].iloc[0]):.2f}"
    return show_table(
        allocated,
        name=name,
        caption={
            "zh": f"下期{format_count(total, 'zh')}批次的分配",
            "en": f"How the {format_count(total, 'en')} batches of the next sample are shared out",
        },
        columns={by: group, "population": "count", "n": "count", "failures": "count", "allocated": "count"},
        notes=[
            {
                "zh": f"按本期结果预计，全市合格率的标准误为{error}个百分点（未计同一企业多批次的影响）。",
                "en": f"By this period's results the overall rate would have a standard error of {error} points (likeness within "
                "enterprises left out).",
            }
        ],
    )


def _origin(table: str) -> Text:
    if table == _SHIPPED:
        return {
            "zh": f"方案取自{table}（1989，公有领域），是GB/T 2828.1的前身，不是GB/T 2828.1的表。",
            "en": f"From {table} (1989, public domain), the ancestor of GB/T 2828.1 and not its table.",
        }
    return {"zh": f"方案取自{table}。", "en": f"From {table}."}
