"""Which chart does the chapter on the counties show? Its message, alternative text and source."""

from qstats.codebook import LANGUAGES, Text
from qstats.report.counties.comparison import CountyComparison
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.ranks import plot_rank_sets
from qstats.report.formats import format_percent
from qstats.report.groups import list_names


def chart_counties(comparison: CountyComparison) -> Display:
    """Rates of the counties with intervals and the ranks that they may hold; a sentence where there are none."""
    subject, period = comparison.subject, comparison.when
    if comparison.stated.empty:
        return show_text(
            {
                "zh": f"{period['zh']}没有一个县（市、区）的合格率可以发布，故不绘图、不排名次。",
                "en": f"No county's rate can be published for {period['en']}: there is nothing to draw or to rank.",
            },
            style="note",
            instead_of=comparison.name,
        )
    whole = comparison.whole
    title = _title(comparison)
    return show_figure(
        plot_rank_sets,
        comparison.counties,
        group="county_code",
        labels=comparison.names,
        reference=whole["estimate"] if whole["status"] == "stated" else None,
        name=comparison.name,
        data=comparison.name,
        title=title,
        alt=_alternative(comparison, title),
        unit={"zh": "单位：%；名次", "en": "Unit: %; rank"},
        source={
            "zh": f"{subject.place['zh']}{subject.batches['zh']}；名次范围同时成立的置信水平为{comparison.level}",
            "en": f"{subject.batches['en'].capitalize()}, {subject.place['en']}; all sets of ranks hold at once with {comparison.level} confidence",
        },
    )


def _title(comparison: CountyComparison) -> Text:
    """The message: who stands out, and that the order of the others is none."""
    period = comparison.when
    above, below = (
        list_names(comparison.names, comparison.standing(how)["county_code"]) for how in ("above", "below")
    )
    zh = [f"{who['zh']}{verb}其余地区" for who, verb in ((below, "低于"), (above, "高于")) if who["zh"]]
    en = [f"{who['en']} {verb} the rest" for who, verb in ((below, "below"), (above, "above")) if who["en"]]
    if zh:
        return {
            "zh": f"{period['zh']}，{'，'.join(zh)}；灰色的与其余地区不能区分",
            "en": f"{'; '.join(en)} of the city, {period['en']}; the grey ones cannot be told apart from it",
        }
    return {
        "zh": f"{period['zh']}没有一个县（市、区）与其余地区有显著差异：排列先后不是名次",
        "en": f"No county differs clearly from the rest of the city, {period['en']}: the order shown is no ranking",
    }


def _alternative(comparison: CountyComparison, title: Text) -> Text:
    ranges = {"zh": "可能的名次", "en": "possible ranks"}
    values = {
        language: "; ".join(
            f"{comparison.names[row['county_code']][language]} {format_percent(row['estimate'])}"
            + (
                ""
                if row["rank_low"] is None
                else f" ({ranges[language]} {row['rank_low']}–{row['rank_high']})"
            )
            for row in comparison.stated.astype(object)
            .where(comparison.stated.notna(), None)
            .to_dict("records")
        )
        for language in LANGUAGES
    }
    return {"zh": f"{title['zh']}。{values['zh']}。", "en": f"{title['en']}. {values['en']}."}
