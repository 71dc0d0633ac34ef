"""What is searched: vectors, words, and the generations that hold them on disk."""

import os

# ONNX Runtime from 1.29 on reports each use to its maker unless told not to before it is loaded.
# Documents and questions are the business of those who hold them: nothing leaves this machine.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
