"""Processes that serve: ``qa serve`` over HTTP, alone or several, and ``qa mcp`` for agents.

Options of the command line come in; a running server goes out. What is answered is the business
of ``qa.http``.
"""
