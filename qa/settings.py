"""The settings: read once from the environment, then passed along."""

from __future__ import annotations

import ipaddress
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

from qa.errors import InvalidSetting
from qa.keys import SHORTEST_KEY, Grant, is_usable, read_grants

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}


class Calibration(NamedTuple):
    """What the logit of the confidence is multiplied with, and what is added to it (Platt, 1999).

    Attributes:
        scale: positive.
        offset: in logits.
    """

    scale: float = 1.0
    offset: float = 0.0


AS_SHIPPED: Final = Calibration()


@dataclass(frozen=True, slots=True)
class Quota:
    """A client may ask ``count`` questions in ``seconds`` seconds; a count of 0 sets no limit."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the environment can set.

    Attributes:
        index: the folder of the generations (``QA_INDEX``).
        cache: the folder of unpacked models (``QA_CACHE``).
        model: hub id or folder of the encoder, None for the default (``QA_MODEL``).
        reranker: hub id or folder of a cross-encoder for a second stage (``QA_RERANKER``).
        read_ms: how many milliseconds a reader may take over the passages of a question after the
            first; at 0 nothing is read (``QA_READ_MS``).
        threads: how many threads of a server process compute answers; None is its share of the
            machine's cores, 4 at most (``QA_THREADS``).
        threshold: the confidence, in 0-1, from which a question is possibly answered: at 0.2 an
            answer that is missed weighs as much as four that are wrong (``QA_THRESHOLD``).
        found: the confidence, in 0-1, from which it is answered (``QA_FOUND``): see
            ``docs/confidence.md`` for the risk that this was chosen by.
        calibration: scale and offset of the confidence's logit for documents of one's own, as
            ``1.2,-0.3`` (``QA_CALIBRATION``).
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
        grants: keys with a name and with what their owners may see, from a file (``QA_KEYS``).
        hosts: further names that the service answers to (``QA_HOSTS``).
        origins: of other sites whose pages may ask (``QA_CORS_ORIGINS``).
        proxies: addresses whose ``X-Forwarded-For`` is believed (``QA_PROXIES``).
        rate: how often a client may ask, as ``60/minute``, or ``off``; None leaves it to the
            address that is listened on (``QA_RATE``).
        log_questions: whether the log may hold questions: ``1`` (``QA_LOG_QUESTIONS``).
        uploads: whether clients may send and remove documents, unless ``off`` (``QA_UPLOADS``).
    """

    index: Path
    cache: Path
    model: str | None = None
    reranker: str | None = None
    read_ms: int = 150
    threads: int | None = None
    threshold: float = 0.2
    found: float = 0.85
    calibration: Calibration = AS_SHIPPED
    queue: int = 256
    batch: int = 16
    remembered: int = 1024
    keep: int = 2
    store: str | None = field(default=None, repr=False)
    patience: float = 10.0
    keys: tuple[str, ...] = field(default=(), repr=False)
    grants: tuple[Grant, ...] = ()
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    rate: Quota | None = None
    log_questions: bool = False
    uploads: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Raises:
            InvalidSetting: a variable has a value that cannot be used.
        """
        env = os.environ if environment is None else environment
        numbers = {n.field: n.read(env, _DEFAULTS[n.field]) for n in _NUMBERS}
        return cls(
            index=_folder(env, "QA_INDEX", "XDG_DATA_HOME", ".local/share", "index"),
            cache=_folder(env, "QA_CACHE", "XDG_CACHE_HOME", ".cache", "models"),
            model=env.get("QA_MODEL") or None,
            reranker=env.get("QA_RERANKER") or None,
            calibration=_calibration(env),
            store=env.get("QA_STORE") or None,
            keys=_keys(env),
            grants=read_grants(Path(env["QA_KEYS"]).expanduser()) if env.get("QA_KEYS") else (),
            hosts=_list(env, "QA_HOSTS"),
            origins=_list(env, "QA_CORS_ORIGINS"),
            proxies=_list(env, "QA_PROXIES"),
            rate=_rate(env),
            uploads=_is_on(env, "QA_UPLOADS"),
            log_questions=env.get("QA_LOG_QUESTIONS", "") == "1",
            **numbers,
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class _Number:
    """A setting that is a number.

    Attributes:
        field: of ``Settings``.
        variable: of the environment.
        parse: reads the number.
        least: the smallest that is allowed.
        most: the largest.
    """

    field: str
    variable: str
    parse: Callable[[str], float]
    least: int
    most: float = math.inf

    def read(self, env: Mapping[str, str], default: Any) -> Any:
        """Return the number that the environment gives, else the default."""
        raw = env.get(self.variable)
        if not raw:
            return default
        try:
            value = self.parse(raw)
        except ValueError:
            value = math.nan
        if self.least <= value <= self.most:
            return value
        raise InvalidSetting(
            f"{self.variable}={raw!r} is not a number {self._range()}: correct it or unset it"
        )

    def _range(self) -> str:
        if self.most == math.inf:
            return f"of at least {self.least}"
        return f"from {self.least} to {self.most}"


_NUMBERS: Final = (
    _Number("read_ms", "QA_READ_MS", int, 0, 60_000),
    _Number("threads", "QA_THREADS", int, 1, 16),
    _Number("threshold", "QA_THRESHOLD", float, 0, 1),
    _Number("found", "QA_FOUND", float, 0, 1),
    _Number("queue", "QA_QUEUE", int, 100),  # a whole ``POST /ask/batch`` must find room
    _Number("batch", "QA_BATCH", int, 1, 100),
    _Number("remembered", "QA_REMEMBERED", int, 0),
    _Number("keep", "QA_KEEP", int, 1),
    _Number("patience", "QA_STORE_PATIENCE", float, 0, 600),
)
_DEFAULTS: Final = {f.name: f.default for f in fields(Settings)}


def _folder(env: Mapping[str, str], name: str, base: str, fallback: str, leaf: str) -> Path:
    if env.get(name):
        return Path(env[name]).expanduser()
    root = Path(env[base]) if env.get(base) else Path.home() / fallback
    return root / "passerelle" / leaf


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _is_on(env: Mapping[str, str], name: str) -> bool:
    raw = env.get(name) or "on"
    if raw not in ("on", "off"):
        raise InvalidSetting(f"{name}={raw!r} is neither on nor off: correct it or unset it")
    return raw == "on"


def _calibration(env: Mapping[str, str]) -> Calibration:
    raw = env.get("QA_CALIBRATION")
    if not raw:
        return AS_SHIPPED
    try:
        scale, offset = map(float, raw.split(","))
    except ValueError:
        scale = offset = math.nan
    if not (0 < scale < math.inf and math.isfinite(offset)):
        raise InvalidSetting(
            f"QA_CALIBRATION={raw!r} is not a positive scale and an offset, as 1.2,-0.3: "
            "take what `python -m eval.calibration --documents FOLDER` prints"
        )
    return Calibration(scale, offset)


def _keys(env: Mapping[str, str]) -> tuple[str, ...]:
    keys = _list(env, "QA_API_KEY")
    for key in keys:  # keep the key itself out of every message
        if not is_usable(key):
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
