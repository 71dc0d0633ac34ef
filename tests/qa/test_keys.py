"""The file of keys: its two forms, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search.filters import Comparison
from qa.errors import InvalidSetting
from qa.keys import Grant, read_grants
from qa.settings import Settings

KEY, OTHER = "0123456789abcdef-first", "0123456789abcdef-other"
FOUND = (
    Grant(KEY, "payroll", Comparison("eq", "collection", ("rh",))),
    Grant(OTHER, "all"),
)
JSON = (
    f'{{"keys": [{{"key": "{KEY}", "name": "payroll", "filter": {{"type": "eq", '
    f'"key": "collection", "value": "rh"}}}}, {{"key": "{OTHER}", "name": "all"}}]}}'
)
TOML = f"""
[[keys]]
key = "{KEY}"
name = "payroll"
filter = {{type = "eq", key = "collection", value = "rh"}}

[[keys]]
key = "{OTHER}"
name = "all"
"""


@pytest.mark.parametrize(("name", "content"), [("keys.json", JSON), ("keys.toml", TOML)])
def test_keys_are_read_from_a_file(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert Settings.from_environment({"QA_KEYS": str(path)}).grants == FOUND
    assert KEY not in repr(FOUND)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f'[{{"key": "{KEY}"', "cannot be read (not sound JSON or TOML)"),
        ("[]", "holds no list of keys"),
        ('{"keys": 3}', "holds no list of keys"),
        (f'[{{"key": "{KEY}"}}]', "key 1: must have a key, a name"),
        (f'[{{"key": "{KEY}", "name": "a", "filters": {{}}}}]', "key 1: must have a key, a name"),
        ('[{"key": "short", "name": "a"}]', "key 1 (a): a key is 16 or more"),
        (f'[{{"key": "{KEY}", "name": ""}}]', "key 1: its name must be a text"),
        (f'[{{"key": "{KEY}", "name": "a", "filter": null}}]', "key 1 (a): filter: must be an"),
        (f'[{{"key": "{KEY}", "name": "a"}}, {{"key": "{KEY}", "name": "b"}}]', "a key twice"),
    ],
)
def test_what_is_wrong_is_said_without_the_key(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidSetting) as caught:
        read_grants(path)
    assert message in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"none.json.*No such file"):
        read_grants(tmp_path / "none.json")
