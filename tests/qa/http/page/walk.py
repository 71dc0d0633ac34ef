"""A walk through the page with many documents: ``python -m tests.qa.http.page.walk FOLDER COUNT``.

Files of six kinds are sent in a browser, one of which cannot be read; they are filtered and asked,
one is edited and its old link opened, one is removed. Pictures of each step go into the folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Final

import docx
from playwright.sync_api import FilePayload, Page, expect

from tests.documents.formats.format_files import pdf
from tests.qa.http.page.browser import Visits, find_chromium, launched, served
from tests.qa.http.page.states import WIDE
from tests.qa.http.page.working import Working

TOWNS: Final = ("Lille", "Lyon", "Brest", "Nantes", "Tours", "Laval", "Nice", "Metz")
ENGLISH: Final = 3
"""Of four documents, which one is in English, from 0."""
BAD: Final = "abîmé.docx"
Shoot = Callable[[Page, str], object]
"""Takes a picture of a page, under a name."""


def documents(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many small files of six kinds in turn, in French and in English."""
    for number in range(count):
        suffix, write = list(_WRITERS.items())[number % len(_WRITERS)]
        town = f"{TOWNS[number % len(TOWNS)]} {number}"
        yield f"piscine-{number:03}{suffix}", write(f"Piscine de {town}", _lines(town, number))


def _lines(town: str, number: int) -> list[str]:
    hour, price = 7 + number % 4, 2 + number % 7
    if number % 4 == ENGLISH:
        return [
            f"The pool of {town} opens at {hour} a.m. every day.",
            f"A ticket costs {price} euros, and children swim free of charge.",
        ]
    return [
        f"La piscine de {town} ouvre chaque jour à {hour} heures.",
        f"Une entrée coûte {price} euros, et les enfants nagent gratuitement.",
    ]


def _markdown(title: str, lines: list[str]) -> bytes:
    return "\n\n".join([f"# {title}", "## Horaires", *lines]).encode()


def _html(title: str, lines: list[str]) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return f"{head}<body><main><h1>{title}</h1>{body}</main></body></html>".encode()


def _pdf(title: str, lines: list[str]) -> bytes:
    return pdf([[(30, 20, title), *((50 + 15 * at, 11, line) for at, line in enumerate(lines))]])


def _docx(title: str, lines: list[str]) -> bytes:
    document, written = docx.Document(), BytesIO()
    document.add_heading(title, 0)
    for line in lines:
        document.add_paragraph(line)
    document.save(written)
    return written.getvalue()


def _csv(title: str, lines: list[str]) -> bytes:
    return "\n".join(["Lieu;Détail", *(f"{title};{line}" for line in lines)]).encode()


def _mail(title: str, lines: list[str]) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = title, "piscines@example.org"
    mail.set_content("\n\n".join(lines))
    return mail.as_bytes()


_WRITERS: Final = {
    ".md": _markdown, ".html": _html, ".pdf": _pdf, ".docx": _docx, ".csv": _csv, ".eml": _mail,
}  # fmt: skip


def walk(page: Page, count: int, shoot: Shoot) -> None:
    """Walk from an empty list to answers and back, with so many documents."""
    files = [*documents(count), (BAD, b"no archive")]
    _send(page, files)
    page.wait_for_selector("#upload button:enabled", timeout=300_000)
    expect(page.locator("#jobs")).to_contain_text("Le fichier est abîmé")
    shoot(page, "sent")
    page.goto(page.url)
    expect(page.locator("#list .about")).to_have_text(f"{count + 1} documents")
    shoot(page, "list")
    page.fill("#words", "lille")
    page.select_option("#sort", "title")
    page.press("#words", "Enter")
    page.wait_for_url("**/documents?q=lille*")
    expect(page.locator("tbody tr").first).to_contain_text("Lille")
    shoot(page, "searched")
    old = _ask(page, shoot)
    _edit(page, files[0][0], shoot)
    page.goto(old)
    expect(page.locator("#range")).to_contain_text("s’y trouve toujours, mot pour mot")
    expect(page.locator("#document mark").first).to_be_in_viewport()
    shoot(page, "old-link")
    _remove(page, shoot)
    expect(page.locator("#list .about")).to_have_text(f"{count} documents")
    _see_original(page, shoot)
    page.goto("/help")
    shoot(page, "help")


def _send(page: Page, files: list[tuple[str, bytes]]) -> None:
    page.goto("/documents")
    page.set_input_files(
        "#files",
        [FilePayload(name=n, mimeType="application/octet-stream", buffer=b) for n, b in files],
    )
    page.click("#upload button")


def _ask(page: Page, shoot: Shoot) -> str:
    """Ask the documents in French alone; return the permanent link of the first document's."""
    page.goto("/?q=À quelle heure ouvre la piscine de Lille 0 ?&top_k=10&written=fr")
    page.wait_for_selector("#answer[data-state=answered]")
    shoot(page, "answer")
    page.goto("/?q=Quel prix ?&in=nulle-part")
    expect(page.locator(".verdict")).to_have_text("Aucun document ne correspond à ces filtres.")
    shoot(page, "no-document")
    page.goto("/?q=À quelle heure ouvre la piscine de Lille 0 ?&document=piscine-000")
    page.wait_for_selector("#answer[data-state=answered]")
    return page.locator(".tools a[data-site]").first.get_attribute("href") or ""


def _edit(page: Page, name: str, shoot: Shoot) -> None:
    text = "# Piscine de Lille 0\n\nFermée le lundi depuis janvier.\n\n## Horaires\n\n"
    _send(page, [(name, (text + "\n\n".join(_lines("Lille 0", 0))).encode())])
    expect(page.locator(".job")).to_contain_text("nouvelle version", timeout=60_000)
    page.wait_for_selector("#upload button:enabled", timeout=60_000)
    shoot(page, "edited")


def _remove(page: Page, shoot: Shoot) -> None:
    page.goto("/documents?q=piscine-001")
    page.click("tbody tr >> text=Retirer")
    shoot(page, "removal")
    page.click("main button")
    page.wait_for_selector(".job[data-state=done]", timeout=60_000)
    shoot(page, "removed")
    page.click("text=Tous les documents")
    page.wait_for_url("**/documents")


def _see_original(page: Page, shoot: Shoot) -> None:
    page.goto("/?q=À quelle heure ouvre la piscine ?&document=piscine-002")
    page.wait_for_selector("#answer[data-state=answered]")
    page.goto(page.locator(".tools a[data-site]").first.get_attribute("href") or "")
    page.wait_for_function("document.querySelector('.drawn img').naturalWidth > 0")
    assert page.locator(".drawn rect").count() > 0
    shoot(page, "original")


def main(folder: Path, count: int) -> None:
    """Walk, and write a picture of each step."""
    chromium = find_chromium()
    assert chromium, "install Chromium first"
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    with tempfile.TemporaryDirectory() as place, launched(chromium) as browser:
        working = Working(Path(place))
        with served(working.app) as address:
            visits = Visits(browser, address)
            page = visits.open("/", locale="fr-FR", base_url=address, **WIDE)
            walk(page, count, shoot)
            visits.close()
            assert visits.trouble == [], visits.trouble


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
