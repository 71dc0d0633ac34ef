"""Settings come from the environment, once, and impossible ones are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import InvalidSetting
from qa.settings import Calibration, Quota, Settings


def test_defaults_follow_the_xdg_folders() -> None:
    settings = Settings.from_environment({"XDG_DATA_HOME": "/data", "XDG_CACHE_HOME": "/cache"})
    assert settings.index == Path("/data/passerelle/index")
    assert settings.cache == Path("/cache/passerelle/models")
    assert (settings.model, settings.threads, settings.threshold) == (None, None, 0.2)
    assert (settings.queue, settings.batch, settings.remembered) == (256, 16, 1024)
    assert Settings.from_environment({}).index == Path.home() / ".local/share/passerelle/index"


def test_everything_can_be_set() -> None:
    settings = Settings.from_environment(
        {"QA_INDEX": "~/i", "QA_CACHE": "c", "QA_MODEL": "m", "QA_READ_MS": "9", "QA_THREADS": "2",
         "QA_THRESHOLD": "0.9", "QA_RERANKER": "r", "QA_QUEUE": "100", "QA_BATCH": "1",
         "QA_REMEMBERED": "0", "QA_KEEP": "3", "QA_FOUND": "0.95",
         "QA_CALIBRATION": "1.2,-0.3"}
    )  # fmt: skip
    assert settings == Settings(
        Path.home() / "i",
        Path("c"),
        "m",
        "r",
        9,
        2,
        0.9,
        0.95,
        Calibration(1.2, -0.3),
        100,
        1,
        0,
        3,
    )


def test_what_concerns_clients_can_be_set() -> None:
    settings = Settings.from_environment(
        {"QA_API_KEY": "0123456789abcdef, fedcba9876543210", "QA_HOSTS": "a.example,b.example",
         "QA_CORS_ORIGINS": "https://a.example", "QA_PROXIES": "10.0.0.1, 10.0.0.2",
         "QA_RATE": "90/hour", "QA_LOG_QUESTIONS": "1"}
    )  # fmt: skip
    assert settings.keys == ("0123456789abcdef", "fedcba9876543210")
    assert settings.hosts == ("a.example", "b.example")
    assert settings.origins == ("https://a.example",)
    assert settings.proxies == ("10.0.0.1", "10.0.0.2")
    assert (settings.rate, settings.log_questions) == (Quota(90, 3600), True)
    assert Settings.from_environment({"QA_RATE": "off"}).rate == Quota(0, 1)
    assert Settings.from_environment({"QA_LOG_QUESTIONS": "0"}).log_questions is False


@pytest.mark.parametrize("key", ["short", "a" * 15, "é" * 20, "with a space in it", "a,b"])
def test_a_key_that_cannot_be_used_is_not_repeated(key: str) -> None:
    with pytest.raises(InvalidSetting, match="QA_API_KEY") as raised:
        Settings.from_environment({"QA_API_KEY": key})
    assert key not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QA_THREADS", "0"), ("QA_THREADS", "1.5"), ("QA_THREADS", "x"),
        ("QA_CALIBRATION", "1.2"), ("QA_CALIBRATION", "0,1"), ("QA_CALIBRATION", "a,b"),
        ("QA_CALIBRATION", "1,nan"), ("QA_FOUND", "2"),
        ("QA_THRESHOLD", "1.1"), ("QA_THRESHOLD", "nan"), ("QA_THRESHOLD", "high"),
        ("QA_QUEUE", "99"), ("QA_BATCH", "0"), ("QA_BATCH", "101"), ("QA_REMEMBERED", "-1"),
        ("QA_KEEP", "0"),
        ("QA_RATE", "60"), ("QA_RATE", "0/minute"), ("QA_RATE", "1/day"), ("QA_RATE", "-1/minute"),
        ("QA_RATE", "²/minute"), ("QA_RATE", "9999999/second"), ("QA_RATE", "on"),
    ],
)  # fmt: skip
def test_impossible_values_are_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=f"{name}='{value}'"):
        Settings.from_environment({name: value})
