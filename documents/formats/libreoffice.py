"""Reads old formats through LibreOffice, where it is installed and people ask for it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from documents.errors import DamagedDocument, MissingFormat, UnsafeDocument
from documents.formats.conversion import TARGETS

MAX_SECONDS = 180
MAX_MEMORY = 4 * 2**30
MAX_WRITTEN = 256 * 2**20
_LIMITED = """
import os, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
except (ImportError, ValueError, OSError):
    pass  # not on Windows, or already lower
os.execv(sys.argv[3], sys.argv[3:])
"""
_NO_NETWORK: Final = dict.fromkeys(
    ("http_proxy", "https_proxy", "ftp_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"
)
"""Whatever a document refers to elsewhere, nothing answers."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""A profile in which no macro runs, and no link is followed."""
_PROGRAMS: Final = ("soffice", "libreoffice")


def converted(raw: bytes, suffix: str, name: str) -> tuple[str, bytes]:
    """Return the suffix of the format that a file is converted to, and the file in it.

    LibreOffice runs with a profile of its own, in which no macro runs and no link is followed, for
    three minutes and in 4 GiB of memory at most.

    Args:
        raw: the file.
        suffix: its own, in lower case, one of ``TARGETS``.
        name: the file, for messages.

    Raises:
        DamagedDocument: LibreOffice cannot read it, or it is protected by a password.
        MissingFormat: LibreOffice is not installed.
        UnsafeDocument: it takes too long.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise MissingFormat(
            f"{name}: LibreOffice is missing, which converts {suffix} files: install it, or "
            f"convert the file to {TARGETS[suffix]} elsewhere"
        )
    with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
        return TARGETS[suffix], _convert(program, raw, suffix, name, Path(folder))


def _convert(program: str, raw: bytes, suffix: str, name: str, folder: Path) -> bytes:
    source, profile, target = folder / f"document{suffix}", folder / "profile", TARGETS[suffix]
    source.write_bytes(raw)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--nolockcheck", "--convert-to", target.removeprefix("."), "--outdir", str(folder / "out"),
        str(source),
    ]  # fmt: skip
    _run(command, name, folder)
    found = folder / "out" / f"document{target}"
    if not found.is_file():
        raise DamagedDocument(
            f"{name}: LibreOffice cannot convert it; it may be damaged or have a password: open "
            f"it and save it as {target}"
        )
    return found.read_bytes()


def _run(command: list[str], name: str, folder: Path) -> None:
    # LibreOffice starts a process of its own, which only ends with the whole group.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-c", _LIMITED, str(MAX_MEMORY), str(MAX_WRITTEN), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "HOME": str(folder), **_NO_NETWORK},
    )
    try:
        process.wait(MAX_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UnsafeDocument(
            f"{name}: converting it takes more than {MAX_SECONDS} s: convert it by hand"
        ) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
