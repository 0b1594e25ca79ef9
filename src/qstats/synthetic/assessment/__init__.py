"""Incidents, evidence and appeals of the synthetic city's counties."""
