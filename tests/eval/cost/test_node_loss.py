"""A node of a cluster is killed while it builds an index, and nothing is lost or repeated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval.cost.ray_nodes import why_impossible
from index.model.source import ModelSource

PASSAGES = 96


def test_a_killed_node_loses_nothing_and_repeats_nothing(
    default_model: ModelSource, tmp_path: Path
) -> None:
    reason = why_impossible()
    if reason is not None:
        pytest.skip(f"no namespace can be made here ({reason}): no node was killed")
    for number in range(PASSAGES):
        text = f"Le chat numéro {number} dort près du roi, et la mer est calme.\n" * 6
        (tmp_path / f"{number:03}.txt").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "eval.cost.node_loss", str(tmp_path)],
        capture_output=True, text=True, cwd=Path(__file__).parents[3],
        env={**os.environ, "QA_CACHE": str(Path(default_model.location).parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])  # Ray says there too that a node is gone
    assert found["cluster"] == found["alone"]
    assert (found["same_bytes"], found["passages"], found["unique"]) == (True, PASSAGES, PASSAGES)
    # When half was encoded of the passages and of their titles, which are encoded alone, too.
    assert PASSAGES <= found["killed_at"] < 2 * PASSAGES
