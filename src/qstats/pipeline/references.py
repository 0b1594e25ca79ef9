"""Can all that a run reads from ``data/reference`` be used? Asked before the cleaning, not after it."""

from collections.abc import Callable

from qstats.codebook import read_vocabulary
from qstats.credit_registry import read_credit_scheme
from qstats.index_registry import INDICES, read_bands, read_index
from qstats.params import Params
from qstats.questionnaires import find_questionnaire
from qstats.scheme_registry import read_scheme
from qstats.sources.layouts import layouts_of_questionnaires, read_layouts
from qstats.target_registry import read_targets


def check_references(params: Params) -> None:
    """Read every scheme, index, questionnaire, layout, word and target of a run.

    Raises
    ------
    QstatsError
        The first that is not there or wrong, with file, place and what to do.
    """
    named: list[tuple[Callable[[str], object], list[str]]] = [
        (read_scheme, [params.county_assessment.assessment_scheme]),
        (read_credit_scheme, params.credit.credit_schemes),
        (read_index, list(INDICES)),
        (read_bands, [params.competitiveness.band_scheme]),
    ]
    for read, names in named:
        for name in names:
            read(name)
    find_questionnaire(params.satisfaction.questionnaire)
    for read_all in (read_layouts, layouts_of_questionnaires, read_vocabulary, read_targets):
        read_all()
