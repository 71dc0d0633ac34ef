"""Pictures of the page: ``python -m tests.qa.http.page.screenshots FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser

from qa.http.app import create_app
from qa.indexes.opening import ready_service
from qa.settings import Settings
from tests.qa.http.page.browser import find_chromium, launched, served

_FRENCH: Final = "/?q=Qui+a+visit%C3%A9+Mila+en+novembre%E2%80%AF%3F"
_ENGLISH: Final = "/?q=Who+is+Mila%E2%80%99s+new+scientific+director%3F"
_UNANSWERED: Final = "/?q=Quel+est+le+prix+du+pain+%C3%A0+Lima%E2%80%AF%3F"
_SOURCE: Final = "/documents/mila-canada-2025#c=5668-6202"

SHOTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "home-fr": ("/", {"locale": "fr-FR"}),
    "home-en-dark": ("/", {"locale": "en-GB", "color_scheme": "dark"}),
    "home-fr-mobile": ("/", {"locale": "fr-FR", "viewport": {"width": 390, "height": 844}}),
    "answer-en": (_ENGLISH, {"locale": "en-GB"}),
    "answer-fr-dark": (_FRENCH, {"locale": "fr-FR", "color_scheme": "dark"}),
    "answer-fr-narrow": (_FRENCH, {"locale": "fr-FR", "viewport": {"width": 900, "height": 900}}),
    "answer-fr-320": (_FRENCH, {"locale": "fr-FR", "viewport": {"width": 320, "height": 640}}),
    "answer-en-4k": (_ENGLISH, {"locale": "en-GB", "viewport": {"width": 3840, "height": 2160}}),
    "answer-fr-no-script": (_FRENCH, {"locale": "fr-FR", "java_script_enabled": False}),
    "answer-fr-contrast": (_FRENCH, {"locale": "fr-FR", "forced_colors": "active"}),
    "unanswered-fr": (_UNANSWERED, {"locale": "fr-FR"}),
    "source-fr": (_SOURCE, {"locale": "fr-FR"}),
    "source-en-mobile": (_SOURCE, {"locale": "en-GB", "viewport": {"width": 390, "height": 844}}),
    "problem-en": ("/?q=", {"locale": "en-GB"}),
    "missing-fr": ("/documents/absent", {"locale": "fr-FR"}),
}
"""By name: an address, and how it is looked at."""


def take(browser: Browser, site: str, folder: Path) -> None:
    """Write every picture, with few colours to keep it small."""
    for name, (path, options) in SHOTS.items():
        with browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options}) as seen:
            page = seen.new_page()
            page.goto(site + path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}.png")
        with Image.open(folder / f"{name}.png") as picture:
            few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        few.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    target, chromium = Path(sys.argv[1]), find_chromium()
    target.mkdir(parents=True, exist_ok=True)
    assert chromium, "install Chromium first"
    app = create_app(ready_service(Settings.from_environment()))
    with served(app) as address, launched(chromium) as window:
        take(window, address, target)
