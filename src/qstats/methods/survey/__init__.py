"""What does a sample say about its population, and how sure is it?

Estimates from stratified, clustered, weighted samples with variances by Taylor linearisation.
"""
