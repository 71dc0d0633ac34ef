"""The command line: ``qa ask``, ``qa index``, ``qa serve`` and what keeps an index in order."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from documents.errors import PasserelleError
from qa.messages import HELP, INTERRUPTED, interface_language
from qa.notices import complain
from qa.settings import Settings

ANSWERED, FAILED, INTERRUPTED_BY_USER = 0, 2, 130
Command = Callable[[argparse.Namespace, Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    _speak_utf8()
    options = parser(HELP[interface_language()]).parse_args(arguments)
    try:
        return _run(options)
    except PasserelleError as error:
        complain(_said(error))
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
    # To take everything apart again takes a seventh of the time of `qa ask`.
    os._exit(status)


def _said(error: PasserelleError) -> str:
    """Return the message of an error, in French after what is said of its kind."""
    if interface_language() == "en":
        return str(error)
    from qa.problems import Problem

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
    _command(commands, "verify", text, _verify)
    _add_managing(commands, text)
    _add_moving(commands, text)
    _add_mcp(commands, text)
    return root


def _add_ask(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "ask", text, _ask)
    command.add_argument("question", metavar="QUESTION", help=text["question"])
    command.add_argument("-k", dest="top_k", type=int, default=5, metavar="N", help=text["k"])
    command.add_argument("--language", metavar="fr|en", help=text["language"])
    command.add_argument("--json", action="store_true", help=text["json"])
    command.add_argument("--url", help=text["url"])


def _add_index(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "index", text, _index)
    command.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=text["path"])
    for glob in ("include", "exclude"):
        command.add_argument(
            f"--{glob}", metavar="GLOB", action="append", default=[], help=text[glob]
        )
    command.add_argument("--jobs", type=int, metavar="N", help=text["jobs"])
    command.add_argument("--ray", metavar="ADDRESS", help=text["ray"])


def _add_serve(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "serve", text, _serve)
    command.add_argument("--workers", type=int, default=1, metavar="N", help=text["workers"])
    command.add_argument("--host", default="127.0.0.1", help=text["host"])
    command.add_argument("--port", type=int, default=8000, help=text["port"])


def _add_managing(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "documents", text, _documents)
    command.add_argument("--json", action="store_true", help=text["list_json"])
    command = _command(commands, "remove", text, _remove)
    command.add_argument("ids", metavar="ID", nargs="+", help=text["id"])
    command = _command(commands, "rollback", text, _rollback)
    command.add_argument("generation", metavar="GENERATION", nargs="?", help=text["generation"])


def _add_moving(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "export", text, _export)
    command.add_argument("folder", metavar="FOLDER", type=Path, help=text["export_folder"])
    command = _command(commands, "import", text, _import)
    command.add_argument("folder", metavar="FOLDER", type=Path, help=text["import_folder"])


def _add_mcp(commands: Any, text: dict[str, str]) -> None:
    command = _command(commands, "mcp", text, _mcp)
    command.add_argument("--http", type=int, metavar="PORT", help=text["http"])
    command.add_argument("--host", default="127.0.0.1", help=text["host"])


def _command(
    commands: Any, name: str, text: dict[str, str], run: Command
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=text[name], description=f"{text[name][0].upper()}{text[name][1:]}."
    )
    command.set_defaults(run=run)
    return command


# Each command loads what it needs, and nothing that the others do.


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    _start_light()
    from qa.asking import ask

    return ask(options, settings)


def _index(options: argparse.Namespace, settings: Settings) -> int:
    from qa.indexing import index

    return index(options, settings)


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    _start_light()
    from qa.serving import serve

    return serve(options, settings)


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    from qa.indexing import verify

    return verify(options, settings)


def _documents(options: argparse.Namespace, settings: Settings) -> int:
    from qa.managing import documents

    return documents(options, settings)


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    from qa.managing import remove

    return remove(options, settings)


def _rollback(options: argparse.Namespace, settings: Settings) -> int:
    from qa.managing import rollback

    return rollback(options, settings)


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from qa.moving import export

    return export(options, settings)


def _import(options: argparse.Namespace, settings: Settings) -> int:
    from qa.moving import take_in

    return take_in(options, settings)


def _mcp(options: argparse.Namespace, settings: Settings) -> int:
    _start_light()
    from qa.mcp_server import serve_mcp

    return serve_mcp(options, settings)


def _start_light() -> None:
    # No plugin of pydantic is used; to look for some, it reads about every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    # Must be said before numpy is loaded. More threads for such small products only wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _speak_utf8() -> None:
    # Whatever the locale: questions and passages are full of accents. Bytes that are not
    # UTF-8 arrive as lone surrogates, which the check of the question names.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]


if __name__ == "__main__":
    run()
