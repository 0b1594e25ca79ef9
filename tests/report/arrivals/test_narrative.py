"""Sentences on the data received."""

from qstats.report import arrivals


def test_years_with_none_or_next_to_none_break_a_trend():
    sentence = arrivals.describe_gaps([2018], [2017, 2019])
    assert (
        sentence["zh"]
        == "2018年没有收到任何批次，2017、2019年收到的批次不足最多年份的5%，前后数字不能连成趋势。"
    )
    assert sentence["en"].startswith("No batch was received for 2018; next to none")
    assert "没有整年缺失" in arrivals.describe_gaps([], [])["zh"]
