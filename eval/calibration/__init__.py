"""``python -m eval.calibration``: fits the confidence to questions whose answer is known.

Questions come in, of data sets and of folders of documents; weights and thresholds go out.
"""
