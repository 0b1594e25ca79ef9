"""Did the batch pass, first and finally, or why is there no result?"""

import re
from functools import lru_cache

from qstats.cleaning.distinct import Cleaned, Hit
from qstats.codebook import read_vocabulary

SEPARATOR = "\x1f"
"""Stands between result, first result, final result and remark word in the text that the rule reads."""

_FIRST = re.compile(r"(?:初检|初次检验|首次检验|原检|一检)(?:结果|结论)?(?:为|[:：])?([^,，;；。/]*)")
_FINAL = re.compile(r"(?:复检|复验|二检)(?:结果|结论)?(?:为|仍|[:：])?([^,，;；。/]*)")


def fate_pattern() -> str:
    """Regular expression that finds a word of fate in a remark."""
    return "|".join(word for words in read_vocabulary()["fate"].values() for word in words)


@lru_cache(maxsize=1 << 16)
def read_outcome(text: str) -> Cleaned:
    """``result␟first␟final␟remark`` → ``first_outcome␟outcome␟fate``.

    A pass needs no re-inspection, so its first and final outcome are the same; a first failure whose
    re-inspection is not in yet is pending. Rules ``outcome.vocabulary``, ``outcome.first_and_final``,
    ``outcome.unknown``, ``outcome.missing``.
    """
    result, first_text, final_text, remark = (part.replace(" ", "") for part in text.split(SEPARATOR))
    hits: tuple[Hit, ...] = ()
    fate = _fate(result) or _fate(first_text) or _fate(final_text) or _fate(remark)
    first, final = None, None
    if "初" in result or "复" in result or "原检" in result:
        first, final = _first_and_final(result)
        hits += (Hit("outcome.first_and_final", result, f"{first or ''}/{final or ''}"),) if first or final else ()
    elif result and not _fate(result):
        first, hits = _word(result, hits)
    if first_text and not _fate(first_text):
        first, hits = _word(first_text, hits)
    if final_text and not _fate(final_text):
        final, hits = _word(final_text, hits)
    if final and first is None and not final_text:
        first = "fail"  # only a failure is re-inspected
    if fate == "pending" and first != "pass":
        return Cleaned(SEPARATOR.join((first or "", "", "pending")), hits)
    outcome = final or first
    if outcome:
        return Cleaned(SEPARATOR.join((first or "", outcome, "sampled")), hits)
    if fate:
        return Cleaned(SEPARATOR.join(("", "", fate)), hits)
    if not any(hit.rule == "outcome.unknown" for hit in hits):
        hits += (Hit("outcome.missing", None, None),)
    return Cleaned(SEPARATOR.join(("", "", "pending")), hits)


def _first_and_final(text: str) -> tuple[str | None, str | None]:
    first, final = _FIRST.search(text), _FINAL.search(text)
    return (plain_outcome(first[1]) if first else None), (plain_outcome(final[1]) if final else None)


def _word(text: str, hits: tuple[Hit, ...]) -> tuple[str | None, tuple[Hit, ...]]:
    code = plain_outcome(text)
    if code is None:
        return None, (*hits, Hit("outcome.unknown", text, None))
    standard = read_vocabulary()["outcome"][code][0]
    return code, hits if text == standard else (*hits, Hit("outcome.vocabulary", text, standard))


@lru_cache(maxsize=1 << 12)
def plain_outcome(text: str) -> str | None:
    """``pass`` or ``fail`` for a word of the vocabulary, None for any other."""
    words = read_vocabulary()["outcome"]
    return next((code for code, known in words.items() if text in known or text.upper() in known), None)


@lru_cache(maxsize=1 << 14)
def _fate(text: str) -> str | None:
    fates = read_vocabulary()["fate"]
    return next((fate for fate, words in fates.items() if any(word in text for word in words)), None)
