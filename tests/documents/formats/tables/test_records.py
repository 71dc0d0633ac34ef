"""JSON and JSON Lines: objects by their keys, titles, long texts, and lines that are no JSON."""

from __future__ import annotations

import json

import pytest

from documents.errors import DamagedDocument, UnsafeDocument
from documents.formats.tables import records
from documents.formats.tables.records import read_json, read_json_lines
from documents.notices import Notice, NoticeKind
from tests.documents.formats.office_files import JSON_LINES, passages

Found = list[tuple[tuple[str, ...], str]]


def lines(*values: object) -> Found:
    text = "\n".join(json.dumps(value) for value in values)
    return passages(read_json_lines(text.encode(), "a.jsonl"))


def test_an_object_is_a_passage_of_keys_and_values() -> None:
    assert passages(read_json_lines(JSON_LINES.encode(), "a.jsonl")) == [
        (("ligne 1", "Gisèle"), "nom : Gisèle ; téléphone : 418 555-0142"),
        (("ligne 2",), "nom : Luc"),
    ]


def test_values_within_values_have_their_path() -> None:
    [(_, words)] = lines({"a": {"b": [1, 2]}, "c": [{"d": True}, {"d": 2.5}], "e": {}, "f": ""})
    assert words == "a › b : 1, 2 ; c › d : true ; c › d : 2.5"


def test_titles_and_questions_head_their_texts() -> None:
    long = "La piscine ouvre tous les jours à neuf heures, sauf le lundi et les jours fériés. " * 2
    assert lines({"title": "Horaire", "text": f"{long}\n\nEt puis ?", "page": 3}) == [
        (("ligne 1", "Horaire"), "page : 3"),
        (("ligne 1", "Horaire"), long.strip()),
        (("ligne 1", "Horaire"), "Et puis ?"),
    ]
    assert lines({"question": "Quand ?", "answer": "À 9 h."}) == [
        (("ligne 1", "Quand ?"), "À 9 h.")
    ]
    assert lines({"title": "Seul"}, "simple") == [
        (("ligne 1",), "title : Seul"),
        (("ligne 2",), "simple"),
    ]


def test_lines_that_are_no_json_are_named() -> None:
    extract = read_json_lines(b'{"a": "b"}\n\nnot json\n{"a": \n', "a.jsonl")
    assert extract.notices == (Notice(NoticeKind.LINES_UNREAD, "3, 4"),)
    with pytest.raises(DamagedDocument, match="no line"):
        read_json_lines(b"not json\n", "a.jsonl")


def test_a_list_of_objects_is_numbered() -> None:
    raw = json.dumps([{"name": "Ann", "city": "Bath"}, {"name": "Bob"}]).encode()
    assert passages(read_json(raw, "a.json")) == [
        (("n° 1", "Ann"), "name: Ann; city: Bath"),
        (("n° 2",), "name: Bob"),
    ]
    with pytest.raises(DamagedDocument, match="no JSON"):
        read_json(b"{", "a.json")


def test_values_nested_deep_and_too_many_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DamagedDocument):
        read_json(b"[" * 100_000, "a.json")
    monkeypatch.setattr(records, "MAX_CELLS", 3)
    with pytest.raises(UnsafeDocument, match="more than 3 values"):
        lines([1, [2], 3, 4, 5])


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ({"id": 7, "productName": "Vélo", "price": 3}, "Vélo"),
        ({"nom_complet": "Luc Roy", "tel": 3}, "Luc Roy"),
        ({"Désignation": "Vis", "réf": "A-7"}, "Vis"),
        ({"ref": "A-7", "prix": 3}, "A-7"),
        ({"userID": "u7", "city": "Bath"}, "u7"),
        ({"intitulé": "Prêt", "durée": 3}, "Prêt"),
    ],
)
def test_a_short_object_is_under_what_names_it(value: dict[str, object], title: str) -> None:
    [(path, words)] = lines(value)
    assert path[1:] == (title,)
    assert title in words
    assert read_json(json.dumps(value).encode(), "a.json").file_title == title


@pytest.mark.parametrize(
    "value",
    [{"prix": 3, "ville": "Bath"}, {"a": {"name": "x"}, "b": 1}, {"name": "y " * 150, "b": 1}],
)
def test_an_object_without_a_name_is_under_its_number(value: dict[str, object]) -> None:
    [(path, _)] = lines(value)
    assert len(path) == 1


def one(value: object) -> Found:
    return passages(read_json(json.dumps(value).encode(), "a.json"))


def test_objects_of_a_list_within_an_object_are_sections() -> None:
    people = [{"nom": "Gisèle", "tél": "1"}, {"nom": "Denis", "tél": "2"}]
    gisele, denis = "nom : Gisèle ; tél : 1", "nom : Denis ; tél : 2"
    assert one({"contacts": people}) == [
        (("contacts n° 1", "Gisèle"), gisele),
        (("contacts n° 2", "Denis"), denis),
    ]
    assert one({"titre": "Annuaire", "a": {"b": [people]}, "v": 3}) == [
        (("Annuaire",), "titre : Annuaire ; v : 3"),
        (("Annuaire", "a › b n° 1", "Gisèle"), gisele),
        (("Annuaire", "a › b n° 2", "Denis"), denis),
    ]


def test_an_object_within_another_is_under_its_name() -> None:
    [(_, first), (path, phone), (other, _)] = lines(
        {"nom": "Gisèle", "tél": [{"type": "bureau", "n": 1}]}, {"nom": "Luc"}
    )
    assert first == "nom : Gisèle"
    assert path == ("ligne 1", "Gisèle", "tél n° 1")
    assert phone == "type : bureau ; n : 1"
    assert other == ("ligne 2",)


def test_objects_of_one_long_text_are_sections_and_of_one_word_are_not() -> None:
    text = "La piscine ouvre tous les jours à neuf heures, sauf le lundi et les jours fériés. " * 2
    assert len(one({"avis": [{"texte": text}, {"texte": text}]})) == 2
    assert one({"nom": "Luc", "rôles": [{"r": "maire"}, {"r": "élu"}]}) == [
        (("Luc",), "nom : Luc ; rôles › r : maire ; rôles › r : élu")
    ]


def test_objects_deep_in_one_another_keep_all_their_values() -> None:
    value: dict[str, object] = {"k": "v99", "z": "w"}
    for depth in range(30):
        value = {"k": f"v{depth}", "sub": [value]}
    text = " ".join(words for _, words in one(value))
    assert all(f"v{depth}" in text for depth in (*range(30), 99))


def test_too_many_objects_within_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_CELLS", 5)
    with pytest.raises(UnsafeDocument, match="more than 5 values"):
        read_json(json.dumps({"a": [{"b": 1, "c": 2}] * 3}).encode(), "a.json")
