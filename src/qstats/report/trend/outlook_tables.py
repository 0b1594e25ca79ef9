"""Which tables show what is to be expected, and how good such forecasts were?"""

import numpy as np
import pandas as pd

from qstats import trend as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital_text
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.gather import BY_QUARTER, PASS_RATE
from qstats.report.trend.headings import (
    DASH,
    HEAD,
    NO_BACKTEST,
    bilingual,
    in_both,
    leave_out,
)


def tabulate_outlooks(assessed: Assessment) -> Display | None:
    """Forecasts that proved better than last year's figure; nothing where none did."""
    shown = {
        name: one
        for name, one in (assessed.outlooks if assessed.received else {}).items()
        if one.status == "stated"
    }
    if not shown:
        return None
    rows = pd.concat(
        [one.steps.assign(series=name, group="") for name, one in shown.items()], ignore_index=True
    )
    worded = in_both(
        rows,
        name=[
            capital_text(assessed.label(PASS_RATE if row == BY_QUARTER else row)) for row in rows["series"]
        ],
    )
    limits = {
        f"within_{name}": Column(format="interval", lower=f"lower_{name}", upper=f"upper_{name}", label={"zh": f"{name}%区间", "en": f"{name}% interval"})
        for name in (f"{100 * share:.0f}" for share in assess.BANDS[1:])
    }  # fmt: skip
    return show_table(
        worded,
        name="outlooks",
        caption={"zh": "各季预计公布的数值", "en": "Figures to be expected, quarter by quarter"},
        columns={
            "name": bilingual(HEAD["series"]), "period": Column(format="text", label={"zh": "季度", "en": "Quarter"}),
            "n": Column(format="count", label={"zh": "假定样本量", "en": "n assumed"}),
            "median": Column(format="percent", label={"zh": "预计", "en": "Expected"}), **limits,
            "last_year": Column(format="percent", label={"zh": "上年同期数", "en": "A year before"}),
        },
        notes=[{
            "zh": "区间是今后公布值的范围，含抽样误差。预测按历史的走势、季节和波动推算，不含尚未发生的政策和抽样方式的改变。",
            "en": "Intervals are those of the figures to be reported, chance of the sample included. Forecasts carry on course, season and scatter as they were; changes of policy or of sampling still to come are not in them.",
        }],
    )  # fmt: skip


def tabulate_backtest(assessed: Assessment) -> Display:
    """How good past forecasts were beside last year's figure."""
    outlooks = {
        name: one for name, one in (assessed.outlooks if assessed.received else {}).items() if one.origins
    }
    if not outlooks:
        return leave_out("backtest", NO_BACKTEST)
    rows = pd.DataFrame([
        {"series": name, "status": one.status, "origins": one.origins, "crps": one.crps, "crps_last_year": one.crps_last_year,
         "crps_ets": one.crps_ets, "crps_sarima": one.crps_sarima, "skill": one.skill, "coverage": one.coverage}
        for name, one in outlooks.items()
    ])  # fmt: skip
    worded = in_both(
        rows,
        name=[
            capital_text(assessed.label(PASS_RATE if row == BY_QUARTER else row)) for row in rows["series"]
        ],
        told=[text("outlook_verdict", one.status) for one in outlooks.values()],
        **{f"error_{name}": [_error(value) for value in rows[score]] for name, score in _SCORES.items()},
    )
    return show_table(
        worded,
        name="backtest",
        caption={"zh": "过去的预测有多准", "en": "How good past forecasts were"},
        columns={
            "name": bilingual(HEAD["series"]), "origins": Column(format="count", label={"zh": "检验次数", "en": "Past forecasts"}),
            "error_ours": bilingual({"zh": "预测误差（CRPS，百分点）", "en": "Error of the forecasts (CRPS, points)"}),
            "error_last_year": bilingual({"zh": "上年同期数的误差", "en": "Error of last year's figure"}),
            "error_ets": bilingual({"zh": "指数平滑（ETS）的误差，供比较", "en": "Error of smoothing (ETS), for comparison"}),
            "error_sarima": bilingual({"zh": "季节ARIMA模型的误差，供比较", "en": "Error of the airline model, for comparison"}),
            "skill": Column(format="percent", label={"zh": "误差减小", "en": "Error smaller by"}),
            "coverage": Column(format="percent", label={"zh": f"落在{assessed.level}区间内", "en": f"Inside {assessed.level} intervals"}),
            "told": bilingual(HEAD["verdict"]),
        },
        notes=[{
            "zh": "每次只用当时已有的数据预测其后各季，再与实际比较；不优于上年同期数的预测不予发布。指数平滑和季节ARIMA模型（SARIMA(0,1,1)(0,1,1)）只供比较，不影响是否发布；数据有空档时不作比较。",
            "en": "Each forecast takes only what was on record at its time and is compared with what came; one that is no better than the figure of a year before is not shown. Smoothing and the airline model, SARIMA(0,1,1)(0,1,1), stand beside for comparison and decide nothing; series with gaps are not given to them.",
        }],
    )  # fmt: skip


_SCORES = {"ours": "crps", "last_year": "crps_last_year", "ets": "crps_ets", "sarima": "crps_sarima"}


def _error(value: float) -> Text:
    """A mean score in points, without a sign."""
    return {one: f"{100 * value:.2f}" for one in LANGUAGES} if np.isfinite(value) else DASH
