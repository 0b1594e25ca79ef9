"""The demonstration city: a synthetic Liaocheng with known truth and the files of its suppliers."""

from pathlib import Path

from qstats.synthetic.assessment.write import write_assessment
from qstats.synthetic.construction.write import write_construction
from qstats.synthetic.enterprise_records.write import write_enterprise_records
from qstats.synthetic.registers.write import write_registers
from qstats.synthetic.returns.write import write_returns
from qstats.synthetic.survey.files import write_survey
from qstats.synthetic.write import CUTOFF, DEFAULT_SEED, Truth, write_city

_BESIDE_INSPECTIONS = (
    write_survey,
    write_construction,
    write_registers,
    write_returns,
    write_assessment,
    write_enterprise_records,
)
"""Writers of the other streams, in order: each adds its files, and its rows to the delivery record."""


def write_everything(folder: Path, truth: Path, *, seed: int = DEFAULT_SEED, size: str = "demo") -> None:
    """Write the files of all suppliers of the city to ``folder``, and what is true to ``truth``.

    Parameters
    ----------
    folder, truth : Path
        Raw folder of the run; folder of the truth, which no run reads.
    seed : int
    size : str
        ``tiny``, ``demo``, ``large`` or a number of batches.
    """
    write_city(folder, truth=truth, seed=seed, size=int(size) if size.isdecimal() else size)
    for write in _BESIDE_INSPECTIONS:
        write(folder, truth, seed=seed, size=size)


__all__ = [
    "CUTOFF",
    "DEFAULT_SEED",
    "Truth",
    "write_assessment",
    "write_city",
    "write_construction",
    "write_enterprise_records",
    "write_everything",
    "write_registers",
    "write_returns",
    "write_survey",
]
