"""Which rules are there, and what does each do to a row?

The one list of rule ids. Rules that change meaning write one issue row per case; cosmetic ones are counted
per distinct change.
"""

from dataclasses import dataclass
from typing import Literal

Action = Literal["blanked", "dropped", "changed", "flagged", "merged"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A cleaning rule: its id, what it does, and whether it is cosmetic."""

    id: str
    action: Action
    cosmetic: bool = False


_ACTIONS: dict[Action, str] = {
    "dropped": "file.refused file.other_stream row.too_many_fields row.blank* row.total row.header_repeated "
    "row.note row.not_an_inspection* row.not_a_record* row.no_identity respondent.no_answers "
    "measurement.nothing_measured series.period_unreadable series.not_over series.no_value "
    "series.value_unreadable series.unit_unknown series.unit_contradicts series.impossible "
    "series.measure_contradicts register.unknown return.year_unreadable record.kind_unknown "
    "correction.dropped",
    "blanked": "cell.too_long cell.error* text.placeholder* place.unknown code.check_digit code.form "
    "date.impossible outcome.unknown programme.unknown level.unknown stage.unknown size.unknown "
    "number.unreadable category.unknown answer.dont_know* answer.refused* answer.out_of_range "
    "dwelling.counts_contradict dwelling.sentence_unreadable measurement.impossible "
    "complaint.closed_before_opened series.counts_contradict register.grade_unknown "
    "register.expired_before_award register.withdrawn_before_award return.part_exceeds_whole "
    "record.ended_before_recorded return.unit_shift",
    "changed": "cell.merged* text.whitespace* text.width* place.recoded place.from_address enterprise.name* "
    "date.remark date.serial* outcome.vocabulary* outcome.first_and_final item.split* item.limit_in_name* "
    "item.unit_in_result* item.two_results number.unit* dwelling.sentence_read* "
    "project.route_from_outcome* series.turned series.value_computed register.day_not_stated* "
    "register.term_read* register.grade_inferred* correction.applied",
    "flagged": "file.duplicate file.sheet_ignored file.column_ignored text.formula text.markup "
    "place.conflict enterprise.missing date.order date.missing outcome.missing outcome.pass_with_failed_item "
    "outcome.fail_without_item item.result_unreadable count.parts product_class.unknown* batch.conflict "
    "respondent.straight_line respondent.speeder project.route_contradicts project.score_identity "
    "project.conflict project.number_reused dwelling.counts_missing measurement.conflict "
    "complaint.conflict complaint.number_reused "
    "measurement.spread_contradicts series.mixed series.overlap series.conflict series.scale "
    "series.value_contradicts register.award_to_come register.ended_without_day register.status_contradicts "
    "register.conflict register.awarded_again_soon",
    "merged": "batch.duplicate_row batch.overlap batch.rows_merged respondent.duplicate project.duplicate "
    "project.rounds_merged dwelling.duplicate dwelling.superseded measurement.duplicate complaint.duplicate "
    "complaint.marked_duplicate series.duplicate register.duplicate return.duplicate return.superseded "
    "record.duplicate",
}

RULES: dict[str, Rule] = {
    word.rstrip("*"): Rule(word.rstrip("*"), action, word.endswith("*"))
    for action, words in _ACTIONS.items()
    for word in words.split()
}

COSMETIC: list[str] = [rule.id for rule in RULES.values() if rule.cosmetic]
"""Rules that do not change meaning."""
