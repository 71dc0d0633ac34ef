"""An answer as people read it on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from qa.messages import ANSWERED, CONFIDENCE, PERHAPS_ANSWERED
from qa.notices import printable
from qa.schemas import AnswerOut, PassageOut

INDENT = "   "
LIKELY = 0.5
"""From this confidence on, an answer is more likely right than not, and is said to be one."""
WIDTH = 80
"""Lines are no longer than this, so that they can be read."""


def show_answer(answer: AnswerOut, console: Console) -> None:
    """Print an answer: a verdict, then each passage with its section and citation."""
    _print(_verdict(answer), console)
    for passage in answer.passages:
        console.print()
        number = f"{passage.rank}.".ljust(len(INDENT))
        _print(_heading(passage), console, Text(number, "bold cyan"))
        _print(_emphasised(passage), console, INDENT)
        _print(_source(passage), console, INDENT)


def output_console() -> Console:
    """Return a console on standard output; colours only on a terminal without ``NO_COLOR``."""
    console = Console(highlight=False, soft_wrap=False, markup=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def _verdict(answer: AnswerOut) -> Text:
    code = answer.language.code
    found = ANSWERED if answer.confidence >= LIKELY else PERHAPS_ANSWERED
    said = answer.message or found[code]
    percent = CONFIDENCE[code].format(round(100 * answer.confidence))
    style = "bold green" if answer.answerable else "bold yellow"
    return Text.assemble((said, style), (f"  ({percent})", "dim"))


def _heading(passage: PassageOut) -> Text:
    citation = passage.citation
    path = " › ".join(citation.section) or citation.title
    return Text(printable(path), "bold")


def _emphasised(passage: PassageOut) -> Text:
    text = Text(printable(passage.text))
    for highlight in passage.highlights:
        text.stylize("bold yellow", highlight.start, highlight.end)
    return text


def _source(passage: PassageOut) -> Text:
    cited = passage.citation
    page = "" if cited.page is None else f"p. {cited.page}, "
    return Text(f"— {cited.document_id}, {page}{cited.start}–{cited.end}", style="dim")


def _print(text: Text, console: Console, first: Text | str = "") -> None:
    """Print wrapped lines: the first after ``first``, the others as far from the margin."""
    # Not rich's Padding: it fills each line with spaces up to the width.
    start = first if isinstance(first, Text) else Text(first)
    for line in text.wrap(console, console.width - len(start)):
        line.rstrip()
        console.print(start + line)
        start = Text(" " * len(start))
