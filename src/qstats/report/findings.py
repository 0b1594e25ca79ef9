"""A number that a sentence may use, with all that makes it checkable.

Prose, main points, comparison between runs and ``findings.json`` all come from findings, so that text
and tables cannot disagree. Field names are fixed by contract.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from qstats.codebook import Text

Release = Literal["provisional", "final"]
Status = Literal["stated", "refused", "cannot_be_stated", "suppressed", "no_data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Difference from an earlier period, in the unit of the finding (positive: higher now).

    ``holds`` is False where the direction depends on results that are still awaited. A standardised change has
    a ``verdict``: ``rise``, ``fall``, ``no_clear_change``, ``bases_disagree``, ``awaited`` or ``no_common_mix``.
    """

    against: str
    basis: str
    status: Status
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float | None = None
    n: int | None = None
    unit: str = "proportion"
    method: str | None = None
    holds: bool = True
    verdict: str | None = None
    reason: Text | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval excludes no change."""
        return self.lower is not None and self.upper is not None and self.lower * self.upper > 0

    @property
    def clear(self) -> bool:
        """Whether a direction may be named: the interval excludes zero, whatever awaited results turn out."""
        return self.excludes_zero and self.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure of the assessment; proportions are 0–1, unrounded.

    A finding that is not ``stated`` has no estimate and gives its reason in both languages.
    """

    key: str
    label: Text
    status: Status
    basis: Literal["census", "sample", "model"]
    unit: str
    n: int | None = None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence: float | None = None
    method: str | None = None
    reason: Text | None = None
    changes: tuple[Change, ...] = ()
    table: str | None = None
    sources: tuple[str, ...] = ()
    release: Release = "final"

    def __post_init__(self) -> None:
        if self.status == "stated" and self.estimate is None:
            raise ValueError(f"finding {self.key} is stated without an estimate")
        if self.status != "stated" and (self.reason is None or self.estimate is not None):
            raise ValueError(f"finding {self.key} is {self.status}: it needs a reason and no estimate")

    def as_dict(self) -> dict[str, Any]:
        """Plain form for ``findings.json``: ``change`` is the first change, ``changes`` all of them."""
        plain = asdict(self)
        plain["changes"] = [dict(change) for change in plain["changes"]]
        plain["change"] = plain["changes"][0] if plain["changes"] else None
        plain["sources"] = list(self.sources)
        return plain


def join_label(*parts: Text) -> Text:
    """Label of a finding from its parts, from the general to the particular."""
    return {
        "zh": "：".join(part["zh"] for part in parts),
        "en": ", ".join(part["en"] for part in parts),
    }
