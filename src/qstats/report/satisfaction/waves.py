"""Has satisfaction changed? All waves beside each other, and the last change with what may be said of it."""

from collections.abc import Sequence

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_figure, show_table, show_text
from qstats.report.figures.waves import plot_waves
from qstats.report.formats import capital_text
from qstats.report.satisfaction.assessment import PLACED_BY, Assessment
from qstats.report.satisfaction.caveats import describe_invariance
from qstats.report.satisfaction.headings import HEAD, POINTS, leave_out
from qstats.report.satisfaction.narrative import describe_change
from qstats.satisfaction.standing import judge_changes

_ONE_WAVE: Text = {
    "zh": "只有一次调查，没有更早的结果可供比较。",
    "en": "There is only one wave, and no earlier one to compare with.",
}
_VERDICTS: dict[str, Text] = {
    "rise": {"zh": "提高", "en": "Up"},
    "fall": {"zh": "下降", "en": "Down"},
    "not_clear": {"zh": "无显著变化", "en": "No clear change"},
    "only_alone": {"zh": "不能断定", "en": "Not certain"},
    "cannot_be_stated": {"zh": "无从比较", "en": "Cannot be compared"},
}


def describe_waves(assessed: Assessment) -> Display:
    """Whether the waves can be compared, and the change in a sentence; a warning where invariance fails."""
    told = describe_change(assessed) if assessed.received else None
    if told is None:
        return show_text(_ONE_WAVE, style="note")
    if not assessed.index_comparable:
        return show_text(told, style="warning")
    comparable = describe_invariance(assessed)
    return show_text([told, *([comparable] if comparable["zh"] else [])])


def chart_waves(assessed: Assessment) -> Display:
    """Sectors over all waves with their targets; nothing where there is one wave."""
    name = "satisfaction_by_wave"
    if not assessed.received or assessed.before is None or "sector" not in assessed.columns:
        return leave_out(name)
    measure = assessed.compared
    rows = assessed.series("sector", measure)
    labels = [assessed.label_of("sector", str(code)) for code in rows["sector"]]
    waves = [assessed.wave_label(wave) for wave in rows["wave"]]
    levels = {one["sector"]: one["level"] for one in assessed.targets if one["measure"] == measure}
    rows = rows.assign(
        **{f"label_{one}": [capital_text(label)[one] for label in labels] for one in LANGUAGES},
        **{f"wave_{one}": [wave[one] for wave in waves] for one in LANGUAGES},
        target=rows["sector"].map(levels).astype(float),
    )
    called, title = text("satisfaction_measure", measure), _title(assessed)
    source = {
        "zh": f"{assessed.survey.questionnaire.label.zh}，{'、'.join(dict.fromkeys(rows['wave_zh']))}",
        "en": f"{capital_text(assessed.survey.questionnaire.label.model_dump())['en']}, {', '.join(dict.fromkeys(rows['wave_en']))}",
    }
    return show_figure(
        plot_waves, rows, name=name, data="satisfaction_change", title=title, source=source, alt=_alternative(rows, title),
        unit={"zh": f"{called['zh']}，0～100分", "en": f"{called['en']}, points of 0–100"},
    )  # fmt: skip


def _title(assessed: Assessment) -> Text:
    rows = assessed.measure("sector", assessed.compared)
    verdicts = judge_changes(rows, assessed.survey.confidence, jointly=False)
    against, words = assessed.wave_label(assessed.waves[-2]), (_VERDICTS[one] for one in verdicts)
    named = [
        {one: f"{assessed.label_of('sector', str(code))[one]}{'' if one == 'zh' else ': '}{word[one].lower()}" for one in LANGUAGES}
        for code, word in zip(rows["sector"], words, strict=True)
    ]  # fmt: skip
    return {
        "zh": f"与{against['zh']}相比，{'，'.join(one['zh'] for one in named)}",
        "en": f"Against {against['en']}, {'; '.join(one['en'] for one in named)}",
    }


def _alternative(rows: pd.DataFrame, title: Text) -> Text:
    shown = rows.to_dict("records")
    values = {
        one: ("；" if one == "zh" else "; ").join(
            f"{row[f'wave_{one}']} {row[f'label_{one}']} {row['estimate']:.1f}" if row["status"] == "stated"
            else f"{row[f'wave_{one}']} {row[f'label_{one}']} —"
            for row in shown
        )
        for one in LANGUAGES
    }  # fmt: skip
    return {"zh": f"{title['zh']}。{values['zh']}。", "en": f"{title['en']}. {values['en']}."}


def tabulate_changes(assessed: Assessment, column: str | None = None) -> Display:
    """All waves and the last change: of sectors with their industries, or of one kind of group.

    Nothing where there is one wave or no such group, which `describe_waves` and the tables of groups say.
    """
    name = f"satisfaction_change_by_{PLACED_BY[column]['en']}" if column else "satisfaction_change"
    known = assessed.columns if assessed.received else []
    kinds = [one for one in ((column,) if column else ("sector", "industry")) if one in known]
    if not kinds or assessed.before is None:
        return leave_out(name)
    measure, against = assessed.compared, assessed.wave_label(assessed.waves[-2])
    rows = pd.concat([_rows(assessed, one, measure) for one in kinds], ignore_index=True)
    called = text("satisfaction_measure", measure)
    waves: dict[str, Column | str] = {
        f"wave_{at}": Column(format=POINTS, label=capital_text(assessed.wave_label(wave)))
        for at, wave in enumerate(assessed.waves)
    }
    group = PLACED_BY[column] if column else {"zh": "类别和行业", "en": "sector and industry"}
    return show_table(
        rows,
        name=name,
        caption={
            "zh": f"历次{called['zh']}（分）及与{against['zh']}相比的变化",
            "en": f"{called['en']} (points) in all waves, and change against {against['en']}",
        },
        columns={"group": Column(format="bilingual", label=capital_text(group))} | waves | {
            "change": Column(format="signed", label=HEAD["change"]),
            "change_interval": Column(
                format="interval", lower="change_lower", upper="change_upper", unit="signed",
                label={"zh": f"变化的{assessed.level}区间", "en": f"{assessed.level} interval of the change"},
            ),
            "verdict": Column(format="bilingual", label=HEAD["reading"]),
        },
        notes=[_note(jointly=kinds != ["sector"], columns=kinds)],
    )  # fmt: skip


def _rows(assessed: Assessment, column: str, measure: str) -> pd.DataFrame:
    rows = assessed.measure(column, measure).reset_index(drop=True)
    if column not in ("sector",):
        rows = rows.sort_values("change", ascending=False, kind="stable", na_position="last")
    verdicts = judge_changes(rows, assessed.survey.confidence, jointly=column != "sector")
    labels = [capital_text(assessed.label_of(column, str(code))) for code in rows[column]]
    series = assessed.series(column, measure).pivot(index=column, columns="wave", values="estimate")
    of_wave = {
        f"wave_{at}": series.reindex(rows[column]).get(wave, pd.Series(index=rows[column], dtype=float)).to_numpy()
        for at, wave in enumerate(assessed.waves)
    }  # fmt: skip
    kept = [
        "n",
        "before",
        "estimate",
        "change",
        "change_lower",
        "change_upper",
        "change_status",
        "change_method",
    ]
    return rows[kept].assign(
        code=rows[column], **of_wave,
        **{f"group_{one}": [label[one] for label in labels] for one in LANGUAGES},
        **{f"verdict_{one}": [_VERDICTS[verdict][one] for verdict in verdicts] for one in LANGUAGES},
    )  # fmt: skip


def _note(*, jointly: bool, columns: Sequence[str]) -> Text:
    plain_zh = "各次调查是独立样本。变化的区间含0，即为“无显著变化”。"
    plain_en = "The waves are independent samples. Where the interval of the change covers 0, there is “no clear change”."
    if not jointly:
        return {"zh": plain_zh, "en": plain_en}
    many = [PLACED_BY[one] for one in columns if one != "sector"]
    zh, en = many[0]["zh"], {"industry": "industries", "district": "districts"}[many[0]["en"]]
    return {
        "zh": f"{plain_zh}各{zh}的结论按Holm法对全部{zh}一并检验；“不能断定”指单看区间不含0，但比较的{zh}多，可能出于偶然。",
        "en": f"{plain_en} Verdicts on {en} are joint ones (Holm); “not certain”: the interval alone misses 0, but among so many {en} that may be chance.",
    }
