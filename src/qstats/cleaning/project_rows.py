"""Which rows of registers speak of one project? By number; where a number serves twice, also by name.

A row tells of one or more acceptances (`Round`). A pass ends the acceptance of a project, so that another
name under the same number after a pass is another project.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from qstats.cleaning.records import plain_name

Row = dict[str, Any]
Sign = tuple[str, str | None, date | None, date | None]
"""What tells the rows of one number apart: name, county, day of the pass, last day."""

_PARTS = re.compile(r"[0-9]+|[一二三四五六七八九十]+(?=[期号座区标栋幢])|[A-Z](?=[座区栋幢])")
"""What numbers the buildings and stages of one estate in their names."""

MOST_COMPARED = 20
ALIKE = 0.5
"""Names of one number that are less alike than this belong to two projects."""


@dataclass(frozen=True)
class Round:
    """One acceptance as a row tells of it; ``again`` where another one must have failed before it."""

    day: date | None
    outcome: str | None
    first: bool = False
    later: bool = False
    again: bool = False


def group_rows(rows: Sequence[Row], issues: list[Row]) -> dict[str, list[Row]]:
    """Rows by project: by number, where a number stands for two projects also by name."""
    by_number: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_number[row["project_id"]].append(row)
    groups: dict[str, list[Row]] = {}
    for number, together in by_number.items():
        for at, part in enumerate(_split(together)):
            project_id = _id_of_part(number, at, part, groups)
            groups[project_id] = part
            if at:
                issues.append(row_issue(part[0], "project.number_reused", "project_no", number, project_id))
    return _link_names(groups)


def _split(rows: list[Row]) -> list[list[Row]]:
    """Rows of one number, apart where they speak of two projects."""
    if len(rows) == 1:
        return [rows]
    parts: list[list[Row]] = []
    signs: list[dict[Sign, None]] = []
    for row in rows:
        sign = _sign_of(row)
        fitting = (at for at, known in enumerate(signs) if sign in known or not _strange(sign, known))
        at = next(fitting, len(parts))
        if at == len(parts):
            parts.append([])
            signs.append({})
        parts[at].append(row)
        signs[at][sign] = None
    return parts


def _sign_of(row: Row) -> Sign:
    rounds = rounds_of(row)
    passed = min((one.day for one in rounds if one.day and one.outcome == "pass"), default=None)
    last = max((one.day for one in rounds if one.day), default=None)
    return plain_name(row["project_name"] or ""), row["county_code"], passed, last


def _strange(sign: Sign, known: Iterable[Sign]) -> bool:
    return any(_differ(sign, one) for one in islice(known, MOST_COMPARED))


def _differ(one: Sign, other: Sign) -> bool:
    """Whether two rows of different names are of two projects.

    They are if counties, buildings or stages differ, or one goes on after the other has passed: a pass ends
    the acceptance of a project.
    """
    (name, county, passed, last), (other_name, other_county, other_passed, other_last) = one, other
    if not name or not other_name or name == other_name:
        return False
    parts, other_parts = _PARTS.findall(name), _PARTS.findall(other_name)
    if (county and other_county and county != other_county) or (
        parts and other_parts and parts != other_parts
    ):
        return True
    ended = (passed and other_last and other_last > passed) or (other_passed and last and last > other_passed)
    return bool(ended) or SequenceMatcher(None, name, other_name).ratio() < ALIKE


def _id_of_part(number: str, at: int, part: Sequence[Row], known: Iterable[str]) -> str:
    if not at:
        return number
    county = next((row["county_code"] for row in part if row["county_code"]), None)
    wanted = f"{number}@{county or at + 1}"
    return wanted if wanted not in known else f"{wanted}-{at + 1}"


def _link_names(groups: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows without a number join the one project of that name: a numbered one, else one of a known county."""
    named: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for project_id, rows in groups.items():
        numbered = rows[0]["numbered"]
        for name in {plain_name(row["project_name"]) for row in rows if row["project_name"]}:
            if numbered or rows[0]["county_code"]:
                named[name, numbered].append(project_id)
    linked: dict[str, list[Row]] = {}
    for project_id, rows in groups.items():
        home = project_id
        if not rows[0]["numbered"]:
            name = plain_name(rows[0]["project_name"])
            for fitting in (
                [one for one in named[name, True] if _same_county(rows[0], groups[one])],
                named[name, False] if rows[0]["county_code"] is None else [],
            ):
                if home == project_id and len(fitting) == 1:
                    home = fitting[0]
        linked.setdefault(home, []).extend(rows)
    return {one: sorted(rows, key=lambda row: row["_row"]) for one, rows in linked.items()}


def _same_county(row: Row, others: Sequence[Row]) -> bool:
    counties = {one["county_code"] for one in others} - {None}
    return row["county_code"] is None or not counties or row["county_code"] in counties


def rounds_of(row: Row) -> list[Round]:
    """Rounds that a row tells of, the first one first."""
    rounds = []
    if row["first_accepted_on"] or row["first_outcome"]:
        rounds.append(Round(row["first_accepted_on"], row["first_outcome"], first=True))
    if row["accepted_on"] or row["outcome"]:
        later = row["later"] or (bool(rounds) and row["accepted_on"] != row["first_accepted_on"])
        rounds.append(Round(row["accepted_on"], row["outcome"], later=later, again=row["later"]))
    final = row["final_accepted_on"]
    if final and row["first_outcome"] != "pass" and (final, "pass") not in map(key_of, rounds):
        rounds.append(Round(final, "pass", later=True))
    return rounds or [Round(None, None)]


def key_of(one: Round) -> tuple[date | None, str | None]:
    """What makes two rounds one."""
    return one.day, one.outcome


def row_issue(row: Row, rule: str, name: str, old: str | None, new: str | None) -> Row:
    """Issue of a raw row as settling reports it."""
    return {
        "source_id": row["source_id"], "source_row": row["source_row"], "rule": rule, "field": name,
        "old_value": old, "new_value": new,
    }  # fmt: skip
