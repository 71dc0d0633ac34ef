"""Keys, names of the service and rates: who may ask, and how often."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from qa.answer.service import QAService
from qa.http.access import Keys
from qa.http.app import create_app
from qa.http.rate_limiter import RateLimiter, client_name
from qa.server.serving import exposure
from qa.settings import Quota, Settings
from tests.http_clients import Open, assert_problem

KEY, OTHER_KEY = "0123456789abcdef-first", "0123456789abcdef-second"


# Keys


@pytest.mark.parametrize("key", [KEY, OTHER_KEY])
def test_any_of_several_keys_opens_the_service(opened: Open, key: str) -> None:
    client = opened(keys=(KEY, OTHER_KEY))
    for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
        assert client.get("/documents", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-API-Key": ""}, {"X-API-Key": KEY[:-1]}, {"X-API-Key": KEY + "x"},
        {"X-API-Key": f"{KEY},{OTHER_KEY}"}, {"Authorization": KEY},
        {"Authorization": f"Basic {KEY}"}, {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {KEY[:-1]}é".encode("latin-1")},
    ],
)  # fmt: skip
def test_without_a_key_nothing_that_is_indexed_is_seen(
    opened: Open, headers: dict[str, str | bytes]
) -> None:
    client = opened(keys=(KEY, OTHER_KEY))
    for path in (
        "/", "/?q=chat", "/documents", "/documents/french", "/documents/french/text",
        "/ask?q=chat", "/metrics", "/nothing",
    ):  # fmt: skip
        response = client.get(path, headers=headers)  # type: ignore[arg-type]
        assert_problem(response, "unauthorised")
        assert response.headers["www-authenticate"] == 'Bearer realm="passerelle"'
    for path in ("/health", "/ready", "/docs", "/openapi.json", "/problems/overloaded"):
        assert client.get(path, headers=headers).status_code == 200  # type: ignore[arg-type]


PAGE = {"Accept": "text/html"}


def test_a_browser_asks_its_user_for_the_key(opened: Open) -> None:
    client = opened(keys=(KEY, OTHER_KEY))
    for path in ("/", "/?q=chat", "/documents/french"):
        refused = client.get(path, headers=PAGE)
        assert_problem(refused, "unauthorised")
        assert refused.headers["www-authenticate"] == 'Basic realm="passerelle", charset="UTF-8"'
        page = client.get(path, headers=PAGE, auth=("anyone", OTHER_KEY))
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert client.get(path, headers=PAGE, auth=(KEY, "")).status_code == 401
    for written in ("Basic ???", "Basic YQ==", "Basic", "Basic w6k6w6k="):
        assert client.get("/", headers={**PAGE, "Authorization": written}).status_code == 401


def test_a_key_is_held_as_a_digest_and_shown_nowhere() -> None:
    settings = Settings.from_environment({"QA_API_KEY": f"{KEY}, {OTHER_KEY}"})
    assert settings.keys == (KEY, OTHER_KEY)
    exposed = exposure("0.0.0.0", settings)  # noqa: S104
    for holder in (settings, exposed, vars(Keys(settings.keys))):
        assert KEY not in repr(holder)


def test_the_description_names_the_keys_where_they_are_needed(opened: Open) -> None:
    locked = opened(keys=(KEY,)).get("/openapi.json").json()
    assert set(locked["components"]["securitySchemes"]) == {"bearer", "key"}
    assert locked["paths"]["/ask"]["post"]["security"] == [{"bearer": []}, {"key": []}]
    assert "security" not in locked["paths"]["/health"]["get"]
    assert "securitySchemes" not in opened().get("/openapi.json").json()["components"]


# Names


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200), ("localhost", 200), ("LOCALHOST:1", 200), ("[::1]:8000", 200),
        ("qa.example", 200), ("evil.example", 421), ("evil.example:8000", 421),
        ("127.0.0.1.evil.example", 421), ("localhost.", 421),
    ],
)  # fmt: skip
def test_on_loopback_only_its_own_names_are_answered(
    service: QAService, host: str, status: int
) -> None:
    near = exposure("127.0.0.1", Settings.from_environment({"QA_HOSTS": "qa.example"}))
    client = TestClient(create_app(service, exposure=near))
    response = client.get("/documents", headers={"Host": host})
    assert response.status_code == status
    if status == 421:
        assert_problem(response, "misdirected-request")


def test_elsewhere_any_name_is_answered_unless_names_are_set() -> None:
    assert exposure("0.0.0.0", Settings.from_environment({})).hosts == ()  # noqa: S104
    named = Settings.from_environment({"QA_HOSTS": "a.example, b.example"})
    assert exposure("192.0.2.1", named).hosts == ("a.example", "b.example")


# Rates


def test_a_client_that_asks_too_often_is_told_when_to_come_back(opened: Open) -> None:
    client = opened(rate=Quota(3, 3600))
    responses = [client.get("/ask", params={"q": "chat"}) for _ in range(4)]
    assert [r.status_code for r in responses] == [200, 200, 200, 429]
    assert [r.headers["ratelimit"].split(";t=")[0] for r in responses] == [
        '"client";r=2', '"client";r=1', '"client";r=0', '"client";r=0',
    ]  # fmt: skip
    assert {r.headers["ratelimit-policy"] for r in responses} == {'"client";q=3;w=3600'}
    assert_problem(responses[3], "too-many-requests")
    assert 1 <= int(responses[3].headers["retry-after"]) <= 3600
    assert client.get("/health").status_code == 200


def test_a_batch_counts_as_many_times_as_it_has_questions(opened: Open) -> None:
    client = opened(rate=Quota(5, 3600))
    batch = {"questions": [{"question": "chat"}] * 3}
    assert client.post("/ask/batch", json=batch).status_code == 200
    refused = client.post("/ask/batch", json=batch)
    assert_problem(refused, "too-many-requests")
    assert int(refused.headers["retry-after"]) >= 1


def test_each_client_has_its_own_quota() -> None:
    limiter = RateLimiter(Quota(1, 3600))
    asked = [limiter.take(client_name(a)) for a in ("192.0.2.1", "192.0.2.1", "192.0.2.2")]
    assert asked == [True, False, True]


def test_an_ipv6_client_is_its_network() -> None:
    assert client_name("2001:db8:1:2:3::4") == client_name("2001:db8:1:2::") == "2001:db8:1:2::/64"
    assert client_name("2001:db8:1:3::") != client_name("2001:db8:1:2::")
    assert client_name("unix") == "unix"


def test_clients_with_keys_are_told_apart_by_them(opened: Open) -> None:
    client = opened(keys=(KEY, OTHER_KEY), rate=Quota(1, 3600))
    statuses = [
        client.get("/documents", headers={"X-API-Key": key}).status_code
        for key in (KEY, KEY, OTHER_KEY)
    ]
    assert statuses == [200, 429, 200]


def test_guessing_keys_is_limited_too(opened: Open) -> None:
    client = opened(keys=(KEY,), rate=Quota(2, 3600))
    guesses = [client.get("/documents", headers={"X-API-Key": "x" * n}) for n in range(16, 20)]
    assert [g.status_code for g in guesses] == [401, 401, 429, 429]


def test_the_rate_depends_on_who_can_reach_the_service() -> None:
    assert exposure("127.0.0.1", Settings.from_environment({})).rate is None
    assert exposure("::1", Settings.from_environment({})).rate is None
    assert exposure("192.0.2.1", Settings.from_environment({})).rate == Quota(120, 60)
    assert exposure("192.0.2.1", Settings.from_environment({"QA_RATE": "off"})).rate is None
    for host in ("localhost", "192.0.2.1"):
        rate = exposure(host, Settings.from_environment({"QA_RATE": "5/second"})).rate
        assert rate == Quota(5, 1)
