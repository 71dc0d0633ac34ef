"""Settings come from the environment, once, and impossible ones are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import InvalidSetting
from qa.settings import Settings


def test_defaults_follow_the_xdg_folders() -> None:
    settings = Settings.from_environment({"XDG_DATA_HOME": "/data", "XDG_CACHE_HOME": "/cache"})
    assert settings.index == Path("/data/passerelle/index")
    assert settings.cache == Path("/cache/passerelle/models")
    assert (settings.model, settings.threads, settings.threshold) == (None, 1, 0.25)
    assert (settings.queue, settings.batch, settings.remembered) == (256, 16, 1024)
    assert Settings.from_environment({}).index == Path.home() / ".local/share/passerelle/index"


def test_everything_can_be_set() -> None:
    settings = Settings.from_environment(
        {"QA_INDEX": "~/i", "QA_CACHE": "c", "QA_MODEL": "m", "QA_THREADS": "2",
         "QA_THRESHOLD": "0.9", "QA_RERANKER": "r", "QA_QUEUE": "100", "QA_BATCH": "1",
         "QA_REMEMBERED": "0", "QA_KEEP": "3"}
    )  # fmt: skip
    assert settings == Settings(Path.home() / "i", Path("c"), "m", "r", 2, 0.9, 100, 1, 0, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QA_THREADS", "0"), ("QA_THREADS", "1.5"), ("QA_THREADS", "x"),
        ("QA_THRESHOLD", "1.1"), ("QA_THRESHOLD", "nan"), ("QA_THRESHOLD", "high"),
        ("QA_QUEUE", "99"), ("QA_BATCH", "0"), ("QA_BATCH", "101"), ("QA_REMEMBERED", "-1"),
        ("QA_KEEP", "0"),
    ],
)  # fmt: skip
def test_impossible_values_are_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=f"{name}='{value}'"):
        Settings.from_environment({name: value})
