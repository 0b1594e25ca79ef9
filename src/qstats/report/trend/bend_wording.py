"""In which words is a course told that bends? What each half of it did, and when it turned."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qstats.codebook import Text
from qstats.periods import Period


def say_bend(row: Mapping[str, Any]) -> Text:
    """What a course that bends did, without its subject; a turn is named only where both halves show it."""
    if not row["bend"]:
        return {"zh": "不是一条直线", "en": "does not follow a straight line"}
    early, late = str(row["bend"]).split("_")
    first, then = _DID[early], _DID[late]
    if np.isfinite(row["turn"]):
        when = _turn_label(row)
        return {
            "zh": f"约{when['zh']}以前{first['zh']}，此后{then['zh']}",
            "en": f"{first['en']} until about {when['en']} and {_SINCE[late]} since",
        }
    return {
        "zh": f"前半段{first['zh']}，后半段{then['zh']}",
        "en": f"{first['en']} in the first half and {then['en']} in the second",
    }


_DID: dict[str, Text] = {
    "up": {"zh": "上升", "en": "rose"},
    "down": {"zh": "下降", "en": "fell"},
    "level": {"zh": "无明显变化", "en": "did not clearly change"},
}


_SINCE = {"up": "has risen", "down": "has fallen", "level": "has not clearly changed"}


def _turn_label(row: Mapping[str, Any]) -> Text:
    """Quarter of the turn; the year of a yearly series."""
    year = int(row["turn"])
    yearly = row["years"] / row["periods"] > 0.6
    return Period(year, "", 1).label if yearly else Period(year, "Q", int(4 * (row["turn"] - year)) + 1).label
