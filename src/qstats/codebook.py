"""What does a code mean to a reader? Chinese and English labels of everything that reaches a report.

Labels stand in ``data/reference/codebook.yaml``; identifiers in code stay English. A code without a
label in both languages is an error, so that no raw identifier is ever printed.
"""

from functools import cache
from typing import Any

import yaml

from qstats.errors import QstatsError
from qstats.paths import reference_folder

LANGUAGES = ("zh", "en")

Text = dict[str, str]
"""The same text in both languages: ``{"zh": …, "en": …}``."""


@cache
def read_codebook() -> dict[str, dict[str, Text]]:
    """All labels: kind (``columns``, ``fate``, ``rule`` …) → code → text in both languages."""
    path = reference_folder() / "codebook.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


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
    path = reference_folder() / "vocabulary.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
