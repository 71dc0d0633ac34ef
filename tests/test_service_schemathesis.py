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
from index.build import build_index
from index.storage import Store
from qa.access import Exposure
from qa.http import create_app
from qa.service import QAService
from tests.fakes import ENGLISH, FRENCH, FakeEncoder

CASES = int(os.environ.get("PASSERELLE_CASES", "10"))
KEY = "0123456789abcdef-first"
CONFIG = SchemathesisConfig.from_dict(
    {
        # A range that is an integer and not in the text is valid by the schema alone.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "416"]}},
        "generation": {"database": "none", "max-examples": CASES, "deterministic": CASES <= 10},
        "headers": {"Authorization": f"Bearer {KEY}"},
    }
)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    encoder = FakeEncoder()
    built = build_index(
        [FRENCH, ENGLISH], Store(folder), encoder, settings=ChunkSettings(budget=12)
    )
    service = QAService(built.generation, encoder, threshold=0.0)
    return create_app(service, exposure=Exposure(keys=(KEY,)))


class Found(NamedTuple):
    """What a run of schemathesis found."""

    cases: dict[str, int]
    failures: list[str]


def run(app: ASGIApp) -> Found:
    """Run all phases: examples, boundary values, generated requests, sequences of them."""
    load_all_checks()
    cases: Counter[str] = Counter()
    failures: list[str] = []
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=CONFIG)
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            cases[event.phase.value] += len(event.recorder.cases)
            failures += _failures(event)
        if isinstance(event, NonFatalError | FatalError):
            failures.append(repr(event))
    return Found(dict(cases), failures)


def _failures(event: ScenarioFinished) -> list[str]:
    return [
        f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]


def test_every_operation_keeps_its_contract_alone_and_in_sequence(app: ASGIApp) -> None:
    found = run(app)
    print(found.cases)
    assert not found.failures, "\n\n".join(found.failures)
    assert set(found.cases) == {"examples", "coverage", "fuzzing", "stateful"}
    assert sum(found.cases.values()) >= 10 * CASES
