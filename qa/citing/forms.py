"""The forms that a citation can be had in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from qa.citing.prose import markdown, plain
from qa.citing.records import bibtex, csl_json, ris
from qa.citing.reference import Reference

FormName = Literal["text", "markdown", "bibtex", "csl-json", "ris"]


class Form(NamedTuple):
    """A way to write a citation, in the words of ``fr`` or ``en``, and its media type."""

    write: Callable[[Reference, str], str]
    media_type: str


FORMS: Final[dict[FormName, Form]] = {
    "text": Form(plain, "text/plain"),
    "markdown": Form(markdown, "text/markdown"),
    "bibtex": Form(lambda cited, _: bibtex(cited), "application/x-bibtex"),
    "csl-json": Form(lambda cited, _: csl_json(cited), "application/vnd.citationstyles.csl+json"),
    "ris": Form(lambda cited, _: ris(cited), "application/x-research-info-systems"),
}
