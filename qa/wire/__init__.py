"""Answers and errors as they travel: JSON models, problems (RFC 9457), and a client.

An ``Answer`` or an error comes in; the same bytes go out over HTTP, in ``qa ask --json`` and over
MCP.
"""
