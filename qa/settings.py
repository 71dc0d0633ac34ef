"""The settings: read once from the environment, then passed along."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from qa.errors import InvalidSetting

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        index: the folder of the generations (``QA_INDEX``).
        cache: the folder of unpacked models (``QA_CACHE``).
        model: hub id or folder of the encoder, None for the default (``QA_MODEL``).
        reranker: hub id or folder of a cross-encoder for a second stage (``QA_RERANKER``).
        threads: how many threads one question's encoding may use (``QA_THREADS``).
        threshold: the confidence, in 0-1, from which a question counts as answered: at 0.25 an
            answer that is missed weighs as much as three that are wrong (``QA_THRESHOLD``).
        queue: how many questions may wait in a server process (``QA_QUEUE``).
        batch: how many of them are answered at a time (``QA_BATCH``).
        remembered: how many answers a server process keeps for when the same is asked again
            (``QA_REMEMBERED``).
        keep: how many generations of the index are kept, the current one included (``QA_KEEP``).
    """

    index: Path
    cache: Path
    model: str | None = None
    reranker: str | None = None
    threads: int = 1
    threshold: float = 0.25
    queue: int = 256
    batch: int = 16
    remembered: int = 1024
    keep: int = 2

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Raises:
            InvalidSetting: a variable has a value that cannot be used.
        """
        env = os.environ if environment is None else environment
        return cls(
            index=_folder(env, "QA_INDEX", "XDG_DATA_HOME", ".local/share", "index"),
            cache=_folder(env, "QA_CACHE", "XDG_CACHE_HOME", ".cache", "models"),
            model=env.get("QA_MODEL") or None,
            reranker=env.get("QA_RERANKER") or None,
            threads=_read(env, "QA_THREADS", 1, int, lambda n: 1 <= n <= 256, "from 1 to 256"),
            threshold=_read(env, "QA_THRESHOLD", 0.25, float, lambda p: 0 <= p <= 1, "from 0 to 1"),
            # A whole ``POST /ask/batch`` must find room.
            queue=_read(env, "QA_QUEUE", 256, int, lambda n: n >= 100, "of at least 100"),
            batch=_read(env, "QA_BATCH", 16, int, lambda n: 1 <= n <= 100, "from 1 to 100"),
            remembered=_read(env, "QA_REMEMBERED", 1024, int, lambda n: n >= 0, "of at least 0"),
            keep=_read(env, "QA_KEEP", 2, int, lambda n: n >= 1, "of at least 1"),
        )


def _folder(env: Mapping[str, str], name: str, base: str, fallback: str, leaf: str) -> Path:
    if env.get(name):
        return Path(env[name]).expanduser()
    root = Path(env[base]) if env.get(base) else Path.home() / fallback
    return root / "passerelle" / leaf


def _read(
    env: Mapping[str, str],
    name: str,
    default: Value,
    parse: Callable[[str], Value],
    allowed: Callable[[Value], bool],
    expected: str,
) -> Value:
    raw = env.get(name)
    if not raw:
        return default
    try:
        value = parse(raw)
    except ValueError:
        value = None
    if value is None or not allowed(value):
        raise InvalidSetting(f"{name}={raw!r} is not a number {expected}: correct it or unset it")
    return value
