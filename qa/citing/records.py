"""A citation as programs for bibliographies read it: BibTeX, CSL-JSON, RIS."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from qa.citing.reference import Reference

_LATEX: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{special: f"\\{special}" for special in "{}$&#%_"},
}  # fmt: skip
_JOINS_AUTHORS: Final = re.compile(r"\band\b", re.IGNORECASE)


def bibtex(cited: Reference) -> str:
    """Write an entry; names and titles stand in braces of their own, so that none is changed."""
    fields = {
        "author": " and ".join(map(_bibtex_name, cited.authors)),
        "title": f"{{{_latex(cited.title)}}}",
        "publisher": _latex(cited.publisher),
        "year": cited.year,
        "date": cited.date,
        "note": _latex(_note(cited)),
        "annote": _latex(cited.quote),
        "url": cited.url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return ",\n".join([f"@misc{{{cited.key}", *lines]) + "\n}"


def csl_json(cited: Reference) -> str:
    """Write a list of one item, in CSL's JSON."""
    known = {
        "author": list(map(_csl_name, cited.authors)),
        "publisher": cited.publisher,
        "issued": {"date-parts": [list(map(int, cited.date.split("-")))]} if cited.date else None,
        "language": cited.language,
        "page": str(cited.page or ""),
    }
    item: dict[str, Any] = {
        "id": cited.key, "type": "document", "title": cited.title,
        **{name: value for name, value in known.items() if value},
        "URL": cited.url, "annote": cited.quote, "note": _note(cited),
    }  # fmt: skip
    return json.dumps([item], ensure_ascii=False, indent=1)


def ris(cited: Reference) -> str:
    """Write a record of one line a tag; line breaks in values become spaces."""
    year, month, day = (*cited.date.split("-"), "", "")[:3]
    pairs = [
        ("TY", "ELEC"),
        ("ID", cited.key),
        *(("AU", name) for name in cited.authors),
        ("TI", cited.title),
        ("PB", cited.publisher),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if month else ""),
        ("LA", cited.language),
        ("SP", str(cited.page or "")),
        ("AB", cited.quote),
        ("N1", _note(cited)),
        ("UR", cited.url),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in pairs if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _note(cited: Reference) -> str:
    return f"{cited.where}. SHA-256: {cited.sha256}"


def _bibtex_name(name: str) -> str:
    # BibTeX would take an organisation apart at its “and” or at its commas.
    whole = _JOINS_AUTHORS.search(name) or name.count(",") > 1
    return f"{{{_latex(name)}}}" if whole else _latex(name)


def _csl_name(name: str) -> dict[str, str]:
    family, comma, given = (part.strip() for part in name.partition(","))
    whole = not comma or not given or not family or "," in given
    return {"literal": name} if whole else {"family": family, "given": given}


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)
