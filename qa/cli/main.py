"""The command line: ``qa ask``, ``qa index``, ``qa serve`` and what keeps an index in order."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from documents.errors import PasserelleError
from qa.messages import HELP, INTERRUPTED, interface_language
from qa.notices import complain
from qa.reasons import in_french
from qa.settings import Settings

ANSWERED, FAILED, INTERRUPTED_BY_USER = 0, 2, 130


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is written: its module is loaded when it runs, and no sooner.

    Attributes:
        module: its module.
        function: takes the options and the settings, and returns the exit status.
        light: whether to spare what slows down a start and only building an index needs.
    """

    module: str
    function: str
    light: bool = False

    def __call__(self, options: argparse.Namespace, settings: Settings) -> int:
        """Run the command and return its exit status."""
        if self.light:
            _start_light()
        status: int = getattr(import_module(self.module), self.function)(options, settings)
        return status


COMMANDS: Final = {
    "ask": Command("qa.cli.asking", "ask", light=True),
    "index": Command("qa.cli.indexing", "index"),
    "sources": Command("qa.cli.following", "sources"),
    "serve": Command("qa.server.serving", "serve", light=True),
    "verify": Command("qa.cli.indexing", "verify"),
    "documents": Command("qa.cli.managing", "documents"),
    "remove": Command("qa.cli.managing", "remove"),
    "rollback": Command("qa.cli.managing", "rollback"),
    "export": Command("qa.cli.moving", "export"),
    "import": Command("qa.cli.moving", "import_index"),
    "mcp": Command("qa.server.mcp_server", "serve_mcp", light=True),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    _speak_utf8()
    options = parser(HELP[interface_language()]).parse_args(arguments)
    try:
        return _run(options)
    except PasserelleError as error:
        complain(_message(error))
        return FAILED
    except KeyboardInterrupt:
        complain(INTERRUPTED[interface_language()])
        return INTERRUPTED_BY_USER
    except BrokenPipeError:
        # The reader went away (``qa ask … | head``); nothing is left to say, nor to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED


def run() -> None:
    """Run the command line as a process of its own, and end it."""
    status = main()
    sys.stderr.flush()
    # Python would free every object first, which takes a seventh of the time of `qa ask`.
    os._exit(status)


def _message(error: PasserelleError) -> str:
    """Return the message of an error; in French, if it has none, after the text of its type."""
    if interface_language() == "en":
        return str(error)
    if said := in_french(str(error)):
        return said
    from qa.wire.problems import Problem

    problem = Problem.of(error, "fr")
    return f"{problem.detail} ({error})" if problem.status < 500 else str(error)


def _run(options: argparse.Namespace) -> int:
    status: int = options.run(options, Settings.from_environment())
    sys.stdout.flush()
    return status


def parser(text: dict[str, str]) -> argparse.ArgumentParser:
    """Return the parser of the command line, its help in the words given."""
    root = argparse.ArgumentParser(prog="qa", description=text["qa"], epilog=text["exit"])
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _add_ask(commands, text)
    _add_index(commands, text)
    _add_serve(commands, text)
    _command(commands, "verify", text)
    _add_managing(commands, text)
    _add_moving(commands, text)
    _add_mcp(commands, text)
    return root


def _add_ask(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "ask", text)
    command.add_argument("question", metavar="QUESTION", help=text["question"])
    command.add_argument("-k", dest="top_k", type=int, default=5, metavar="N", help=text["k"])
    command.add_argument("--language", metavar="fr|en", help=text["language"])
    command.add_argument("--json", action="store_true", help=text["json"])
    command.add_argument("--rectangles", action="store_true", help=text["rectangles"])
    command.add_argument("--url", help=text["url"])
    for name, metavar in (("in", "GLOB"), ("tag", "TAG"), ("filter", "KEY=VALUE")):
        command.add_argument(
            f"--{name}", dest=f"only_{name}", metavar=metavar, action="append", default=[],
            help=text[f"only_{name}"],
        )  # fmt: skip
    for name in ("since", "until"):
        command.add_argument(f"--{name}", metavar="DATE", help=text[name])


def _add_index(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "index", text)
    command.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=text["path"])
    command.add_argument("--convert", action="store_true", help=text["convert"])
    for glob in ("include", "exclude"):
        command.add_argument(
            f"--{glob}", metavar="GLOB", action="append", default=[], help=text[glob]
        )
    command.add_argument("--ocr", action="store_true", help=text["ocr"])
    command.add_argument("--jobs", type=int, metavar="N", help=text["jobs"])
    command.add_argument("--ray", metavar="ADDRESS", help=text["ray"])
    command.add_argument("--json", action="store_true", help=text["index_json"])
    for flag in ("only", "yes", "dry-run", "watch"):
        command.add_argument(f"--{flag}", action="store_true", help=text[flag.replace("-", "_")])
    command = _command(commands, "sources", text)
    command.add_argument(
        "--remove", metavar="PATH", type=Path, action="append", help=text["sources_remove"]
    )
    command.add_argument("--json", action="store_true", help=text["list_json"])


def _add_serve(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "serve", text)
    command.add_argument("--watch", action="store_true", help=text["serve_watch"])
    command.add_argument("--workers", type=int, default=1, metavar="N", help=text["workers"])
    command.add_argument("--host", default="127.0.0.1", help=text["host"])
    command.add_argument("--port", type=int, default=8000, help=text["port"])


def _add_managing(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "documents", text)
    command.add_argument("--json", action="store_true", help=text["list_json"])
    command = _command(commands, "remove", text)
    command.add_argument("ids", metavar="ID", nargs="+", help=text["id"])
    command = _command(commands, "rollback", text)
    command.add_argument("generation", metavar="GENERATION", nargs="?", help=text["generation"])


def _add_moving(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "export", text)
    command.add_argument("folder", metavar="FOLDER", type=Path, help=text["export_folder"])
    command = _command(commands, "import", text)
    command.add_argument("folder", metavar="FOLDER", type=Path, help=text["import_folder"])


def _add_mcp(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "mcp", text)
    command.add_argument("--http", type=int, metavar="PORT", help=text["http"])
    command.add_argument("--host", default="127.0.0.1", help=text["host"])


def _command(commands: Any, name: str, text: dict[str, str]) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=text[name], description=f"{text[name][0].upper()}{text[name][1:]}."
    )
    command.set_defaults(run=COMMANDS[name])
    return command


def _start_light() -> None:
    # No plugin of pydantic is used; to look for some, it reads about every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    # Must be set before numpy is loaded. Matrix products as small as ours gain no speed from more
    # threads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _speak_utf8() -> None:
    # Whatever the locale: questions and passages are full of accents. Bytes that are not
    # UTF-8 arrive as lone surrogates, which the check of the question names.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
