"""From a question to ranked passages, checked citations and a confidence.

A ``AskRequest`` comes in; an ``Answer`` goes out. Nothing here knows of HTTP, terminals or files.
"""
