"""The page's sentences exist in both languages and keep French typography."""

from __future__ import annotations

import re
import string

import pytest

from qa.http.page.assets import FOLDER
from qa.http.page.texts import TEXTS, grouped, unbroken

FRENCH = TEXTS["fr"].items()


def test_both_languages_say_the_same_things() -> None:
    assert list(TEXTS["fr"]) == list(TEXTS["en"])
    for name, text in FRENCH:
        assert _places(text) == _places(TEXTS["en"][name]), name


def _places(text: str) -> int:
    return sum(field is not None for _, field, _, _ in string.Formatter().parse(text))


@pytest.mark.parametrize(("name", "text"), FRENCH)
def test_french_typography(name: str, text: str) -> None:
    assert "'" not in text, name
    assert "..." not in text, name
    assert not re.search(r"[^\u00a0\u202f/][:;!?%»](?!\w)|«[^\u00a0\u202f]", text), name


@pytest.mark.parametrize("name", TEXTS["fr"])
def test_no_text_is_left_over(name: str) -> None:
    sources = [
        *FOLDER.glob("*.html"), *FOLDER.parent.glob("*.py"), FOLDER / "page.js",
    ]  # fmt: skip
    code = "\n".join(path.read_text("utf-8") for path in sources if path.name != "page_texts.py")
    assert any(re.search(rf"\b{key}\b", code) for key in (name, *_computed(name)))


def _computed(name: str) -> list[str]:
    """Return what stands in the code where a name is put together, or is the script's."""
    camel = re.sub(r"_(\w)", lambda found: found[1].upper(), name)
    put = [p for p in ("in_", "form_") if name in {"in_fr", "in_en"} or name.startswith("form_")]
    return [camel, name.removesuffix("_title"), *put]


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (7, "7", "7"),
        (10186, "10\u202f186", "10,186"),
        (1000000, "1\u202f000\u202f000", "1,000,000"),
    ],
)
def test_thousands_are_grouped(number: int, french: str, english: str) -> None:
    assert (grouped(number, "fr"), grouped(number, "en")) == (french, english)


def test_titles_keep_punctuation_with_its_word() -> None:
    assert unbroken("Ici : « là » ? Oui !") == ("Ici\u00a0: «\u00a0là\u00a0»\u00a0? Oui\u00a0!")
