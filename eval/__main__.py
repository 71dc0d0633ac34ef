"""``python -m eval``: the offline evaluation."""

from __future__ import annotations

import sys

from eval.run import main

sys.exit(main())
