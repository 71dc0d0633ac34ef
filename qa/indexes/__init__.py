"""From the settings to an index: opened, built, followed while it is replaced.

``Settings`` and paths come in; a ``QAService`` or a new generation goes out. ``stores`` chooses
between the folder and PostgreSQL.
"""
