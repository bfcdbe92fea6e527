"""What a bug report needs, in one archive: versions, findings, state, journal, logs.

No configuration, catalog or report is in it, and every text is passed through the redaction of
secrets; the lab's own password is looked for once more by its value.
"""

import io
import json
import tarfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from avdlab.deploy.redact import REMOVED, redact
from avdlab.doctor import Finding
from avdlab.state import LabFolder

LOG_BYTES = 1_000_000  # of the end of each log


def write_bundle(path: Path, folder: LabFolder | None, findings: Sequence[Finding]) -> None:
    """Write the archive, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    secrets = [folder.password()] if folder is not None else []
    with tarfile.open(path, "w:gz") as archive:
        for name, text in _texts(folder, findings):
            data = _clean(text, secrets).encode()
            entry = tarfile.TarInfo(f"avdlab-bundle/{name}")
            entry.size, entry.mode, entry.mtime = len(data), 0o600, int(time.time())
            archive.addfile(entry, io.BytesIO(data))


def _texts(folder: LabFolder | None, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    yield "doctor.json", json.dumps([asdict(finding) for finding in findings], indent=1) + "\n"
    if folder is None:
        return
    for name in ("state.json", "topology.json", "groups.json"):
        if (folder.path / name).is_file():
            yield name, (folder.path / name).read_text(encoding="utf-8")
    for log in sorted(folder.logs.glob("*")) if folder.logs.is_dir() else ():
        if log.is_file():
            data = log.read_bytes()[-LOG_BYTES:]
            yield f"logs/{log.name}", data.decode("utf-8", "replace")


def _clean(text: str, secrets: Sequence[str]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, REMOVED)
    return redact(text)
