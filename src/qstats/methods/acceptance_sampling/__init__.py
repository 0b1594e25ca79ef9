"""Which lots does a sampling plan accept, and what do so many batches prove?

Plans by attributes (single, double, multiple) and by variables with their operating characteristics, the
search for a plan from two risks, rectifying inspection, demonstration of a rate, judgement of a declared
level, the change that two periods would show, and switching between normal and tightened inspection.
"""

from qstats.methods.acceptance_sampling.comparison import comparison_power, smallest_detectable
from qstats.methods.acceptance_sampling.declared_level import (
    contradiction_p_value,
    detected_level,
    tolerated_failures,
)
from qstats.methods.acceptance_sampling.demonstration import demonstrated_rate, demonstration_size
from qstats.methods.acceptance_sampling.laws import Law
from qstats.methods.acceptance_sampling.plans import AttributesPlan, Characteristic, characterise
from qstats.methods.acceptance_sampling.rectifying import (
    outgoing_quality,
    outgoing_quality_limit,
    total_inspection,
)
from qstats.methods.acceptance_sampling.search import find_single_plan
from qstats.methods.acceptance_sampling.switching import (
    ISO_2859_1,
    MIL_STD_105E,
    JudgedLot,
    SwitchingRules,
    follow_switching,
)
from qstats.methods.acceptance_sampling.variables import (
    VariablesPlan,
    accept_by_variables,
    find_variables_plan,
)

__all__ = [
    "ISO_2859_1",
    "MIL_STD_105E",
    "AttributesPlan",
    "Characteristic",
    "JudgedLot",
    "Law",
    "SwitchingRules",
    "VariablesPlan",
    "accept_by_variables",
    "characterise",
    "comparison_power",
    "contradiction_p_value",
    "demonstrated_rate",
    "demonstration_size",
    "detected_level",
    "find_single_plan",
    "find_variables_plan",
    "follow_switching",
    "outgoing_quality",
    "outgoing_quality_limit",
    "smallest_detectable",
    "tolerated_failures",
    "total_inspection",
]
