"""Late interaction: token vectors, kept in two bits a dimension, and MaxSim over them.

The token vectors of a question and the rows of candidates come in; the scores of each passage and
of each of its sentences go out.
"""
