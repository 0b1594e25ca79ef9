"""The demonstration city: a labelled synthetic Liaocheng with known truth and the files its suppliers send."""

from qstats.synthetic.write import CUTOFF, DEFAULT_SEED, Truth, write_city

__all__ = ["CUTOFF", "DEFAULT_SEED", "Truth", "write_city"]
