"""From supplier rows to clean tables: every rule has an id, every change is counted."""
