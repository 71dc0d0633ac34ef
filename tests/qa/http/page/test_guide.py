"""The help says the same in both languages, is linked from every page, and agrees with the code."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from qa.answer.service import QAService
from qa.http.app import create_app
from qa.http.limits import MAX_UPLOAD
from qa.http.page.guide import GUIDE
from qa.question import MAX_LENGTH
from qa.uploads.library import LARGEST_FILE, MOST_FILES

BROWSER = {"Accept": "text/html"}


def said(code: str) -> str:
    return " ".join(" ".join([p.title, p.lead, *p.points]) for p in GUIDE[code])


@pytest.fixture
def client(service: QAService) -> TestClient:
    return TestClient(create_app(service), headers=BROWSER)


def test_both_languages_have_the_same_parts_and_numbers() -> None:
    shapes = [[(p.name, len(p.points)) for p in GUIDE[code]] for code in ("fr", "en")]
    assert shapes[0] == shapes[1]
    numbers = [re.sub(r"(?<=\d)[\u202f,](?=\d{3})", "", said(code)) for code in ("fr", "en")]
    first, second = (sorted(re.findall(r"\d+", text)) for text in numbers)
    assert first == second


def test_the_limits_are_those_of_the_code() -> None:
    for code, limit in (("fr", "1\u202f000"), ("en", "1,000")):
        assert MAX_LENGTH == 1000
        assert limit in said(code)
        assert f"{LARGEST_FILE // 2**20}\u00a0Mi" in said(code)
        assert f"{MOST_FILES}\u00a0fi" in said(code)
        assert f"{MAX_UPLOAD // 2**20}\u00a0Mi" in said(code)


def test_french_typography() -> None:
    assert "'" not in said("fr")
    assert not re.search(
        r"[^\u00a0\u202f/][:;!?%»](?!\w)|«[^\u00a0\u202f]", said("fr").replace("Authorization:", "")
    )


@pytest.mark.parametrize("path", ["/", "/?q=chat", "/documents", "/documents/french", "/nothing"])
def test_every_page_leads_to_the_help(client: TestClient, path: str) -> None:
    assert 'href="/help"' in client.get(path).text


def test_the_help_is_in_the_language_of_the_reader(client: TestClient) -> None:
    assert "Ce que veut dire la confiance" in client.get("/help?ui=fr").text
    english = client.get("/help", headers={"Accept-Language": "en"}, params={"ui": "en"}).text
    assert "What the confidence means" in english
