"""Nobody elsewhere is told that a question was asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from qa.answer.service import QAService


def test_the_runtime_keeps_no_account_of_its_use(
    article_service: QAService, tmp_path: Path
) -> None:
    index = article_service.generation.encoder.parents[2]
    # On a build server the runtime would be silent of its own accord.
    hidden = ("CI", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    subprocess.run(
        [sys.executable, "-m", "qa.cli", "ask", "Qui est la présidente de Mila ?"], check=True,
        env={**environment, "HOME": str(tmp_path), "QA_INDEX": str(index)},
        cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert list(tmp_path.rglob("*")) == []
