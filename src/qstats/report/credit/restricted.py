"""Which list names the enterprises with their grades? It is restricted: for the offices that act on it, never published."""

import polars as pl

from qstats.codebook import Text
from qstats.credit import Graded
from qstats.credit_registry import CreditScheme
from qstats.report.columns import Column
from qstats.report.credit.wording import say_when
from qstats.report.display import Display, show_table

_NOTE: Text = {
    "zh": "内部文件，列有企业名称，不得公开；公示和申诉期满后等级方为最终。",
    "en": "Restricted: it names enterprises and must not be published; a grade is final when its publicity period is over.",
}


def tabulate_named(graded: Graded, enterprises: pl.DataFrame) -> Display:
    """Every enterprise with its grade, worst score first.

    Parameters
    ----------
    graded : Graded
    enterprises : DataFrame
        Table ``enterprises``.
    """
    names = enterprises.select("enterprise_id", "enterprise_name", "organisation_code", "credit_code")
    frame = (
        graded.grades.join(names, on="enterprise_id", how="left")
        .sort("score", "enterprise_id")
        .join(_supervision(graded.scheme), on=["grade", "product_risk"], how="left", nulls_equal=True)
        .select(
            "scheme", "on", "enterprise_id", "enterprise_name", "organisation_code", "credit_code", "county_code",
            "industry", "grade", "score", "grade_by_score", "vetoed", "reasons", "records", "product_risk",
            "supervision", "checks", "status",
        )
        .to_pandas()
    )  # fmt: skip
    when = say_when(graded.on)
    return show_table(
        frame,
        name=f"credit_grades_{graded.scheme.id}",
        caption={
            "zh": f"企业质量信用等级名单（{graded.scheme.label.zh}，{when['zh']}）",
            "en": f"Grades of enterprises by name ({graded.scheme.label.en}, {when['en']})",
        },
        columns={
            "enterprise_name": Column(label={"zh": "企业名称", "en": "Enterprise"}),
            "grade": Column(label={"zh": "等级", "en": "Grade"}),
            "score": Column(format="number", label={"zh": "得分", "en": "Score"}),
            "supervision": Column(label={"zh": "监督方式", "en": "Supervision"}),
            "checks": Column(format="count", label={"zh": "每年抽查次数", "en": "Checks a year"}),
            "status": Column(label={"zh": "状态", "en": "Status"}),
        },
        notes=[_NOTE],
    )


def _supervision(scheme: CreditScheme) -> pl.DataFrame:
    """Kind of supervision that follows from grade and risk, in the words of the scheme."""
    rows = [(one.grade, one.product_risk, one.label.zh) for one in scheme.supervision]
    return pl.DataFrame(
        rows, schema={"grade": pl.String, "product_risk": pl.String, "supervision": pl.String}, orient="row"
    )


def tabulate_lineage(graded: Graded) -> Display:
    """Rows behind every score and veto."""
    return show_table(
        graded.lineage.to_pandas(),
        name=f"credit_lineage_{graded.scheme.id}",
        caption={
            "zh": f"得分和否决所依据的记录（{graded.scheme.label.zh}）",
            "en": f"Records behind scores and vetoes ({graded.scheme.label.en})",
        },
        columns={
            "enterprise_id": Column(label={"zh": "企业", "en": "Enterprise"}),
            "points": Column(format="number", label={"zh": "分", "en": "Points"}),
        },
        notes=[_NOTE],
    )
