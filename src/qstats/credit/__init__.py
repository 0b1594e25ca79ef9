"""Which grade of quality credit has each enterprise, what follows from it, and does it predict anything?"""

from qstats.credit.events import collect_events
from qstats.credit.grading import Graded, Stage, grade_enterprises, stage_of_publicity
from qstats.credit.prediction import Prediction, pool_grades, predict_failures
from qstats.credit.standing import GONE, NEW, count_grades, cross_years
from qstats.methods.discrimination import Area, ClusteredTrend

__all__ = [
    "GONE",
    "NEW",
    "Area",
    "ClusteredTrend",
    "Graded",
    "Prediction",
    "Stage",
    "collect_events",
    "count_grades",
    "cross_years",
    "grade_enterprises",
    "pool_grades",
    "predict_failures",
    "stage_of_publicity",
]
