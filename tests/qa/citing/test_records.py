"""Citations for programs, exactly."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.types import checksum
from qa.citing.records import bibtex, csl_json, ris
from tests.qa.citing.citations import PROPERTIES, TEXT, URL, reference

DIGEST = checksum(TEXT)
TEXTS = st.text(alphabet="ab{}\\$&#%_~^ é\n\r\u2028", max_size=20)


def test_bibtex_is_an_entry() -> None:
    cited = reference(known=PROPERTIES, title="50 % & {plus}", quote="a_b \\ c~d^e")
    url = cited.url
    assert bibtex(cited) == (
        "@misc{notes-a-b-4-21,\n"
        "  author = {Dupont, Zoé and R \\& D},\n"
        "  title = {{50 \\% \\& \\{plus\\}}},\n"
        "  publisher = {Mila},\n"
        "  year = {2025},\n"
        "  date = {2025-01-31},\n"
        f"  note = {{Un › Deux, characters 4–21. SHA-256: {DIGEST}}},\n"
        "  annote = {a\\_b \\textbackslash{} c\\textasciitilde{}d\\textasciicircum{}e},\n"
        f"  url = {{{url}}}\n}}"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [("Zoé Dupont", "{Zoé Dupont}"), ("Research and Development", "{{Research and Development}}"),
     ("A, B, C", "{{A, B, C}}"), ("Brandt", "{Brandt}")],
)  # fmt: skip
def test_bibtex_takes_no_organisation_apart(name: str, written: str) -> None:
    assert f"author = {written}," in bibtex(reference(known={"author": (name,)}))


@given(TEXTS)
def test_braces_of_bibtex_are_always_balanced(text: str) -> None:
    cited = reference(known={"author": (text,)}, title=text, quote=text or "a", section=[text])
    bare = bibtex(cited).replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")


def test_csl_json_is_a_list_of_one_item() -> None:
    assert json.loads(csl_json(reference(known=PROPERTIES, page=7))) == [
        {
            "id": "notes-a-b-4-21",
            "type": "document",
            "title": "Le titre",
            "author": [{"family": "Dupont", "given": "Zoé"}, {"literal": "R & D"}],
            "publisher": "Mila",
            "issued": {"date-parts": [[2025, 1, 31]]},
            "language": "fr",
            "page": "7",
            "URL": URL,
            "annote": "Le chat.\nIl dort.",
            "note": f"Un › Deux, p.\u00a07, characters 4–21. SHA-256: {DIGEST}",
        }
    ]


def test_csl_json_leaves_out_what_is_not_known() -> None:
    (item,) = json.loads(csl_json(reference()))
    assert not {"author", "publisher", "issued", "page"} & set(item)


def test_ris_is_a_record() -> None:
    assert ris(reference(known=PROPERTIES, page=7)).split("\r\n") == [
        "TY  - ELEC", "ID  - notes-a-b-4-21", "AU  - Dupont, Zoé", "AU  - R & D",
        "TI  - Le titre", "PB  - Mila", "PY  - 2025", "DA  - 2025/01/31/", "LA  - fr", "SP  - 7",
        "AB  - Le chat. Il dort.", f"N1  - Un › Deux, p. 7, characters 4–21. SHA-256: {DIGEST}",
        f"UR  - {URL}", "ER  - ", "",
    ]  # fmt: skip


@pytest.mark.parametrize(("date", "written"), [("2025", []), ("2025-01", ["DA  - 2025/01//"])])
def test_ris_has_the_part_of_the_date_that_is_known(date: str, written: list[str]) -> None:
    lines = ris(reference(known={"date": (date,)})).split("\r\n")
    assert "PY  - 2025" in lines
    assert [line for line in lines if line.startswith("DA")] == written


@given(TEXTS)
def test_no_value_starts_a_line_of_ris(text: str) -> None:
    known: dict[str, tuple[str, ...]] = {"author": (f"A\r\nER  - {text}",)}
    record = ris(reference(known=known, title=f"T{text}\nTY  - X", quote=f"q\u2028{text}"))
    lines = record.splitlines()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert [line[:2] for line in lines].count("ER") == 1
