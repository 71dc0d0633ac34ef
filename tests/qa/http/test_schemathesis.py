"""What schemathesis makes of ``/openapi.json``: every check, for single requests and in sequence.

``PASSERELLE_CASES`` is how many cases are made of each operation; the default is for every day.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from starlette.types import ASGIApp

from documents.chunking import ChunkSettings
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.search.filters import parse_filter
from qa.answer.service import QAService
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.keys import Grant
from qa.originals.marking import Pictures
from qa.settings import Settings
from qa.uploads.jobs import Jobs
from qa.uploads.library import Library
from tests.fakes import ENGLISH, FRENCH, FakeEncoder

CASES = int(os.environ.get("PASSERELLE_CASES", "10"))
KEY, PART = "0123456789abcdef-first", "0123456789abcdef-part"
HIDDEN = (ENGLISH.id, ENGLISH.title, ENGLISH.sha256, "cat sees the sea")
"""What the owner of the second key must never be told, beside what was asked."""


def config(key: str, cases: int, **more: object) -> SchemathesisConfig:
    """Return how to try the service with a key, in so many cases of each operation."""
    # A range that is an integer and not in the text is valid by the schema alone.
    statuses = ["2xx", "304", "404", "416"]
    if key == PART:
        statuses.append("403")
    return SchemathesisConfig.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": statuses},
                # 431: what is wrong and larger than any address may be is refused for its size.
                "negative_data_rejection": {
                    "expected-statuses": ["400", "401", "403", "404", "406", "415", "422", "431"]
                },
            },
            "generation": {"database": "none", "max-examples": cases, "deterministic": cases <= 10},
            "headers": {"Authorization": f"Bearer {key}"},
            **more,
        }
    )


@pytest.fixture
def app(tmp_path: Path) -> ASGIApp:
    folder, encoder = tmp_path, FakeEncoder()
    built = build_index(
        [FRENCH, ENGLISH], FolderStore(folder), encoder, settings=ChunkSettings(budget=12)
    )
    service = QAService(built.generation, encoder, threshold=0.0)
    jobs = Jobs(folder / "jobs", lambda *_: None)
    settings = Settings(folder, folder)
    library, pictures = Library.of(settings, jobs), Pictures.of(settings)
    wanted = parse_filter({"type": "eq", "key": "document", "value": FRENCH.id})
    exposure = Exposure(keys=(KEY,), grants=(Grant(PART, "part", wanted),))
    return create_app(service, exposure=exposure, library=library, pictures=pictures)


class Found(NamedTuple):
    """What a run of schemathesis found."""

    cases: dict[str, int]
    failures: list[str]
    bodies: list[bytes]


def run(app: ASGIApp, config: SchemathesisConfig) -> Found:
    """Run all phases: examples, boundary values, generated requests, sequences of them."""
    load_all_checks()
    cases: Counter[str] = Counter()
    failures: list[str] = []
    bodies: list[bytes] = []
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    # Names of files and their suffixes decide what is taken, and a schema cannot say that of
    # multipart bodies: ``tests/qa/uploads`` sends files. A document that is to be removed is there
    # until its job is done, which a check of what was deleted does not know.
    tried = schema.exclude(method="POST", path="/documents").exclude(method="DELETE")
    for event in from_schema(tried).execute():
        if isinstance(event, ScenarioFinished):
            cases[event.phase.value] += len(event.recorder.cases)
            failures += _failures(event)
            bodies += _bodies(event)
        if isinstance(event, NonFatalError | FatalError):
            failures.append(repr(event))
    return Found(dict(cases), failures, bodies)


def _bodies(event: ScenarioFinished) -> list[bytes]:
    replies = (exchange.response for exchange in event.recorder.interactions.values())
    return [reply.content for reply in replies if reply is not None]


def _failures(event: ScenarioFinished) -> list[str]:
    return [
        f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]


def test_every_operation_keeps_its_contract_alone_and_in_sequence(app: ASGIApp) -> None:
    found = run(app, config(KEY, CASES))
    print(found.cases)
    assert not found.failures, "\n\n".join(found.failures)
    assert set(found.cases) == {"examples", "coverage", "fuzzing", "stateful"}
    assert sum(found.cases.values()) >= 10 * CASES


def test_a_key_with_a_filter_keeps_the_contract_and_is_told_of_nothing_else(app: ASGIApp) -> None:
    # Fewer cases: the contract is the same; what counts is what is in the answers.
    phases = {name: {"enabled": False} for name in ("stateful", "coverage")}
    found = run(app, config(PART, max(2, CASES // 4), phases=phases))
    assert not found.failures, "\n\n".join(found.failures)
    assert len(found.bodies) >= 20
    said = b"\n".join(found.bodies).decode(errors="replace")
    assert FRENCH.title in said
    assert not [hidden for hidden in HIDDEN if hidden in said]
