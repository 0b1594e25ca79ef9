"""Who did not answer? Questions left open, questionnaires left out, and whom the sample holds too few of.

Who was asked and refused the whole interview is not in the files; what can be seen is how the sample
differs from the declared population.
"""

import pandas as pd
import polars as pl

from qstats.satisfaction.survey import Sample, Survey, margins_of

REASONS = ("dont_know", "refused", "blank", "out_of_range")


def count_unanswered(unanswered: pl.DataFrame, sample: Sample, survey: Survey) -> pd.DataFrame:
    """Answers that are no scores, by item: ``item, respondents``, one column per reason, ``share`` in all."""
    of_sample = unanswered.filter(
        (pl.col("wave") == sample.wave)
        & pl.col("respondent_id").is_in(sample.frame["respondent_id"].tolist())
    )
    counted = of_sample.group_by("item", "reason").len().to_pandas()
    wide = counted.pivot(index="item", columns="reason", values="len")
    wide = wide.reindex(index=list(survey.questionnaire.items), columns=list(REASONS)).fillna(0).astype(int)
    asked = len(sample.frame)
    table = wide.assign(respondents=asked, share=wide.sum(axis=1) / max(asked, 1))
    return table.rename_axis("item").reset_index()[["item", "respondents", *REASONS, "share"]]


def compare_with_margins(sample: Sample, margins: pl.DataFrame) -> pd.DataFrame:
    """Shares of each category in the population, among the respondents, and after weighting.

    Returns
    -------
    DataFrame
        ``variable, category, n, population, sampled, weighted`` (shares of those whose category is known).
    """
    rows = []
    for (variable,), listed in margins_of(margins, sample.wave).group_by("variable", maintain_order=True):
        codes = sample.frame[str(variable)]
        known = codes.isin(listed["category"].to_list()).to_numpy()
        total = float(listed["population"].sum())
        for category, population in listed.select("category", "population").iter_rows():
            member = (codes == category).to_numpy()
            rows.append(
                (
                    variable, category, int(member.sum()), population / total,
                    member.sum() / max(known.sum(), 1),
                    sample.weight[member].sum() / max(sample.weight[known].sum(), 1e-300),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["variable", "category", "n", "population", "sampled", "weighted"])


def describe_weights(sample: Sample) -> dict[str, float]:
    """Range of the weights about their mean, and Kish's design effect of unequal weights alone.

    NaN where nobody counts.
    """
    if not len(sample.weight):
        return dict.fromkeys(("least", "most", "kish"), float("nan"))
    relative = sample.weight / sample.weight.mean()
    return {
        "least": float(relative.min()),
        "most": float(relative.max()),
        "kish": float((relative**2).mean()),
    }
