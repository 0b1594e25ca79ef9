"""The demonstration city: a synthetic Liaocheng with known truth and the files of its suppliers."""

from qstats.synthetic.construction.write import write_construction
from qstats.synthetic.registers.write import write_registers
from qstats.synthetic.survey.files import write_survey
from qstats.synthetic.write import CUTOFF, DEFAULT_SEED, Truth, write_city

__all__ = [
    "CUTOFF",
    "DEFAULT_SEED",
    "Truth",
    "write_city",
    "write_construction",
    "write_registers",
    "write_survey",
]
