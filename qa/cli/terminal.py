"""An answer as people read it on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from qa.answer.types import Outcome
from qa.messages import ALSO_IN, AND_MORE, ANSWERED, CONFIDENCE, PERHAPS_ANSWERED
from qa.notices import printable
from qa.wire.headings import heading_of
from qa.wire.schemas import AnswerOut, PassageOut

INDENT = "   "
WIDTH = 80
"""Lines are no longer than this, so that they can be read."""


def show_answer(answer: AnswerOut, console: Console) -> None:
    """Print an answer: a verdict, then each passage with its heading, citation and copies."""
    _print(_verdict(answer), console)
    for passage in answer.passages:
        console.print()
        number = f"{passage.rank}.".ljust(len(INDENT))
        _print(_heading(passage, console), console, Text.assemble((number, "bold cyan")))
        answers = answer.answerable and passage.rank == 1  # the others stay calm, as on the page
        _print(_emphasised(passage) if answers else _plain(passage), console, INDENT)
        _print(_source(passage), console, INDENT)
        if passage.also:
            _print(_also(passage, answer.language.code), console, INDENT + "  ")


def output_console() -> Console:
    """Return a console on standard output; colours only on a terminal without ``NO_COLOR``."""
    console = Console(highlight=False, soft_wrap=False, markup=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def _verdict(answer: AnswerOut) -> Text:
    code = answer.language.code
    found = ANSWERED if answer.outcome is Outcome.ANSWERED else PERHAPS_ANSWERED
    said = answer.message or found[code] + _answer(answer)
    style = "bold green" if answer.answerable else "bold yellow"
    if not answer.passages:
        return Text(said, style)
    percent = CONFIDENCE[code].format(round(100 * answer.confidence))
    return Text.assemble((said, style), (f"  ({percent})", "dim"))


def _answer(answer: AnswerOut) -> str:
    """Return what the first passage answers, in its words, behind a colon; nothing if not sure."""
    first = answer.passages[0]
    if first.answer is None:
        return ""
    colon = {"fr": "\u202f: « {} »", "en": ": “{}”"}[answer.language.code]
    return colon.format(
        " ".join(printable(first.text[first.answer.start : first.answer.end]).split())
    )


def _heading(passage: PassageOut, console: Console) -> Text:
    width = console.width - len(INDENT)
    return Text(printable(heading_of(passage.citation, width)), "bold")


def _plain(passage: PassageOut) -> Text:
    return Text(printable(passage.text))


def _emphasised(passage: PassageOut) -> Text:
    text = _plain(passage)
    for highlight in passage.highlights:
        text.stylize("bold yellow", highlight.start, highlight.end)
    if passage.answer:
        text.stylize("bold green", passage.answer.start, passage.answer.end)
    return text


def _source(passage: PassageOut) -> Text:
    cited = passage.citation
    page = "" if cited.page is None else f"p. {cited.page}, "
    return Text(f"— {cited.document_id}, {page}{cited.start}–{cited.end}", style="dim")


def _also(passage: PassageOut, language: str) -> Text:
    cited = passage.citation.document_id
    # The document cited is named already: what is new is the place in it.
    names = (
        f"{p.document_id}, {p.start}–{p.end}" if p.document_id == cited else p.document_id
        for p in passage.also
    )  # fmt: skip
    places = list(dict.fromkeys(names))
    if passage.also_more:
        places.append(AND_MORE[language].format(passage.also_more))
    return Text(ALSO_IN[language].format(", ".join(places)), "dim")


def _print(text: Text, console: Console, first: Text | str = "") -> None:
    """Print wrapped lines: the first after ``first``, the others as far from the margin."""
    # Not rich's Padding: it fills each line with spaces up to the width.
    start = first if isinstance(first, Text) else Text(first)
    for line in text.wrap(console, console.width - len(start)):
        line.rstrip()
        console.print(start + line)
        start = Text(" " * len(start))
