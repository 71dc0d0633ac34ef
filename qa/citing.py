"""A citation as people paste it: plain text, Markdown, BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from qa.page_texts import TEXTS
from qa.schemas import CitationOut

_QUOTED: Final = {"fr": "«\u00a0{}\u00a0»", "en": "“{}”"}
_CHARACTERS: Final = {"fr": "caractères {}–{}", "en": "characters {}–{}"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LIST_MARK = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)
_LATEX: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{special: f"\\{special}" for special in "{}$&#%_"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cited:
    """The three ways to paste a citation."""

    plain: str
    markdown: str
    bibtex: str

    @classmethod
    def of(cls, citation: CitationOut, site: str, language: str) -> Self:
        """Write a citation.

        Args:
            citation: what is cited.
            site: the address of the service, without a slash at its end.
            language: of the words around the quote, ``fr`` or ``en``.
        """
        url = site + citation.url
        where = ", ".join(_where(citation, language))
        title = citation.title
        quote = _QUOTED[language].format(" ".join(citation.quote.split("\n")))
        return cls(
            plain=f"{quote} — {title}, {where}. {url}",
            markdown=f"{_quoted(citation.quote)}\n>\n> — [{_markdown(title)}](<{url}>), "
            f"{_markdown(where)}",
            bibtex=_bibtex(citation, where, url),
        )


def _where(citation: CitationOut, language: str) -> list[str]:
    section = " › ".join(citation.section)
    return [
        *([section] if section else []),
        *([TEXTS[language]["page"].format(citation.page)] if citation.page else []),
        _CHARACTERS[language].format(citation.start, citation.end),
    ]


def _quoted(quote: str) -> str:
    lines = _LIST_MARK.sub(_escape_mark, _markdown(quote)).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _escape_mark(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _bibtex(citation: CitationOut, where: str, url: str) -> str:
    key = re.sub(r"[^A-Za-z0-9-]+", "-", citation.document_id)
    return (
        f"@misc{{{key}-{citation.start}-{citation.end},\n"
        f"  title = {{{{{_latex(citation.title)}}}}},\n"
        f"  note = {{{_latex(where)}}},\n"
        f"  annote = {{{_latex(citation.quote)}}},\n"
        f"  url = {{{url}}}\n}}"
    )


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)
