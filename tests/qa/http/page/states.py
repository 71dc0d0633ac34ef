"""Every state of the page, and how to get there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from playwright.sync_api import Page

from index.errors import CorruptIndex
from qa.answer.service import QAService
from qa.answer.types import Answer
from qa.http.app import create_app
from qa.http.batching import Limits
from tests.qa.http.page.browser import Visits, ask, served, wait_for

QUESTION: Final = {"fr": "Qui a visité Mila en novembre ?", "en": "Who visited Mila in November?"}
UNANSWERABLE: Final = {"fr": "Quel est le prix du pain à Lima ?", "en": "How much is bread?"}
WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1440, "height": 900}}


class HeldService(QAService):
    """Answers once it is let."""

    gate: ClassVar = threading.Event()

    def ask_many(self, requests: Any) -> list[Answer]:
        """Wait, at most ten seconds."""
        self.gate.wait(10)
        return QAService.ask_many(self, requests)


@dataclass(frozen=True)
class Sites:
    """Servers in good and in bad condition.

    Attributes:
        sound: answers.
        busy: has no room for any question.
        held: answers when ``HeldService.gate`` is set.
        broken: fails at each question.
        bare: has documents without examples.
    """

    sound: str
    busy: str
    held: str
    broken: str
    bare: str


class BrokenService(QAService):
    """Fails."""

    def ask_many(self, requests: Any) -> list[Answer]:
        """Fail as an index does that was damaged on disk."""
        raise CorruptIndex(f"damaged: no answer to {len(requests)} question(s)")


@contextmanager
def served_sites(service: QAService, bare: QAService) -> Iterator[Sites]:
    """Serve all of them."""
    held = HeldService(service.generation, service.encoder)
    broken = BrokenService(service.generation, service.encoder)
    apps = [
        create_app(service),
        create_app(service, Limits(queue=0)),
        create_app(held, Limits(remembered=0)),
        create_app(broken),
        create_app(bare),
    ]
    with ExitStack() as stack:
        stack.callback(HeldService.gate.set)
        yield Sites(*(stack.enter_context(served(app)) for app in apps))


State = Callable[[Visits, Sites, str, dict[str, Any]], Page]
"""Brings a page into a state: ``(visits, sites, question language, context options)``."""


def at(path: str, state: str | None = None) -> State:
    """Return how to reach what an address shows."""

    def reach(visits: Visits, sites: Sites, _: str, options: dict[str, Any]) -> Page:
        page = visits.open(path, sites.sound, **options)
        if state:
            wait_for(page, state)
        return page

    return reach


def _answered(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.sound, **{**WIDE, **options})
    ask(page, QUESTION[code])
    wait_for(page, "answered")
    page.locator("[data-do=see]").first.click()
    page.wait_for_selector("#source mark")
    page.locator(".cite summary").first.click()
    return page


def _unanswered(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.sound, **options)
    ask(page, UNANSWERABLE[code])
    wait_for(page, "unanswered")
    return page


def _too_long(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.sound, **options)
    page.fill("#q", QUESTION[code] * 100)
    page.wait_for_selector("#limit:not(:empty)")
    return page


def _unreachable(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    # So narrow that no document has opened beside the answer yet.
    page = visits.open("/", sites.sound, **{"viewport": {"width": 600, "height": 800}, **options})
    ask(page, QUESTION[code])
    wait_for(page, "answered")
    page.context.set_offline(True)
    page.locator("[data-do=see]").first.click()
    page.wait_for_selector(".trouble")
    return page


def _loading(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    HeldService.gate.clear()
    page = visits.open("/", sites.held, **options)
    ask(page, QUESTION[code])
    wait_for(page, "loading")
    return page


def _slow(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    HeldService.gate.clear()
    page = visits.open("/", sites.held, **options)
    page.clock.install()
    ask(page, QUESTION[code])
    page.clock.fast_forward(4_100)
    wait_for(page, "slow")
    return page


def _cancelled(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = _slow(visits, sites, code, options)
    page.click("[data-do=cancel]")
    wait_for(page, "cancelled")
    return page


def _busy(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.busy, **options)
    ask(page, QUESTION[code])
    wait_for(page, "busy")
    return page


def _offline(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.sound, **options)
    page.context.set_offline(True)
    ask(page, QUESTION[code])
    wait_for(page, "offline")
    return page


def _failed(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.sound, **options)
    page.route("**/?q=*", lambda route: route.abort())
    ask(page, QUESTION[code])
    wait_for(page, "failed")
    return page


def _broken(visits: Visits, sites: Sites, code: str, options: dict[str, Any]) -> Page:
    page = visits.open("/", sites.broken, **options)
    ask(page, QUESTION[code])
    wait_for(page, "broken")
    return page


def _bare(visits: Visits, sites: Sites, _: str, options: dict[str, Any]) -> Page:
    return visits.open("/", sites.bare, **options)


STATES: Final[dict[str, State]] = {
    "home": at("/", "home"),
    "bare": _bare,
    "answered": _answered,
    "unanswered": _unanswered,
    "too_long": _too_long,
    "unreachable": _unreachable,
    "loading": _loading,
    "slow": _slow,
    "cancelled": _cancelled,
    "busy": _busy,
    "offline": _offline,
    "failed": _failed,
    "broken": _broken,
    "empty": at("/?q=", "empty"),
    "long": at("/?q=" + "a" * 1001, "long"),
    "invalid": at("/?q=%F0%9F%98%80", "invalid"),
    "option": at("/?q=Mila&top_k=99", "option"),
    "missing": at("/documents/none", "missing"),
    "document": at("/documents/mila-canada-2025#c=5668-6202"),
    "one_document": at(f"/?document=mila-canada-2025&q={QUESTION['fr']}", "answered"),
    "quote_changed": at(
        "/documents/mila-canada-2025?c=10-20&v=000000000000&q=33.000000000000&t=L’essor"
    ),
    "quote_gone": at("/documents/mila-canada-2025?c=1-9&v=000000000000&q=2.00&t=Bonjour#c=1-9"),
    "range_missing": at("/documents/mila-canada-2025#c=99998-99999"),
}
