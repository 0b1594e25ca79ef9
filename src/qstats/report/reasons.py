"""Why is a figure not published? In plain words, with the sources that stand in the way."""

from collections.abc import Mapping

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text

_FILES_NAMED = 2


def reason_of_rate(row: Mapping[str, object], sources: pd.DataFrame, minimum_batches: int) -> Text | None:
    """Reason of one row of :func:`qstats.estimation.estimate_pass_rates`, None where it is stated.

    Parameters
    ----------
    row : mapping
        With ``reason, n, undated, sources_barred``.
    sources : DataFrame
        Judged sources: ``source_id, file, refusal``.
    minimum_batches : int
        The declared rule, named in the sentence.
    """
    if not row["reason"]:
        return None
    barring = sources[sources["source_id"].isin(str(row["sources_barred"]).split(","))]
    values = {"n": row["n"], "undated": row["undated"], "minimum": minimum_batches}
    template = text("refusal", str(row["reason"]))
    return {
        language: template[language].format(**values, sources=_name_sources(barring, language))
        for language in LANGUAGES
    }


def add_reasons(rates: pd.DataFrame, sources: pd.DataFrame, minimum_batches: int) -> pd.DataFrame:
    """Rates with the columns ``reason_zh`` and ``reason_en`` (empty where stated)."""
    reasons = [reason_of_rate(row, sources, minimum_batches) for row in rates.to_dict("records")]
    return rates.assign(
        **{
            f"reason_{language}": [reason[language] if reason else "" for reason in reasons]
            for language in LANGUAGES
        }
    )


def _name_sources(barring: pd.DataFrame, language: str) -> str:
    """One clause per kind of refusal, naming the first files and counting the others."""
    clauses = []
    for refusal, group in barring.groupby("refusal", sort=True):
        template = text("source_refusal", str(refusal))[language]
        clauses.append(template.format(files=_name_files(group["file"].tolist(), language)))
    return ("；" if language == "zh" else "; ").join(clauses)


def _name_files(files: list[str], language: str) -> str:
    """Up to two files by name, more of them by number and an example."""
    if len(files) <= _FILES_NAMED:
        return ("、" if language == "zh" else ", ").join(f"“{file}”" for file in files)
    return (
        f"“{files[0]}”等{len(files)}个文件"
        if language == "zh"
        else f"{len(files)} files, such as “{files[0]}”"
    )
