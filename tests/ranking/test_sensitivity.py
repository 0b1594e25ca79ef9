from qstats.ranking import METHODS, compare_methods, rank_counties


def test_each_method_says_how_much_it_tells_apart(rates, others):
    compared = compare_methods(rank_counties(rates, others, confidence=0.95), confidence=0.95).set_index(
        "method"
    )
    assert tuple(compared.index) == METHODS
    assert compared.loc["pairs_simultaneous", "told_apart"] == 3
    assert compared.loc["pairs_marginal", "told_apart"] >= 3
    assert compared.loc["joint_regions", "told_apart"] <= 3
    assert (compared["mean_width"] <= compared["widest"]).all()


def test_nothing_is_compared_where_nothing_is_ranked(rates, others):
    ranked = rank_counties(rates[rates["county_code"] == "c1"], others, confidence=0.95)
    assert compare_methods(ranked, confidence=0.95).empty
