"""Measures how well Passerelle answers: questions, metrics, and tables that compare systems."""
