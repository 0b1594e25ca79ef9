"""What stands small in the cell of a table? The course of a figure towards its level, and the mark of a status.

A few shapes each, without text, so that they are the same in every language. A mark differs from the others in
its shape, not in its colour alone: it survives a black-and-white print.
"""

from collections.abc import Sequence

from qstats.report.figures.style import BLUE, GREEN, GREY, MEANING, ORANGE, RED

SPARK_WIDTH, SPARK_HEIGHT, MARGIN = 72, 22, 4
MARK_SIZE = 12


def draw_sparkline(values: Sequence[float], level: float | None = None) -> str:
    """A line through values in their order, a dot at the newest, the level dashed; empty without values.

    Parameters
    ----------
    values : sequence of float
        Finite, evenly spaced.
    level : float, optional
    """
    if not len(values):
        return ""
    seen = [*values, *([] if level is None else [level])]
    low, high = min(seen), max(seen)
    places = [(_across(at, len(values)), _up(value, low, high)) for at, value in enumerate(values)]
    parts = []
    if level is not None:
        y = _number(_up(level, low, high))
        parts.append(
            f'<line x1="0" x2="{SPARK_WIDTH}" y1="{y}" y2="{y}" stroke="{MEANING["target"]}" '
            'stroke-width="1" stroke-dasharray="3 2"/>'
        )
    if len(places) > 1:
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in places)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>')
    x, y = (_number(part) for part in places[-1])
    parts.append(f'<circle cx="{x}" cy="{y}" r="2.4" fill="{BLUE}"/>')
    return _svg(SPARK_WIDTH, SPARK_HEIGHT, "".join(parts))


def draw_mark(status: str) -> str:
    """The mark of a status; an unknown one is a `KeyError`."""
    return _svg(MARK_SIZE, MARK_SIZE, _MARKS[status])


def _across(at: int, count: int) -> float:
    inner = SPARK_WIDTH - 2 * MARGIN
    return MARGIN + inner * (at / (count - 1) if count > 1 else 1.0)


def _up(value: float, low: float, high: float) -> float:
    inner = SPARK_HEIGHT - 2 * MARGIN
    return MARGIN + inner * (1 - (value - low) / (high - low) if high > low else 0.5)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _svg(width: int, height: int, parts: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{parts}</svg>'
    )


def _hollow(parts: str = "") -> str:
    return f'<circle cx="6" cy="6" r="5" fill="none" stroke="{GREY}" stroke-width="1.3"/>{parts}'


_WHITE = 'fill="none" stroke="#ffffff" stroke-width="1.6"'
_MARKS = {
    "met": f'<circle cx="6" cy="6" r="6" fill="{GREEN}"/><path d="M3 6.2 L5.3 8.5 L9.2 3.8" {_WHITE}/>',
    "on_course": f'<path d="M6 0.5 L11.8 11 L0.2 11 Z" fill="{GREEN}"/>',
    "at_risk": f'<circle cx="6" cy="6" r="5.2" fill="none" stroke="{ORANGE}" stroke-width="1.5"/>'
    f'<path d="M6 1 A5 5 0 0 1 6 11 Z" fill="{ORANGE}"/>',
    "off_course": f'<path d="M6 11.5 L11.8 1 L0.2 1 Z" fill="{RED}"/>',
    "missed": f'<rect width="12" height="12" fill="{RED}"/><path d="M3 3 L9 9 M9 3 L3 9" {_WHITE}/>',
    "cannot_be_stated": _hollow(f'<path d="M3.5 6 L8.5 6" stroke="{GREY}" stroke-width="1.5"/>'),
    "refused": f'<rect x="1" y="1" width="10" height="10" fill="none" stroke="{GREY}" stroke-width="1.3"/>'
    f'<path d="M2 10 L10 2" stroke="{GREY}" stroke-width="1.3"/>',
    "no_data": _hollow(),
}
