"""Yearly quality returns of the synthetic city's enterprises, with known truth."""
