"""Reads a question and a passage together: does the passage answer, and where.

Questions and windows of passages come in; a score, and the span that answers, go out
(``reader.Reading``). Run by ONNX Runtime without torch, beside the query encoder.
"""
