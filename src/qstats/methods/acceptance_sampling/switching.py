"""Normal or tightened inspection for the next lot, or none at all?

Two rejected lots among five or fewer in a row tighten the inspection, five accepted in a row restore it. On
tightened inspection that does not come back, acceptance by sampling stops until the supplier has mended his
process; it resumes on tightened inspection, by decision and not by rule. Reduced inspection is not included:
its rules changed between the editions of the standards.

Only first inspections count; lots that are presented again do not.

References
----------
MIL-STD-105E (1989); the limit that stops acceptance differs between editions, see :data:`MIL_STD_105E` and
:data:`ISO_2859_1`.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SwitchingRules:
    """When inspection switches.

    Attributes
    ----------
    name : str
    rejected, among : int
        So many rejected lots among so many consecutive ones on normal inspection tighten it.
    accepted : int
        So many accepted lots in a row on tightened inspection restore the normal one.
    lots_to_stop : int, optional
        Acceptance stops when so many lots in a row remain on tightened inspection.
    rejected_to_stop : int, optional
        Acceptance stops when so many lots in all are rejected while inspection is tightened.
    """

    name: str
    rejected: int = 2
    among: int = 5
    accepted: int = 5
    lots_to_stop: int | None = None
    rejected_to_stop: int | None = None


MIL_STD_105E = SwitchingRules("MIL-STD-105E", lots_to_stop=10)
"""Ten lots in a row on tightened inspection stop acceptance, as in the older editions."""

ISO_2859_1 = SwitchingRules("ISO 2859-1:1999", rejected_to_stop=5)
"""Five lots rejected on tightened inspection stop acceptance; GB/T 2828.1 follows this standard."""


@dataclass(frozen=True, slots=True)
class JudgedLot:
    """One lot in the sequence.

    Attributes
    ----------
    lot : int
        Place in the sequence, from 1.
    inspection : str
        Inspection that the lot was under: ``normal``, ``tightened`` or ``discontinued``.
    accepted : bool
    switch : str
        State that the next lot finds, where this lot changed it; else empty.
    why : str
        ``rejected_among``, ``accepted_in_row``, ``lots_to_stop`` or ``rejected_to_stop``; else empty.
    """

    lot: int
    inspection: str
    accepted: bool
    switch: str = ""
    why: str = ""


def follow_switching(
    accepted: Sequence[bool], rules: SwitchingRules = MIL_STD_105E, *, start: str = "normal"
) -> tuple[JudgedLot, ...]:
    """Inspection of each lot of a sequence, with the record of each switch.

    Parameters
    ----------
    accepted : sequence of bool
        Result of each lot at its first inspection, in order.
    rules : SwitchingRules
    start : str
        ``normal``, or ``tightened`` when acceptance resumes after it was stopped.

    Returns
    -------
    tuple of JudgedLot
        Lots after a stop carry ``discontinued``: their results cannot accept them.

    Raises
    ------
    ValueError
        Unknown state to start from.
    """
    if start not in ("normal", "tightened"):
        raise ValueError(f"inspection starts normal or tightened, not {start!r}")
    judged: list[JudgedLot] = []
    state, since = start, []
    for number, passed in enumerate(accepted, start=1):
        since.append(bool(passed))
        switch, why = _next_state(state, since, rules)
        judged.append(JudgedLot(number, state, bool(passed), switch, why))
        if switch:
            state, since = switch, []
    return tuple(judged)


def _next_state(state: str, since: list[bool], rules: SwitchingRules) -> tuple[str, str]:
    """New state and its reason, both empty where nothing changes; ``since`` begins at the last switch."""
    if state == "normal" and since[-rules.among :].count(False) >= rules.rejected:
        return "tightened", "rejected_among"
    if state != "tightened":
        return "", ""
    if len(since) >= rules.accepted and all(since[-rules.accepted :]):
        return "normal", "accepted_in_row"
    if rules.rejected_to_stop is not None and since.count(False) >= rules.rejected_to_stop:
        return "discontinued", "rejected_to_stop"
    if rules.lots_to_stop is not None and len(since) >= rules.lots_to_stop:
        return "discontinued", "lots_to_stop"
    return "", ""
