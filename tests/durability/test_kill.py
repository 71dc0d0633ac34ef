"""Wherever ``qa index`` is killed, all of the old index is there or all of the new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.durability.killing import RANDOM, WRITING

SEED = 20


def test_an_update_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.killing", str(tmp_path), str(SEED)],
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "QA_KEEP": "2"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    old = {kind: found.get(f"{kind} old", 0) for kind in ("random", "writing", "operation")}
    new = {kind: found.get(f"{kind} new", 0) for kind in old}
    assert old["random"] + new["random"] == RANDOM
    assert old["writing"] + new["writing"] == WRITING
    assert old["operation"] > 30  # before the swap
    assert new["operation"] > 5  # after it: what is no longer kept is removed
    assert min(sum(old.values()), sum(new.values())) > 10
