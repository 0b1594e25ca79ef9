"""What does a code mean to a reader? Chinese and English labels of everything that reaches a report.

Labels stand in ``data/reference/codebook.yaml``; identifiers in code stay English. A code without a
label in both languages is an error, so that no raw identifier is ever printed.
"""

from functools import cache
from typing import Any

from qstats.errors import QstatsError
from qstats.paths import reference_folder
from qstats.reference_files import read_settings

LANGUAGES = ("zh", "en")

Text = dict[str, str]
"""The same text in both languages: ``{"zh": …, "en": …}``."""


@cache
def read_codebook() -> dict[str, dict[str, Text]]:
    """All labels: kind (``columns``, ``fate``, ``rule`` …) → code → text in both languages."""
    return read_settings(reference_folder() / "codebook.yaml")


def labels(kind: str) -> dict[str, Text]:
    """Labels of one kind by code, in the codebook's order."""
    book = read_codebook()
    if kind not in book:
        raise QstatsError(f"codebook.yaml has no kind {kind!r}; it knows: {', '.join(book)}")
    return book[kind]


def text(kind: str, code: str) -> Text:
    """Label of a code in both languages; an unlabelled code is an error."""
    try:
        return labels(kind)[code]
    except KeyError:
        raise QstatsError(
            f"{kind} {code!r} has no label: add it under '{kind}' in data/reference/codebook.yaml"
        ) from None


def label(kind: str, code: str, language: str) -> str:
    """Label of a code in one language (``zh`` or ``en``)."""
    return text(kind, code)[language]


def sentence(kind: str, code: str, **values: object) -> Text:
    """Sentence of a code in both languages with its ``{placeholders}`` filled in.

    A value that is itself a `Text` is filled in by language.
    """
    template = text(kind, code)
    return {
        language: template[language].format(
            **{name: value[language] if isinstance(value, dict) else value for name, value in values.items()}
        )
        for language in LANGUAGES
    }


@cache
def read_vocabulary() -> dict[str, Any]:
    """Words that suppliers use: kind → code → words, or kind → words."""
    return read_settings(reference_folder() / "vocabulary.yaml")
