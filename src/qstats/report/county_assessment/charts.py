"""Which chart does the circular have? Points of every county by section, with the limits of the grades."""

from qstats.codebook import LANGUAGES, Text
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.county_assessment.wording import mark_names, say_total
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.scorecards import plot_scorecards


def chart_totals(assessed: Assessment) -> Display:
    """Totals with their limits, of which sections they are made, and the bands."""
    stated = assessed.stated
    if stated.empty:
        nothing: Text = {
            "zh": "各县（市、区）都没有总分，不作图。",
            "en": "No county has a total: there is nothing to draw.",
        }
        return show_text(nothing, style="note", instead_of="assessment_chart")
    scores = assessed.now.cards.scores
    wide = scores.pivot_table(
        index="county_code", columns="section", values="points", aggfunc="sum", sort=False
    )
    sections = {one.code: one.label.text for one in assessed.scheme.sections}
    rows = stated.join(wide[list(sections)], on="county_code").reset_index(drop=True)
    title = _title(assessed)
    return show_figure(
        plot_scorecards, rows, sections=sections, labels=mark_names(assessed), name="assessment_chart",
        bands=[(band.grade, band.lower) for band in assessed.scheme.bands], data="assessment_totals", title=title,
        alt=_alternative(assessed, title), unit={"zh": "单位：分", "en": "Unit: points"}, source=_source(assessed),
    )  # fmt: skip


def _title(assessed: Assessment) -> Text:
    open_ = len(assessed.unsure)
    if open_:
        return {
            "zh": f"{len(assessed.stated)}个县（市、区）中，{open_}个的等级在抽样误差之内不能确定",
            "en": f"Of {len(assessed.stated)} counties the grades of {open_} are open within sampling error",
        }
    return {
        "zh": f"{len(assessed.stated)}个县（市、区）的等级都不受抽样误差影响",
        "en": f"Sampling errors leave none of the grades of {len(assessed.stated)} counties open",
    }


def _alternative(assessed: Assessment, title: Text) -> Text:
    names = mark_names(assessed)
    said = {
        one: [
            f"{names[row['county_code']][one]} {say_total(assessed, row['points'], one)} ({row['grade']})"
            for row in assessed.stated.to_dict("records")
        ]
        for one in LANGUAGES
    }
    return {
        "zh": f"{title['zh']}。{'；'.join(said['zh'])}。",
        "en": f"{title['en']}. {'; '.join(said['en'])}.",
    }


def _source(assessed: Assessment) -> Text:
    mark: Text = {"zh": "", "en": ""}
    if assessed.stated["vetoed"].any():
        mark = {"zh": "；*为一票否决，等级不由得分定", "en": "; * graded by a veto, not by points"}
    return {
        "zh": f"{assessed.scheme.label.zh}；扣分、加分计入总分而不在条内{mark['zh']}",
        "en": f"{assessed.scheme.label.en}; bonus and deductions are in the total, not in the bars{mark['en']}",
    }
