"""Documents come and go over HTTP: files are checked, kept, indexed, given back and removed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from documents.chunking import ChunkSettings
from index.build.pipeline import build_index
from index.errors import IndexingError
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.search.filters import parse_filter
from qa.answer.service import QAService
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.http.state import state_of
from qa.indexes.building import index_paths
from qa.keys import Grant
from qa.originals.marking import Pictures
from qa.settings import Settings
from qa.uploads import library as libraries
from qa.uploads import work as working
from qa.uploads.jobs import INTERRUPTED, MOST_UNFINISHED, Jobs
from qa.uploads.library import Library
from qa.uploads.shelf import safe_name
from qa.uploads.work import work
from tests.fakes import ENGLISH, FRENCH, FakeEncoder
from tests.http_clients import assert_problem

ROOT = Path(__file__).parents[3]
WHOLE, PART = "0123456789abcdef-whole", "0123456789abcdef-part"
NEAR = "127.0.0.1"
CAT, SEA = b"# Cat\n\nThe cat sleeps near the king.\n", b"# Sea\n\nThe sea is calm and wide.\n"


class Service:
    """A service whose jobs wait until the test lets them run, in this process."""

    def __init__(self, folder: Path) -> None:
        """Start with the documents of an index that follows a folder."""
        self.settings = Settings(folder / "index", folder)
        self.encoder, self.waiting = FakeEncoder(), list[str]()
        self.own = folder / "own"
        self.own.mkdir()
        (self.own / "notes.md").write_bytes(b"# Notes\n\nNo king has bread here.\n")
        index_paths([self.own], self.settings, encoder=self.encoder)
        self.jobs = Jobs.of(self.settings.index, self._start)
        self.library = Library.of(self.settings, self.jobs)
        self.takes_files = True
        self._locks: list[int] = []
        self.client = self.opened()

    def opened(self, address: str = NEAR, **exposed: Any) -> TestClient:
        """Open the service to a client at an address."""
        app = create_app(
            self._service(), exposure=Exposure(**exposed),
            library=self.library if self.takes_files else None,
            pictures=Pictures.of(self.settings),
        )  # fmt: skip
        self.app = app
        return TestClient(app, base_url=f"http://{NEAR}", client=(address, 1))

    def run(self) -> None:
        """Let the jobs run, and the service see what they built."""
        while self.waiting:
            work(self.waiting.pop(0), self.settings, self.encoder)
            os.close(self._locks.pop(0))
        state_of(self.app).use(self._service())

    def send(self, *files: tuple[str, bytes], status: int = 202) -> Any:
        """Send files; return what is answered."""
        reply = self.client.post("/documents", files=[("files", file) for file in files])
        assert reply.status_code == status, reply.text
        return reply.json()

    def done(self, job: Any) -> Any:
        """Let the jobs run, and return what came of this one."""
        self.run()
        return self.client.get(f"/jobs/{job['id']}").json()

    def ids(self) -> list[str]:
        """Return the identifiers of all documents."""
        return [entry["id"] for entry in self.client.get("/documents").json()["documents"]]

    def files(self) -> list[str]:
        """Return the names of the files that are kept."""
        folder = self.library.shelf.folder
        return sorted(f.name for f in folder.iterdir() if f.name[0] != ".")

    def _start(self, name: str, lock: int) -> None:
        self.waiting.append(name)
        self._locks.append(os.dup(lock))

    def _service(self) -> QAService:
        store = FolderStore(self.settings.index)
        return QAService(Generation.open(store.current()), self.encoder, threshold=0.0)

    def close(self) -> None:
        """Let go of the locks of jobs that never ran."""
        for lock in self._locks:
            os.close(lock)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    yield made
    made.close()


def test_files_that_are_sent_are_indexed_and_nothing_else_is_lost(service: Service) -> None:
    job = service.send(("cat.md", CAT), ("sea.md", SEA))
    assert (job["state"], job["kind"]) == ("waiting", "upload")
    assert service.client.get(f"/jobs/{job['id']}").json() == job
    done = service.done(job)
    assert (done["state"], done["reasons"]) == ("done", [])
    assert done["documents"] == [
        {"file": "cat.md", "id": "cat", "change": "added"},
        {"file": "sea.md", "id": "sea", "change": "added"},
    ]
    assert service.ids() == ["notes", "cat", "sea"]
    assert service.client.get("/ask?q=cat").json()["passages"][0]["citation"]["title"] == "Cat"


def test_the_same_bytes_are_the_same_document_and_need_no_build(service: Service) -> None:
    service.done(service.send(("cat.md", CAT)))
    for name in ("cat.md", "other.md"):
        again = service.send((name, CAT))
        assert again["state"] == "done"
        assert again["documents"] == [{"file": name, "id": "cat", "change": "unchanged"}]
    assert (service.waiting, service.files()) == ([], ["cat.md"])


def test_a_file_that_a_followed_folder_holds_is_that_document(service: Service) -> None:
    there = (service.own / "notes.md").read_bytes()
    done = service.done(service.send(("copy.md", there), ("notes.md", CAT)))
    assert done["documents"] == [
        {"file": "copy.md", "id": "notes", "change": "unchanged"},
        {"file": "notes.md", "id": service.ids()[1], "change": "added"},
    ]
    assert (len(service.ids()), service.files()) == (2, ["notes.md"])
    alone = service.done(service.send(("again.md", there)))
    assert alone["documents"] == [{"file": "again.md", "id": "notes", "change": "unchanged"}]
    assert service.files() == ["notes.md"]


def test_a_file_of_a_followed_folder_that_is_sent_stays_known_by_that_folder(
    service: Service,
) -> None:
    (service.own / "team").mkdir()
    (service.own / "team/cat.md").write_bytes(CAT)
    index_paths([service.own], service.settings, encoder=service.encoder)
    service.run()
    before = service.client.get("/documents/team-cat").json()
    assert before["properties"]["path"] == ["team/cat.md", "own/team/cat.md"]
    done = service.done(service.send(("cat.md", CAT)))
    assert done["documents"] == [{"file": "cat.md", "id": "team-cat", "change": "unchanged"}]
    index_paths([service.own / "team"], service.settings, encoder=service.encoder)
    service.run()
    assert service.client.get("/documents/team-cat").json() == before


def test_a_file_of_a_folder_that_is_not_indexed_yet_is_indexed_where_it_stands(
    service: Service,
) -> None:
    (service.own / "cat.md").write_bytes(CAT)
    done = service.done(service.send(("sent.md", CAT)))
    assert done["documents"] == [{"file": "sent.md", "id": "cat", "change": "added"}]
    assert service.ids() == ["notes", "cat"]


def test_the_same_bytes_sent_at_once_under_two_names_are_one_document(service: Service) -> None:
    done = service.done(service.send(("cat.md", CAT), ("twin.md", CAT), ("sea.md", SEA)))
    assert [(d["file"], d["id"]) for d in done["documents"]] == [
        ("cat.md", "cat"), ("sea.md", "sea"), ("twin.md", "cat"),
    ]  # fmt: skip
    assert service.files() == ["cat.md", "sea.md"]
    first = service.send(("dog.md", b"# Dog\n\nIt barks."))
    second = service.send(("hound.md", b"# Dog\n\nIt barks."))  # before the first is done
    assert service.done(second)["documents"][0]["id"] == "dog"
    assert service.done(first)["documents"][0]["id"] == "dog"
    assert len(service.ids()) == 4


def test_another_version_of_a_file_takes_its_place(service: Service) -> None:
    service.done(service.send(("cat.md", CAT), ("sea.md", SEA)))
    service.encoder.encoded.clear()
    done = service.done(service.send(("cat.md", CAT + b"\nThe cat wakes up.\n")))
    assert done["documents"] == [{"file": "cat.md", "id": "cat", "change": "changed"}]
    assert not any("sea is calm" in text for text in service.encoder.encoded)
    assert b"wakes up" in service.client.get("/documents/cat/file").content


def test_what_cannot_be_taken_is_told_with_its_reason(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "LARGEST_FILE", 100)
    job = service.send(
        ("cat.md", CAT), ("cat.md", SEA), ("x.exe", b"MZ"), ("e.md", b""), ("big.md", b"a" * 101)
    )
    left = {reason["file"]: reason["reason"] for reason in job["reasons"]}
    assert list(left) == ["cat.md", "x.exe", "e.md", "big.md"]
    assert "'.exe'" in left["x.exe"]
    assert "empty" in left["e.md"]
    assert "larger" in left["big.md"]
    assert [d["file"] for d in service.done(job)["documents"]] == ["cat.md"]
    assert b"near the king" in service.client.get("/documents/cat/file").content
    said = [reason["text"] for reason in job["reasons"]]
    assert all(text["en"] and text["fr"] != text["en"] for text in said)
    assert "vide" in said[2]["fr"]
    refused = service.client.post("/documents", files=[("files", ("x.exe", b"MZ"))])
    assert_problem(refused, "invalid-upload")


def test_a_file_that_cannot_be_read_is_told_and_does_not_stay(service: Service) -> None:
    job = service.send(("cat.md", CAT), ("bad.docx", b"no archive"))
    done = service.done(job)
    assert done["state"] == "done"
    (reason,) = done["reasons"]
    assert reason["file"] == "bad.docx"
    assert "abîmé" in reason["text"]["fr"]
    assert str(service.settings.index) not in reason["reason"]
    assert service.files() == ["cat.md"]


def test_where_no_file_can_be_read_each_has_its_reason(service: Service) -> None:
    done = service.done(service.send(("bad.docx", b"no archive"), ("blank.md", b"\n \n")))
    assert (done["state"], done["documents"]) == ("failed", [])
    said = {reason["file"]: reason["text"]["fr"] for reason in done["reasons"]}
    assert list(said) == ["bad.docx", "blank.md"]
    assert "abîmé" in said["bad.docx"]
    assert "aucun texte" in said["blank.md"]
    assert str(service.settings.index) not in str(done)


def test_a_version_that_cannot_be_read_leaves_the_one_before(service: Service) -> None:
    service.done(service.send(("cat.md", CAT)))
    done = service.done(service.send(("cat.md", b"\n \n")))
    assert (done["state"], len(done["reasons"])) == ("failed", 1)
    assert service.client.get("/documents/cat/file").content == CAT
    assert "cat" in service.ids()


def test_a_build_that_fails_leaves_all_as_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.done(service.send(("cat.md", CAT)))

    def fail(*_: object, **__: object) -> None:
        raise IndexingError(f"no room in {service.settings.index}/generations")

    monkeypatch.setattr(working, "index_paths", fail)
    done = service.done(service.send(("cat.md", SEA), ("sea.md", SEA + SEA)))
    assert done["state"] == "failed"
    assert "no room" in done["reasons"][0]["reason"]
    assert str(service.settings.index) not in done["reasons"][0]["reason"]
    assert service.files() == ["cat.md"]
    assert service.client.get("/documents/cat/file").content == CAT


def test_a_disk_that_fails_leaves_all_as_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.done(service.send(("cat.md", CAT), ("sea.md", SEA)))

    def fail(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", fail)
    done = service.done(service.send(("a.md", CAT + SEA), ("cat.md", SEA + CAT)))
    assert (done["state"], done["documents"]) == ("failed", [])
    assert service.files() == ["cat.md", "sea.md"]
    assert service.client.get("/documents/cat/file").content == CAT


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.md", "a.md"), ("../../etc/a.md", "a.md"), ("C:\\x\\a.md", "a.md"), ("/a.md", "a.md"),
        ("..a.md", "a.md"), ("e\u0301t\u00e9.md", "\u00e9t\u00e9.md"), ("a\x00b\n.md", "a_b_.md"),
        ("A.MD", "A.MD"),
    ],
)  # fmt: skip
def test_names_lead_nowhere_else(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_is_cut_before_its_suffix() -> None:
    name = safe_name("é" * 400 + ".md")
    assert name.endswith("é.md")
    assert len(name.encode()) <= 200


def test_a_hostile_name_stays_in_its_folder(service: Service, tmp_path: Path) -> None:
    service.done(service.send(("../../../escaped.md", CAT)))
    assert service.files() == ["escaped.md"]
    assert not list(tmp_path.glob("escaped.md"))


# Removing


def test_an_uploaded_document_goes_with_its_file(service: Service) -> None:
    service.done(service.send(("cat.md", CAT)))
    reply = service.client.delete("/documents/cat")
    assert reply.status_code == 202
    assert reply.headers["location"] == f"/jobs/{reply.json()['id']}"
    done = service.done(reply.json())
    assert done["documents"] == [{"file": "", "id": "cat", "change": "removed"}]
    assert (service.ids(), service.files()) == (["notes"], [])
    assert service.done(service.send(("cat.md", CAT)))["documents"][0]["change"] == "added"
    assert service.files() == ["cat.md"]


def test_a_file_of_a_followed_folder_is_never_deleted(service: Service) -> None:
    service.done(service.send(("cat.md", CAT)))
    service.done(service.client.delete("/documents/notes").json())
    assert service.ids() == ["cat"]
    assert (service.own / "notes.md").is_file()
    index_paths([], service.settings, encoder=service.encoder)
    service.run()
    assert service.ids() == ["cat"]


def test_the_last_document_stays_with_its_file(service: Service) -> None:
    service.done(service.send(("cat.md", CAT)))
    service.done(service.client.delete("/documents/notes").json())
    done = service.done(service.client.delete("/documents/cat").json())
    assert done["state"] == "failed"
    assert "nothing would be left" in done["reasons"][0]["reason"]
    assert (service.ids(), service.files()) == (["cat"], ["cat.md"])


def test_what_is_not_there_is_a_problem(service: Service) -> None:
    assert_problem(service.client.delete("/documents/none"), "unknown-document")
    assert_problem(service.client.get("/documents/none/file"), "unknown-document")
    for name in ("none", "0" * 13 + "-" + "0" * 16, "..%2f..%2fx"):
        assert service.client.get(f"/jobs/{name}").status_code == 404
    assert_problem(service.client.get("/jobs/none"), "unknown-job")


# Jobs


def test_no_more_jobs_wait_than_are_allowed(service: Service) -> None:
    for number in range(MOST_UNFINISHED):
        service.send((f"{number}.md", CAT + bytes(str(number), "ascii")))
    reply = service.client.post("/documents", files=[("files", ("x.md", SEA))])
    assert_problem(reply, "too-many-jobs")
    assert reply.headers["retry-after"]


def test_a_job_whose_process_ended_has_failed(service: Service) -> None:
    job = service.send(("cat.md", CAT))
    service.close()
    service._locks.clear()
    ended = service.client.get(f"/jobs/{job['id']}").json()
    assert (ended["state"], ended["reasons"][0]["reason"]) == ("failed", INTERRUPTED)


def test_progress_is_written_down(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "EVERY", 0.0)
    seen = []
    write = Jobs.write

    def watched(jobs: Jobs, record: Any) -> None:
        write(jobs, record)
        seen.append(record.job.progress.phase)

    monkeypatch.setattr(Jobs, "write", watched)
    service.done(service.send(("cat.md", CAT)))
    assert [p for n, p in enumerate(seen) if p not in seen[:n]] == [None, "reading", "encoding"]


# Who may


def test_without_keys_only_this_machine_may_change_documents(service: Service) -> None:
    files = [("files", ("cat.md", CAT))]
    far = service.opened("192.0.2.1")
    for reply in (far.post("/documents", files=files), far.delete("/documents/notes")):
        assert_problem(reply, "read-only")
    for headers in ({"X-Forwarded-For": "192.0.2.1"}, {"Host": "qa.example"}):
        assert_problem(service.client.post("/documents", files=files, headers=headers), "read-only")
    assert service.waiting == []


def test_a_key_with_a_filter_changes_nothing(service: Service) -> None:
    wanted = parse_filter({"type": "eq", "key": "document", "value": "notes"})
    client = service.opened("192.0.2.1", keys=(WHOLE,), grants=(Grant(PART, "part", wanted),))
    files = [("files", ("cat.md", CAT))]
    assert_problem(client.post("/documents", files=files), "unauthorised")
    part = {"X-API-Key": PART}
    assert_problem(client.post("/documents", files=files, headers=part), "read-only")
    assert_problem(client.delete("/documents/notes", headers=part), "read-only")
    whole = {"X-API-Key": WHOLE}
    reply = client.post("/documents", files=files, headers=whole)
    assert reply.status_code == 202
    assert_problem(client.get(f"/jobs/{reply.json()['id']}", headers=part), "read-only")
    service.run()
    assert_problem(client.get("/documents/cat/file", headers=part), "unknown-document")
    assert client.get("/documents/notes/file", headers=part).status_code == 200
    assert client.get("/documents/cat/file", headers=whole).content == CAT


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)  # fmt: skip
def test_pages_of_other_sites_change_nothing(service: Service, headers: dict[str, str]) -> None:
    files = [("files", ("cat.md", CAT))]
    reply = service.client.post("/documents", files=files, headers=headers)
    assert_problem(reply, "foreign-request")
    allowed = service.opened(origins=("https://evil.example",))
    own = {"Origin": f"http://{NEAR}", "Sec-Fetch-Site": "same-origin"}
    assert allowed.post("/documents", files=files, headers=own).status_code == 202


def test_a_service_that_knows_no_files_changes_and_gives_none(service: Service) -> None:
    client = TestClient(create_app(service._service()), base_url=f"http://{NEAR}")
    files = [("files", ("cat.md", CAT))]
    assert_problem(client.post("/documents", files=files), "read-only")
    assert_problem(client.get("/documents/notes/file"), "no-original")


# Bodies


def test_bodies_that_are_no_files_are_problems(service: Service) -> None:
    client = service.client
    assert_problem(client.post("/documents", json={"files": []}), "unsupported-media-type")
    empty = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"--x--\r\n", b""):
        assert_problem(client.post("/documents", content=body, headers=empty), "invalid-upload")
    bare = {"Content-Type": "multipart/form-data"}
    assert_problem(client.post("/documents", content=b"x", headers=bare), "invalid-upload")
    many = [("files", (f"{n}.md", CAT)) for n in range(101)]
    assert_problem(client.post("/documents", files=many), "invalid-upload")


# Originals


def test_the_original_is_given_to_be_saved(service: Service) -> None:
    service.done(service.send(("page é.html", b"<h1>Cat</h1><p>The cat sleeps.</p>")))
    (name,) = [name for name in service.ids() if name != "notes"]
    reply = service.client.get(f"/documents/{name}/file")
    assert reply.content == b"<h1>Cat</h1><p>The cat sleeps.</p>"
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith("attachment;")
    assert "page%20%C3%A9.html" in reply.headers["content-disposition"]
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_is_gone_or_leads_elsewhere_is_not_given(
    service: Service, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_bytes(b"secret")
    notes = service.own / "notes.md"
    notes.unlink()
    assert_problem(service.client.get("/documents/notes/file"), "no-original")
    notes.symlink_to(tmp_path / "secret.md")
    assert_problem(service.client.get("/documents/notes/file"), "no-original")


def test_a_document_of_no_known_file_has_no_original(tmp_path: Path) -> None:
    encoder, settings = FakeEncoder(), Settings(tmp_path / "bare", tmp_path)
    store = FolderStore(settings.index)
    built = build_index([FRENCH, ENGLISH], store, encoder, settings=ChunkSettings(budget=12))
    bare = QAService(built.generation, encoder, threshold=0.0)
    client = TestClient(create_app(bare, pictures=Pictures.of(settings)))
    assert_problem(client.get("/documents/french/file"), "no-original")


@pytest.mark.slow
def test_a_job_runs_in_a_process_of_its_own(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.done(service.send(("cat.md", CAT)))
    monkeypatch.setenv("QA_INDEX", str(service.settings.index))
    monkeypatch.chdir(ROOT)
    jobs = Jobs.of(service.settings.index)
    job = Library.of(service.settings, jobs).remove("cat")
    assert jobs.of_id(job.id).job.state in {"waiting", "running"}
    with (jobs.folder / job.id / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # held for as long as the process lives
    service.run()
    assert jobs.of_id(job.id).job.state == "done"
    assert (service.ids(), service.files()) == (["notes"], [])
