"""A citation as people write it: plain text and Markdown."""

from __future__ import annotations

import re
from typing import Final

from qa.citing.reference import Reference

_QUOTED: Final = {"fr": "«\u00a0{}\u00a0»", "en": "“{}”"}
_DIGEST: Final = {"fr": "SHA-256\u00a0: {}", "en": "SHA-256: {}"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LIST_MARK = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def plain(cited: Reference, language: str) -> str:
    """Write a citation in a line."""
    quote = _QUOTED[language].format(" ".join(cited.quote.split("\n")))
    source = ", ".join([*cited.authors, cited.title, *_published(cited), cited.where])
    return f"{quote} — {source}. {cited.url} ({_DIGEST[language].format(cited.sha256)})"


def markdown(cited: Reference, language: str) -> str:
    """Write a citation as a quotation with a link."""
    title = f"[{_markdown(cited.title)}](<{cited.url}>)"
    others = map(_markdown, (*_published(cited), cited.where))
    source = ", ".join([*map(_markdown, cited.authors), title, *others])
    digest = _DIGEST[language].format(f"`{cited.sha256}`")
    return f"{_quoted(cited.quote)}\n>\n> — {source} ({digest})"


def _published(cited: Reference) -> list[str]:
    return [part for part in (cited.publisher, cited.date) if part]


def _quoted(quote: str) -> str:
    lines = _LIST_MARK.sub(_escape_mark, _markdown(quote)).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _escape_mark(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
