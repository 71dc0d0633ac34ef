"""Wherever an upload or a watch is killed, all of the old index is there or all of the new one.

``PASSERELLE_INSTANTS`` is at how many instants each is killed; the default is for every day.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

INSTANTS = int(os.environ.get("PASSERELLE_INSTANTS", "3"))


def test_uploads_and_watches_that_are_killed_leave_all_old_or_all_new(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.coming_and_going", str(tmp_path), str(INSTANTS)],
        env={**os.environ, "OMP_NUM_THREADS": "1", "QA_KEEP": "2", "LC_ALL": "C.UTF-8"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for kind in ("upload", "watch"):
        assert found[f"{kind} old"] + found.get(f"{kind} new", 0) == INSTANTS
