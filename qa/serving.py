"""``qa serve``: the HTTP service on a port."""

from __future__ import annotations

import argparse

from qa.errors import InvalidSetting
from qa.indexing import ready_service
from qa.settings import Settings


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted; return 0.

    Raises:
        InvalidSetting: the port is none.
    """
    import uvicorn  # only a server needs a server

    from qa.http import create_app

    if not 0 <= options.port <= 65535:
        raise InvalidSetting(f"--port {options.port}: a port is a number from 0 to 65535")
    app = create_app(ready_service(settings))
    # No access log: its lines would hold the questions that were asked with GET.
    uvicorn.run(app, host=options.host, port=options.port, server_header=False, access_log=False)
    return 0
