"""Citations over HTTP."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from qa.citing.forms import FORMS
from tests.fakes import FRENCH
from tests.http_clients import Open

PATH = f"/documents/{FRENCH.id}/citation"
PLACE = {"start": 11, "end": 36}


def test_a_range_is_cited_as_text_by_default(opened: Open) -> None:
    response = opened().get(PATH, params=PLACE, headers={"Accept-Language": "fr"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith(
        "«\u00a0Le chat dort près du roi.\u00a0» — French, Les bêtes, caractères 11–36. http"
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_form_has_its_media_type_and_all_that_is_known(opened: Open, form: str) -> None:
    response = opened().get(PATH, params={**PLACE, "format": form})
    assert response.headers["content-type"] == f"{FORMS[form].media_type}; charset=utf-8"  # type: ignore[index]
    assert FRENCH.sha256 in response.text
    assert f"/documents/french?c=11-36&v={FRENCH.sha256[:12]}" in response.text


def test_the_whole_document_is_under_no_heading(opened: Open) -> None:
    (item,) = json.loads(opened().get(PATH, params={"format": "csl-json"}).text)
    assert item["annote"] == FRENCH.text
    assert item["note"].startswith("characters 0–")


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{PATH}?format=doc", 422), (f"{PATH}?start=5&end=3", 416), (f"{PATH}?end=99999", 416),
     ("/documents/none/citation", 404), (f"{PATH}?x=1", 422)],
)  # fmt: skip
def test_what_cannot_be_cited_is_refused(opened: Open, path: str, status: int) -> None:
    response = opened().get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_programs_can_follow_a_permanent_link(opened: Open) -> None:
    (item,) = json.loads(opened().get(PATH, params={**PLACE, "format": "csl-json"}).text)
    response = opened().get(item["URL"].partition("#")[0])
    assert response.json()["id"] == FRENCH.id
    assert quote(FRENCH.id) in item["URL"]
