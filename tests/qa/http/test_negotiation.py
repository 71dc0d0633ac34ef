"""Who gets which language, and who gets a page."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from qa.http.negotiation import page_language, wants_page


def request(query: str = "", **headers: str) -> Request:
    lines = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return Request({"type": "http", "query_string": query.encode(), "headers": lines})


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("fr", "fr"), ("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("FR-ca", "fr"), ("en-GB,fr;q=0.9", "en"),
        ("de,fr;q=0.5,en;q=0.4", "fr"), ("de", "en"), ("", "en"), ("*", "en"),
        ("en;q=0,fr;q=0.1", "fr"), ("fr;q=x", "en"), ("fr;q=nan", "en"), (",,;;q=", "en"),
        ("fra", "en"),
    ],
)  # fmt: skip
def test_the_browser_s_language(accepted: str, expected: str) -> None:
    assert page_language(request(accept_language=accepted)) == expected


def test_a_choice_wins_over_the_memory_and_the_memory_over_the_browser() -> None:
    assert page_language(request(accept_language="en", cookie="ui=fr")) == "fr"
    assert page_language(request("ui=en", accept_language="fr", cookie="ui=fr")) == "en"
    assert page_language(request("ui=de", accept_language="en", cookie="ui=fr")) == "fr"
    assert page_language(request("ui=", accept_language="fr", cookie="ui=x")) == "fr"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True), ("text/*", True), ("*/*", False), ("", False),
        ("application/json", False), ("application/json,text/html;q=0.9", False),
        ("text/html,application/json", False), ("text/html;q=0.9,application/*;q=0.1", True),
    ],
)  # fmt: skip
def test_pages_are_for_those_who_prefer_them(accepted: str, expected: bool) -> None:
    assert wants_page(request(accept=accepted)) is expected
