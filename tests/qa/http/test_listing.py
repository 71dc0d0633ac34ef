"""The list of documents: a part at a time, searched, sorted, filtered; only what a key may see."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from documents.chunking import ChunkSettings
from documents.notices import Notice, NoticeKind
from documents.types import Document
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.search.filters import parse_filter
from qa.answer.service import QAService
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.keys import Grant
from tests.fakes import FakeEncoder, document
from tests.http_clients import assert_problem

WHOLE, PART = "0123456789abcdef-whole", "0123456789abcdef-part"


def held(name: str, title: str, paragraphs: int, *properties: tuple[str, str]) -> Document:
    made = document(name, "fr", {"Chat": [f"Le chat {n} du roi." for n in range(paragraphs)]})
    return replace(made, title=title, properties=tuple((k, (v,)) for k, v in sorted(properties)))


HELD = [
    held("rapport-2024", "Rapport d’activité", 3, ("modified", "2024-05-02"), ("path", "rh/r.pdf")),
    held("conges", "Congés payés", 1, ("modified", "2025-01-01"), ("path", "rh/Congés.docx")),
    replace(
        held("bail", "Bail", 2, ("date", "2019-03"), ("modified", "2026-01-01"), ("path", "b.md")),
        notices=(Notice(NoticeKind.COMMENTS, "2"),),
    ),
    replace(
        held("écran", "écran plat", 4, ("path", "c.txt")),
        notices=(Notice(NoticeKind.DECODED_AS, "Windows-1252"),),
    ),
]


@pytest.fixture
def service(tmp_path: Path) -> QAService:
    encoder, small = FakeEncoder(), ChunkSettings(budget=12)
    built = build_index(HELD, FolderStore(tmp_path / "held"), encoder, settings=small)
    return QAService(built.generation, encoder, threshold=0.0)


@pytest.fixture
def client(service: QAService) -> TestClient:
    return TestClient(create_app(service))


def ids(found: Any) -> list[str]:
    return [entry["id"] for entry in found["documents"]]


def test_the_list_comes_a_part_at_a_time(client: TestClient) -> None:
    path, found = "/documents?limit=3&sort=title", []
    while path:
        part = client.get(path).json()
        assert part["total"] == 4
        found.append(ids(part))
        path = part["next"]
    assert found == [["bail", "conges", "écran"], ["rapport-2024"]]
    beyond = client.get("/documents?offset=9").json()
    assert beyond == {"total": 4, "documents": [], "next": None}


def test_the_next_part_is_of_the_same_list(client: TestClient) -> None:
    part = client.get("/documents?limit=1&in=rh&q=r&sort=-passages").json()
    assert (ids(part), part["total"]) == (["rapport-2024"], 2)
    again = client.get(part["next"]).json()
    assert (ids(again), again["next"]) == (["conges"], None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("CONGES", ["conges"]), ("congés  payes", ["conges"]), ("rh/", ["rapport-2024", "conges"]),
        ("ECRAN", ["écran"]), ("2024", ["rapport-2024"]), ("bail rh", []), ("  ", None),
    ],
)  # fmt: skip
def test_words_are_searched_without_accents_and_case(
    client: TestClient, words: str, expected: list[str] | None
) -> None:
    found = client.get("/documents", params={"q": words}).json()
    assert ids(found) == ([d.id for d in HELD] if expected is None else expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", "rapport-2024 conges bail écran"), ("title", "bail conges écran rapport-2024"),
        ("-title", "rapport-2024 écran conges bail"),
        ("modified", "rapport-2024 conges bail écran"),
        ("-modified", "bail conges rapport-2024 écran"),
        ("date", "bail rapport-2024 conges écran"),
        ("passages", "conges bail rapport-2024 écran"),
    ],
)  # fmt: skip
def test_the_list_is_sorted_what_has_no_date_last(
    client: TestClient, sort: str, expected: str
) -> None:
    assert ids(client.get("/documents", params={"sort": sort}).json()) == expected.split()


def test_filters_are_those_of_a_question(client: TestClient) -> None:
    for query, expected in {
        "in=rh": ["rapport-2024", "conges"], "since=2025": ["conges"],
        "filter=modified>=2025": ["conges", "bail"], "until=2019-12": ["bail"],
    }.items():  # fmt: skip
        assert ids(client.get(f"/documents?{query}").json()) == expected, query
    assert_problem(client.get("/documents?filter=nothing"), "invalid-filter")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "offset=-1", "sort=colour", "sort=title&sort=date", "x=1",
              "q=" + "a" * 501],
)  # fmt: skip
def test_what_cannot_be_listed_is_a_problem(client: TestClient, query: str) -> None:
    assert_problem(client.get(f"/documents?{query}"), "invalid-request")


def test_each_says_whether_all_of_it_was_read(client: TestClient) -> None:
    found = client.get("/documents").json()["documents"]
    assert [entry["state"] for entry in found] == ["read", "read", "partly-read", "read"]


def test_a_key_with_a_filter_is_told_of_its_documents_alone(service: QAService) -> None:
    grant = Grant(PART, "rh", parse_filter({"type": "eq", "key": "folder", "value": "rh"}))
    client = TestClient(create_app(service, exposure=Exposure(keys=(WHOLE,), grants=(grant,))))
    seen = client.get("/documents?limit=1&sort=title", headers={"X-API-Key": PART}).json()
    assert (seen["total"], ids(seen)) == (2, ["conges"])
    assert client.get("/documents?q=bail", headers={"X-API-Key": PART}).json()["total"] == 0
    assert client.get("/documents", headers={"X-API-Key": WHOLE}).json()["total"] == 4


PAGE = {"Accept": "text/html", "Accept-Language": "en"}


def test_people_get_a_page_of_the_list(client: TestClient) -> None:
    page = client.get("/documents?sort=title&limit=2&in=&tag=", headers=PAGE)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for said in (
        "4 documents",
        "1 to 2",
        "comments were not read",
        "partly read",
        "b.md",
        "2019-03",
    ):
        assert said in page.text.replace("\u00a0", " "), said
    assert re.findall(r'<th scope="row"><a href="/documents/([^"]+)"', page.text) == [
        "bail", "conges",
    ]  # fmt: skip
    (after,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    following = client.get(html.unescape(after), headers=PAGE).text
    assert "Rapport d’activité" in following
    assert 'rel="next"' not in following
    assert 'rel="prev"' in following


def test_the_page_says_what_it_does_not_find(client: TestClient) -> None:
    assert "Try fewer words" in client.get("/documents?q=zzz", headers=PAGE).text
    assert client.get("/documents?limit=0", headers=PAGE).status_code == 422


def test_the_home_page_leads_to_the_whole_list(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    many = [held(f"d{n}", f"Document {n}", 1) for n in range(10)]
    built = build_index(many, FolderStore(tmp_path / "many"), encoder)
    client = TestClient(create_app(QAService(built.generation, encoder, threshold=0.0)))
    assert '<a href="/documents">and 2\u00a0more</a>' in client.get("/", headers=PAGE).text
