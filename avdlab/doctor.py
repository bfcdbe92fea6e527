"""Is this machine fit for a lab? Each finding says what was looked at, and what to do about it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from avdlab.cache import cache_folder
from avdlab.errors import AvdlabError
from avdlab.index import index_file
from avdlab.project import is_writable
from avdlab.settings import Settings

INOTIFY_PER_NODE = 1250  # cEOS, containerlab's and Arista's figure
MEMORY_MB = 1024  # free memory that rendering and the twin want


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at: verdict ok, odd (may do harm) or wrong (a lab cannot come up)."""

    what: str
    verdict: str
    found: str


def examine(settings: Settings, project: Path) -> tuple[Finding, ...]:
    """Look at this machine, and at the backend that the settings name."""
    found = [*_python(), *_folders(project), *_machine(), *_loopback(settings)]
    found += [*_docker(needed=settings.backend == "gns3")]
    if settings.backend == "gns3":
        found += _gns3(settings)
    return tuple(found)


def _python() -> Iterator[Finding]:
    number = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info < (3, 14)
    yield Finding("Python", "ok" if good else "wrong", f"{number}; avdlab needs 3.11 to 3.13")
    for text in requires("avdlab") or ():
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            there = version(wanted.name)
        except PackageNotFoundError:
            yield Finding(wanted.name, "wrong", f"is not installed; wanted {wanted.specifier}")
            continue
        fits = wanted.specifier.contains(there, prereleases=True)
        said = there if fits else f"{there}; wanted {wanted.specifier}"
        yield Finding(wanted.name, "ok" if fits else "odd", said)


def _folders(project: Path) -> Iterator[Finding]:
    for what, folder in (
        ("project folder", project),
        ("state folder", index_file().parent),
        ("cache folder", cache_folder()),
    ):
        there = folder
        while not there.exists():
            there = there.parent
        fit = is_writable(there)
        yield Finding(what, "ok" if fit else "odd", f"{folder}{'' if fit else ' is read-only'}")


def _machine() -> Iterator[Finding]:
    cores = os.cpu_count() or 1
    yield Finding("processor", "ok", f"{cores} cores")
    free = _meminfo("MemAvailable")
    if free:
        text = f"{free} MB available"
        yield Finding("memory", "ok" if free >= MEMORY_MB else "odd", text)


def _meminfo(key: str) -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(ln.split()[1]) // 1024 for ln in lines if ln.startswith(f"{key}:")), 0)


def _loopback(settings: Settings) -> Iterator[Finding]:
    if settings.backend != "twin":
        return
    try:
        with socket.socket() as probe:
            probe.bind((settings.address, 0))
    except OSError as exc:
        text = f"the twin cannot listen on {settings.address}: {exc.strerror or exc}"
        yield Finding("twin's address", "wrong", text)
    else:
        yield Finding("twin's address", "ok", settings.address)


def _docker(*, needed: bool) -> Iterator[Finding]:
    binary = shutil.which("docker")
    if binary is None:
        if needed:
            yield Finding("docker", "odd", "is not on this machine; the GNS3 server's is used")
        return
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            [binary, "version", "--format", "{{.Server.Version}}"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        yield Finding("docker", "odd", f"does not answer: {exc}")
        return
    good = done.returncode == 0
    said = done.stdout.strip() if good else (done.stderr.strip().splitlines() or ["no answer"])[0]
    yield Finding("docker", "ok" if good else "odd", said)
    if good:
        yield from _for_ceos()


def _for_ceos() -> Iterator[Finding]:
    """Look at what the kernel grants to containers that run EOS."""
    instances = Path("/proc/sys/fs/inotify/max_user_instances")
    if instances.exists():
        number = int(instances.read_text(encoding="ascii"))
        nodes = number // INOTIFY_PER_NODE
        text = f"fs.inotify.max_user_instances = {number}: {nodes} cEOS nodes on this machine"
        yield Finding("inotify", "ok" if nodes else "odd", text)
    second = Path("/sys/fs/cgroup/cgroup.controllers").exists()
    text = "version 2" if second else "version 1: cEOS before 4.32.0F only"
    yield Finding("control groups", "ok", text)


def _gns3(settings: Settings) -> Iterator[Finding]:
    from avdlab.backends.gns3.connector import Connector

    try:
        server = Connector(
            settings.gns3_server,
            settings.gns3_user,
            settings.gns3_password,
            verify=settings.gns3_verify,
        )
    except AvdlabError as exc:
        yield Finding("GNS3 server", "wrong", exc.message)
    else:
        yield Finding("GNS3 server", "ok", f"{settings.gns3_server}: {server.version}")
