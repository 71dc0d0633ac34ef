"""Measures what Passerelle costs: seconds, megabytes, answers a second, by size and under load.

Data sets come in; figures go out, with the naive service's beside them. Each command is a module.
"""
