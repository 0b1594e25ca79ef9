"""The demonstration city: a synthetic Liaocheng with known truth and the files of its suppliers."""

from qstats.synthetic.survey_files import write_survey
from qstats.synthetic.write import CUTOFF, DEFAULT_SEED, Truth, write_city
from qstats.synthetic.write_construction import write_construction

__all__ = ["CUTOFF", "DEFAULT_SEED", "Truth", "write_city", "write_construction", "write_survey"]
