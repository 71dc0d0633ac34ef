"""The settings: read once from the environment, then passed along."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from qa.errors import InvalidSetting

Value = TypeVar("Value")
Default = TypeVar("Default")
SHORTEST_KEY: Final = 16
"""Of how many characters a key is at least: shorter ones can be guessed."""
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Quota:
    """How many questions a client may ask in how many seconds; 0 stands for any number."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        index: the folder of the generations (``QA_INDEX``).
        cache: the folder of unpacked models (``QA_CACHE``).
        model: hub id or folder of the encoder, None for the default (``QA_MODEL``).
        reranker: hub id or folder of a cross-encoder for a second stage (``QA_RERANKER``).
        threads: how many threads of a server process compute answers; None is its share of the
            machine's cores, 4 at most (``QA_THREADS``).
        threshold: the confidence, in 0-1, from which a question counts as answered: at 0.25 an
            answer that is missed weighs as much as three that are wrong (``QA_THRESHOLD``).
        queue: how many questions may wait in a server process (``QA_QUEUE``).
        batch: how many of them a thread answers at a time (``QA_BATCH``).
        remembered: how many answers a server process keeps for when the same is asked again
            (``QA_REMEMBERED``).
        keep: how many generations of the index are kept, the current one included (``QA_KEEP``).
        store: the database that holds the index in the place of the folder, which is then a
            working copy (``QA_STORE``).
        patience: for how many seconds a question waits for a database that does not answer, such
            as while another server takes over (``QA_STORE_PATIENCE``).
        keys: any of which opens the service, separated by commas (``QA_API_KEY``).
        hosts: further names that the service answers to (``QA_HOSTS``).
        origins: of other sites whose pages may ask (``QA_CORS_ORIGINS``).
        proxies: addresses whose ``X-Forwarded-For`` is believed (``QA_PROXIES``).
        rate: how often a client may ask, as ``60/minute``, or ``off``; None leaves it to the
            address that is listened on (``QA_RATE``).
        log_questions: whether the log may hold questions: ``1`` (``QA_LOG_QUESTIONS``).
    """

    index: Path
    cache: Path
    model: str | None = None
    reranker: str | None = None
    threads: int | None = None
    threshold: float = 0.25
    queue: int = 256
    batch: int = 16
    remembered: int = 1024
    keep: int = 2
    store: str | None = field(default=None, repr=False)
    patience: float = 10.0
    keys: tuple[str, ...] = field(default=(), repr=False)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    rate: Quota | None = None
    log_questions: bool = False

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
            threads=_read(env, "QA_THREADS", None, int, lambda n: 1 <= n <= 16, "from 1 to 16"),
            threshold=_read(env, "QA_THRESHOLD", 0.25, float, lambda p: 0 <= p <= 1, "from 0 to 1"),
            # A whole ``POST /ask/batch`` must find room.
            queue=_read(env, "QA_QUEUE", 256, int, lambda n: n >= 100, "of at least 100"),
            batch=_read(env, "QA_BATCH", 16, int, lambda n: 1 <= n <= 100, "from 1 to 100"),
            remembered=_read(env, "QA_REMEMBERED", 1024, int, lambda n: n >= 0, "of at least 0"),
            keep=_read(env, "QA_KEEP", 2, int, lambda n: n >= 1, "of at least 1"),
            store=env.get("QA_STORE") or None,
            patience=_read(
                env, "QA_STORE_PATIENCE", 10.0, float, lambda s: 0 <= s <= 600, "from 0 to 600"
            ),
            keys=_keys(env),
            hosts=_list(env, "QA_HOSTS"),
            origins=_list(env, "QA_CORS_ORIGINS"),
            proxies=_list(env, "QA_PROXIES"),
            rate=_rate(env),
            log_questions=env.get("QA_LOG_QUESTIONS", "") == "1",
        )


def _folder(env: Mapping[str, str], name: str, base: str, fallback: str, leaf: str) -> Path:
    if env.get(name):
        return Path(env[name]).expanduser()
    root = Path(env[base]) if env.get(base) else Path.home() / fallback
    return root / "passerelle" / leaf


def _read(
    env: Mapping[str, str],
    name: str,
    default: Default,
    parse: Callable[[str], Value],
    allowed: Callable[[Value], bool],
    expected: str,
) -> Value | Default:
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


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _keys(env: Mapping[str, str]) -> tuple[str, ...]:
    keys = _list(env, "QA_API_KEY")
    for key in keys:  # no message holds a key
        if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
            raise InvalidSetting(
                f"QA_API_KEY holds a key that cannot be used: a key is {SHORTEST_KEY} or more "
                "visible ASCII characters, and a comma separates two"
            )
    return keys


def _rate(env: Mapping[str, str]) -> Quota | None:
    raw = env.get("QA_RATE")
    if not raw:
        return None
    if raw == "off":
        return Quota(0, 1)
    count, _, unit = raw.partition("/")
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 10**6 and unit in _SECONDS):
        raise InvalidSetting(
            f"QA_RATE={raw!r} is not a rate such as 60/minute (second, minute or hour), nor off: "
            "correct it or unset it"
        )
    return Quota(int(count), _SECONDS[unit])
