"""Formulas on arrays: numpy and scipy only; no column names, no Chinese, no periods."""
