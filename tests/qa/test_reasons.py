"""Every message of a file that people see has a counterpart in French."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import documents
from documents import errors
from documents.errors import DocumentError
from documents.formats.conversion import way_out
from documents.formats.pdf import placeholders
from qa.reasons import in_french, said_in

_ROOT = Path(documents.__file__).parent
_PASSED_ON = frozenset({"formats/pdf/pages.py: X: X"})
"""What is made of a text that is looked at by itself."""


def raised() -> Iterator[str]:
    """Yield each message that is raised in reading files, with X for each of its parts."""
    names = {n for n, kind in vars(errors).items() if isinstance(kind, type)}
    for path in sorted(_ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names and node.args:
                yield f"{path.relative_to(_ROOT).as_posix()}: {_text(node.args[0])}"


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    return str(node.value) if isinstance(node, ast.Constant) else "X"


MESSAGES = sorted({m for m in raised() if m not in _PASSED_ON and not m.endswith(": X")})


@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_raised_has_a_counterpart(message: str) -> None:
    _, text = message.split(": ", 1)
    if message.startswith("formats/frontmatter.py: X: ") and ": line 1" not in message:
        text = f"a.md: line 3{text[1:]}"
    assert in_french(text)


@pytest.mark.parametrize(
    "reason", [placeholders._FORM, placeholders._PROTECTED, placeholders._PORTFOLIO]
)
def test_reasons_of_placeholders_have_counterparts(reason: str) -> None:
    assert in_french(f"a.pdf: {reason}")


@pytest.mark.parametrize("suffix", [".png", ".doc", ".pages", ".xyz"])
@pytest.mark.parametrize("option", ["", ", or index it with --ocr"])
def test_ways_out_have_counterparts(suffix: str, option: str) -> None:
    way = way_out(suffix, ".md, .txt") + (option if suffix == ".png" else "")
    said = in_french(f"a{suffix}: no reader for '{suffix}' files: {way}")
    assert said is not None
    assert said.startswith(f"a{suffix} : format '{suffix}' non lu : ")
    assert " it " not in said


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("/d/x.pdf: no text on its only page: if they are scans, recognise the text first, for "
         "instance with ocrmypdf, or index them with --ocr",
         "/d/x.pdf : aucun texte sur sa seule page : si ce sont des images numérisées, faites-en "
         "d’abord reconnaître le texte, par exemple avec ocrmypdf, ou indexez-les avec --ocr"),
        ("/d: x/a.md: Permission denied: check the path and its permissions",
         "/d: x/a.md : lecture non permise : vérifiez le chemin et ses permissions"),
        ("a.docx: not a ZIP archive (File is not a zip file): export the document again",
         "a.docx : ce n’est pas une archive ZIP (File is not a zip file) : exportez le document à "
         "nouveau"),
        ("none of the 2 files can be used:\na.rtf: no RTF: export it again, or give it its own "
         "suffix",
         "aucun des 2 fichiers n’est utilisable :\na.rtf : ce n’est pas du RTF : exportez-le à "
         "nouveau, ou donnez-lui son propre suffixe"),
        ("a.pdf: reading it takes more than 60 s: export the document again",
         "a.pdf : sa lecture prend plus de 60 s : exportez le document à nouveau"),
    ],
)  # fmt: skip
def test_a_message_in_french(english: str, french: str) -> None:
    assert in_french(english) == french


def test_other_messages_stay_as_they_are() -> None:
    assert in_french("the moon is full") is None
    assert said_in("fr", DocumentError("the moon is full")) == "the moon is full"
    assert (
        said_in("en", DocumentError("a: encrypted: save the message decrypted to read it"))[0]
        == "a"
    )
