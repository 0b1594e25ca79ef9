"""What nine departments have on record of the synthetic city's enterprises, and how they write it."""
