"""The search index: how it is built, stored and searched.

``build`` makes a generation of documents, ``generations`` and ``postgres`` store it, and ``search``
ranks its passages for a question by the signals of ``dense``, ``late`` and ``lexical``.
"""

import os

# ONNX Runtime from 1.29 on reports its use to its maker, unless this is set before it is loaded.
# Nothing about documents and questions may leave this machine.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
