"""Which tables show how far ranks rest on choices of method? Sobol indices, and ranks without each part."""

import pandas as pd

from qstats.codebook import LANGUAGES, text
from qstats.report.columns import Column
from qstats.report.competitiveness.assessment import Assessment
from qstats.report.competitiveness.narrative import CHOICES
from qstats.report.display import Display, show_table, show_text


def tabulate_choices(assessed: Assessment) -> Display:
    """How much of the movement of ranks each choice explains, alone and with the others."""
    robust = assessed.robustness
    if robust is None:
        return show_text(
            text("refusal", "too_few_units"), style="note", instead_of=f"{assessed.prefix}_choices"
        )
    found = robust.sensitivity
    table = pd.DataFrame(
        {
            "choice": found.names, "first": found.first, "first_error": found.first_error, "total": found.total,
            "total_error": found.total_error,
        }
        | {f"name_{one}": [CHOICES[name][one] for name in found.names] for one in LANGUAGES}
    ).sort_values("total", ascending=False, kind="stable")  # fmt: skip
    return show_table(
        table,
        name=f"{assessed.prefix}_choices",
        caption={
            "zh": "名次变动来自哪些方法选择（Sobol指数）",
            "en": "Which choices of method move the ranks (Sobol indices)",
        },
        columns={
            "name": Column(format="bilingual", label={"zh": "方法选择", "en": "Choice"}),
            "first": Column(format="coefficient", label={"zh": "单独作用", "en": "Alone"}),
            "first_error": Column(format="coefficient", label={"zh": "标准误", "en": "Standard error"}),
            "total": Column(format="coefficient", label={"zh": "总作用", "en": "Together with others"}),
            "total_error": Column(format="coefficient", label={"zh": "标准误", "en": "Standard error"}),
        },
        notes=[{
            "zh": f"名次平均移动位数的方差中，各项选择单独、以及连同与其他选择的交互作用所占的份额；共计算{found.evaluations}次指数。",
            "en": f"Share of the variance of the mean shift of ranks that each choice explains alone, and with its interactions; {found.evaluations:,} indices were computed.",
        }],
    )  # fmt: skip


def tabulate_without(assessed: Assessment) -> Display:
    """How far ranks move when one indicator or part is left out."""
    robust = assessed.robustness
    if robust is None:
        return show_text(
            text("refusal", "too_few_units"), style="note", instead_of=f"{assessed.prefix}_without"
        )
    table = robust.without
    labels = [assessed.definition.label(code) for code in table["code"]]
    units = [assessed.names[unit] if unit else dict.fromkeys(LANGUAGES, "—") for unit in table["unit"]]
    return show_table(
        table.assign(
            **{f"name_{one}": [label[one] for label in labels] for one in LANGUAGES},
            **{f"most_{one}": [unit[one] for unit in units] for one in LANGUAGES},
        ),
        name=f"{assessed.prefix}_without",
        caption={
            "zh": "去掉一项指标或一个方面后名次移动的位数",
            "en": "Places by which ranks move without one indicator or part",
        },
        columns={
            "name": Column(format="bilingual", label={"zh": "去掉", "en": "Without"}),
            "mean_shift": Column(format="number", label={"zh": "平均", "en": "Mean"}),
            "largest_shift": Column(format="count", label={"zh": "最大", "en": "Largest"}),
            "most": Column(format="bilingual", label={"zh": "移动最大的", "en": "Moves most"}),
        },
    )
