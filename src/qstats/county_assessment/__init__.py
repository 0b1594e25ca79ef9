"""How do the counties stand in the assessment of quality work (质量工作考核), and how sure is each grade?

Points follow from what is measured and from what assessors entered, by a scheme that is data; every point
leads back to rows. Sampling errors of what is measured and the limits of the bands are carried through to
the grade.
"""

from qstats.county_assessment.events import count_deductions, find_vetoes
from qstats.county_assessment.evidence import Entered, settle_evidence
from qstats.county_assessment.formulas import points_of
from qstats.county_assessment.scorecards import INCIDENT_FILE, SCORES, Scorecards, score_counties
from qstats.county_assessment.totals import total_counties

__all__ = [
    "INCIDENT_FILE",
    "SCORES",
    "Entered",
    "Scorecards",
    "count_deductions",
    "find_vetoes",
    "points_of",
    "score_counties",
    "settle_evidence",
    "total_counties",
]
