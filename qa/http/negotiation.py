"""What a browser prefers: which language, and a page rather than data."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection

from qa.language.detection import LanguageCode

_CODES: Final[dict[str | None, LanguageCode]] = {"fr": "fr", "en": "en"}
CHOICE: Final = "ui"
"""The query parameter and the cookie that hold the chosen language of the interface."""


def page_language(request: HTTPConnection) -> LanguageCode:
    """Return the language of the interface: chosen, else remembered, else the browser's."""
    for chosen in (request.query_params.get(CHOICE), request.cookies.get(CHOICE)):
        if chosen in _CODES:
            return _CODES[chosen]
    return accepted_language(request.headers.get("accept-language", ""))


def accepted_language(header: str) -> LanguageCode:
    """Return ``fr`` where an ``Accept-Language`` header puts French before English, else ``en``."""
    accepted = _weights(header)
    return "fr" if _of(accepted, "fr") > _of(accepted, "en") else "en"


def wants_page(request: HTTPConnection) -> bool:
    """Tell whether the client would rather have a page to read than JSON."""
    accepted = _weights(request.headers.get("accept", ""))
    anything = accepted.get("*/*", 0.0)
    data = accepted.get("application/json", accepted.get("application/*", anything))
    return accepted.get("text/html", accepted.get("text/*", anything)) > data


def _of(accepted: dict[str, float], language: str) -> float:
    return max((w for tag, w in accepted.items() if tag.split("-")[0] == language), default=0.0)


def _weights(header: str) -> dict[str, float]:
    """Return each choice of an ``Accept…`` header with its weight (RFC 9110, section 12.4.2)."""
    found = {}
    for choice in header.lower().split(","):
        name, *parameters = (part.strip() for part in choice.split(";"))
        found[name] = next((_weight(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
    return found


def _weight(written: str) -> float:
    try:
        return min(1.0, max(0.0, float(written)))
    except ValueError:
        return 0.0


def matches(if_none_match: str, tag: str) -> bool:
    """Tell whether a client has this version already; compares weakly (RFC 9110, 13.1.2)."""
    given = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return tag in given or given == ["*"]
