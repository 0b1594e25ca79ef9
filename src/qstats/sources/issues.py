"""What did reading a file have to change or leave out? Issue rows as cleaning writes them."""

from dataclasses import dataclass, field
from typing import Any

LONGEST_VALUE = 200


@dataclass
class ReadingIssues:
    """Issues of one reading of a file; cosmetic ones are counted by rule, field and value."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    _counted: dict[tuple[str, str | None, str | None], dict[str, Any]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything, before the file is read again."""
        self.rows.clear()
        self._counted.clear()

    def add(
        self, row: int, rule: str, action: str, *, name: str | None = None, old: str | None = None
    ) -> None:
        """Record one case; row 0 is the file as a whole."""
        self.rows.append(_issue(row, rule, action, name, old, None))

    def count(self, row: int, rule: str, action: str, *, name: str, new: str) -> None:
        """Record one more case of a cosmetic change, shown with its first row."""
        issue = self._counted.get((rule, name, new))
        if issue is None:
            issue = _issue(row, rule, action, name, None, new, cases=0)
            self._counted[rule, name, new] = issue
            self.rows.append(issue)
        issue["cases"] += 1


def _issue(
    row: int,
    rule: str,
    action: str,
    name: str | None,
    old: str | None,
    new: str | None,
    cases: int = 1,
) -> dict[str, Any]:
    return {
        "source_row": row,
        "rule": rule,
        "field": name,
        "old_value": old[:LONGEST_VALUE] if old is not None else None,
        "new_value": new[:LONGEST_VALUE] if new is not None else None,
        "action": action,
        "cases": cases,
    }
