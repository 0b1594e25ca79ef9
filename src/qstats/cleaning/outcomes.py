"""Did the batch pass, first and finally, or why is there no result?"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from qstats.cleaning.distinct import Cleaned, Hit
from qstats.codebook import read_vocabulary

SEPARATOR = "\x1f"
"""Stands between result, first result, final result and remark word in the text that the rule reads."""

_LABELS = {
    "first": ("初检", "首检", "原检", "一检", "初次检验", "首次检验"),
    "final": ("复检", "复验", "二检"),
}
"""Words that say which outcome a cell speaks of, where it speaks of both."""

_SPEAKS_OF_BOTH = re.compile("|".join(("/", *_LABELS["first"], *_LABELS["final"])))

_OUTCOME_INSIDE = re.compile("合格|符合")


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
    fate = _fate(result) or _fate(first_text) or _fate(final_text) or _fate(remark)
    overall, first, final, hits = _read_result(result)
    stated_first, hits = _word(first_text, hits)
    stated_final, hits = _word(final_text, hits)
    first, final = stated_first or first, stated_final or final
    if first is None:
        first = "fail" if final and not final_text else overall  # only a failure is re-inspected
    if first is None and fate == "pending" and "复检" in result + first_text + final_text + remark:
        first = "fail"
    if fate == "pending" and final is None and first != "pass":
        return Cleaned(SEPARATOR.join((first or "", "", "pending")), hits)
    if outcome := final or overall or first:
        return Cleaned(SEPARATOR.join((first or "", outcome, "sampled")), hits)
    if fate is None and not any(hit.rule == "outcome.unknown" for hit in hits):
        hits += (Hit("outcome.missing", None, None),)
    return Cleaned(SEPARATOR.join(("", "", fate or "pending")), hits)


def own_words_rule(known: Mapping[str, str]) -> Callable[[str], Cleaned]:
    """Rule: a supplier's declared word → our wording (``outcome.vocabulary``); other texts stay."""

    def read_own_word(text: str) -> Cleaned:
        ours = known.get(text)
        return Cleaned(ours, (Hit("outcome.vocabulary", text, ours),)) if ours else Cleaned(text)

    return read_own_word


def _read_result(result: str) -> tuple[str | None, str | None, str | None, tuple[Hit, ...]]:
    """Overall, first and final outcome that the one cell for the result holds."""
    if not _SPEAKS_OF_BOTH.search(result):
        overall, hits = _word(result, ())
        return overall, None, None, hits
    first, final = _first_and_final(result)
    if first or final:
        return None, first, final, (Hit("outcome.first_and_final", result, f"{first or ''}/{final or ''}"),)
    return None, None, None, () if _fate(result) else (Hit("outcome.unknown", result, None),)


def _first_and_final(text: str) -> tuple[str | None, str | None]:
    """Outcomes of a cell such as ``初检不合格，复检合格``, ``不合格（复检合格）``, ``不合格/合格``.

    Labels and outcomes are paired in the order in which they stand; an outcome before any label is the first.
    ``合格/不合格`` is a printed choice that nobody made. None for what the cell does not say.
    """
    found = [(match.lastgroup or "", match[0]) for match in _label_or_outcome().finditer(text)]
    labels = [kind for kind, _ in found if kind != "outcome"]
    words = [plain_outcome(word) for kind, word in found if kind == "outcome"]
    if not labels and len(words) == 2 and words[0] == "fail":
        labels = ["first", "final"]
    awaited = bool(labels) and found[0][0] == "outcome" and _fate(text) == "pending"
    if len(words) == len(labels) + 1 or awaited:
        labels.insert(0, "first")
    if len(words) > len(labels) or len(set(labels)) < len(labels):
        return None, None
    outcomes = dict(zip(labels, words, strict=False))
    return outcomes.get("first"), outcomes.get("final")


@cache
def _label_or_outcome() -> re.Pattern[str]:
    words = [word for known in read_vocabulary()["outcome"].values() for word in known if not word.isascii()]
    kinds = {**_LABELS, "outcome": sorted(words, key=len, reverse=True)}
    groups = (f"(?P<{kind}>{'|'.join(map(re.escape, known))})" for kind, known in kinds.items())
    return re.compile("|".join(groups))


def _word(text: str, hits: tuple[Hit, ...]) -> tuple[str | None, tuple[Hit, ...]]:
    if not text:
        return None, hits
    code = plain_outcome(text)
    if code is None and _fate(text):
        if not _OUTCOME_INSIDE.search(text):
            return None, hits
        code = _outcome_beside_fate(text)
    if code is None:
        return None, (*hits, Hit("outcome.unknown", text, None))
    standard = read_vocabulary()["outcome"][code][0]
    return code, hits if text == standard else (*hits, Hit("outcome.vocabulary", text, standard))


def _outcome_beside_fate(text: str) -> str | None:
    """The one outcome that stands as a part of its own beside a fate: ``不合格（企业已停产）`` failed."""
    codes = {code for part in re.split(r"[（）()，,；;。、:：]", text) if (code := plain_outcome(part))}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=1 << 12)
def plain_outcome(text: str) -> str | None:
    """``pass`` or ``fail`` for a word of the vocabulary, None for any other."""
    words = read_vocabulary()["outcome"]
    return next((code for code, known in words.items() if text in known or text.upper() in known), None)


@lru_cache(maxsize=1 << 14)
def _fate(text: str) -> str | None:
    fates = read_vocabulary()["fate"]
    return next((fate for fate, words in fates.items() if any(word in text for word in words)), None)
