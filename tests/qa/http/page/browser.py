"""A real Chromium and a real server for the tests of the page."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def find_chromium() -> str | None:
    """Return the path of a Chromium, after installing Debian's where that can be done."""
    if _found() is None and shutil.which("apt-get") and os.geteuid() == 0:
        # Of two test processes one installs, and the other waits for it.
        with (Path(tempfile.gettempdir()) / "passerelle-chromium.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _found() is None:
                _install()
    return _found()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with suppress(subprocess.TimeoutExpired):
        for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-q", *step], env=environment, check=False, timeout=600)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Run Chromium without a window, nor the sandbox that root cannot have."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of its own; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join()


class Visits:
    """Opens pages of one site, each as a visitor of its own, and notes what goes wrong in them."""

    def __init__(self, browser: Browser, site: str) -> None:
        """Visit this site."""
        self.site, self.trouble = site, list[str]()
        self._browser, self._contexts = browser, list[BrowserContext]()

    def open(self, path: str = "/", site: str | None = None, **options: Any) -> Page:
        """Open a page; options are those of ``Browser.new_context``."""
        context = self._browser.new_context(**{"locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._note)
        page.goto((site or self.site) + path)
        return page

    def close(self) -> None:
        """End all visits."""
        for context in self._contexts:
            context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.trouble.append(message.text)


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.fill("#q", question)
    page.press("#q", "Enter")


def wait_for(page: Page, state: str) -> None:
    """Wait until the page is in a state."""
    page.wait_for_selector(f"#answer[data-state={state}]")


def marked(page: Page, within: str = "#document") -> str:
    """Return the text of the marks, as it is in the page."""
    texts = f"[...document.querySelectorAll('{within} mark')].map(m => m.textContent).join('')"
    return str(page.evaluate(texts))
