"""Which chart shows the published series? Their points by measure, no line across a change of definition."""

import pandas as pd

from qstats.codebook import Text, text
from qstats.report.display import Display, show_figure
from qstats.report.figures.published import plot_published
from qstats.report.trend.assessment import OWN, Assessment

FEWEST_POINTS = 3
"""Figures of a series from which it is drawn: fewer stand in the table."""

MOST_CHARTS = 12


def chart_published(assessed: Assessment) -> Display | None:
    """Small charts of published series, those with most figures first within each measure; nothing without any."""
    if not assessed.received:
        return None
    rows = assessed.series[~assessed.series["series"].isin(OWN) & assessed.series["value"].notna()]
    names = _order(assessed, rows)
    if not names:
        return None
    drawn, shares = rows[rows["series"].isin(names)], set(rows.loc[rows["unit"] == "proportion", "series"])
    labels = {name: assessed.label(name) for name in names}
    title = _title(assessed, names)
    listed = {one: "; ".join(labels[name][one] for name in names) for one in ("zh", "en")}
    return show_figure(
        plot_published, drawn, labels=labels, shares=shares, name="published_series_chart", data="trend_series",
        title=title, unit={"zh": "单位见各图", "en": "unit of each chart on its axis"},
        alt={"zh": f"{title['zh']}：{listed['zh']}。", "en": f"{title['en']}: {listed['en']}."},
        source={"zh": "发布机构与口径见表published_stretches", "en": "Issuers and basis: table published_stretches"},
    )  # fmt: skip


def _order(assessed: Assessment, rows: pd.DataFrame) -> list[str]:
    """Series to be drawn: by measure, those with most figures first."""
    facts = assessed.stretches
    measure = dict(zip(facts["series"], facts["measure"], strict=True)) if len(facts) else {}
    counts = rows.groupby("series").size()
    counts = counts[counts >= FEWEST_POINTS].sort_values(ascending=False, kind="stable")[:MOST_CHARTS]
    return sorted((str(name) for name in counts.index), key=lambda name: str(measure.get(name, "")))


def _title(assessed: Assessment, names: list[str]) -> Text:
    facts = assessed.stretches
    told = facts[facts["series"].isin(names)] if len(facts) else facts
    measures = [text("series_measure", one) for one in dict.fromkeys(told["measure"])] if len(told) else []
    zh = "、".join(one["zh"] for one in measures) or "时间序列"
    en = ", ".join(one["en"].lower() for one in measures) or "series"
    return {"zh": f"公布的{zh}（{len(names)}个序列）", "en": f"Published figures ({len(names)} series): {en}"}
