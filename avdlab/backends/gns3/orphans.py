"""What a server that died leaves of a project: containers and ubridges that nothing manages.

2.2 clears the containers away when the project is opened again, and leaves the ubridges; 3.0
refuses to open it, and deletes the project without them. They are found by the project's id, which
is in a container's name and in a ubridge's working folder, so nobody else's are ever touched. Only
where avdlab runs on the server's machine, with access to Docker; elsewhere people are told the
command.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

END_SECONDS = 5.0


def commands(project: str) -> str:
    """Return what people run on the server to see a project's leftovers go."""
    return f"docker rm -f $(docker ps -aq --filter name={project})"


def allowed() -> bool:
    """Tell whether this process may ask Docker on this machine."""
    return bool(_docker("version", "--format", "{{.Server.Version}}").strip())


def containers(project: str) -> tuple[str, ...]:
    """Return the names of a project's containers on this machine; () where Docker is not ours."""
    listed = _docker("ps", "-a", "--filter", f"name={project}", "--format", "{{.Names}}")
    return tuple(sorted(name for name in listed.split() if name.endswith(project)))


def ubridges(number: str) -> tuple[int, ...]:
    """Return the ubridge processes that work in a project's or node's folder on this machine."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            folder = (entry / "cwd").readlink()
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # ended meanwhile, or another user's
        if number in folder.parts and b"ubridge" in words:
            found.append(int(entry.name))
    return tuple(found)


def remove(project: str, nodes: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Remove a project's leftovers on this machine, and return what they were.

    `nodes` (id -> name): only what is left of these.
    """
    left = containers(project)
    processes = ubridges(project)
    if nodes is not None:
        wanted = {f"GNS3.{name}.{project}" for name in nodes.values()}
        left = tuple(name for name in left if name in wanted)
        processes = tuple(p for number in nodes for p in ubridges(number))
    if left:
        _docker("rm", "-f", *left)
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + END_SECONDS
    while any(map(_lives, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)  # its taps go with it
    return (*left, *(f"ubridge process {process}" for process in processes))


def _lives(process: int) -> bool:
    return (Path("/proc") / str(process) / "cwd").exists()


def _docker(*arguments: str) -> str:
    binary = shutil.which("docker")
    if binary is None:
        return ""
    words: Sequence[str] = (binary, *arguments)
    try:
        done = subprocess.run(  # noqa: S603 (fixed words, container names of our own project)
            words, capture_output=True, text=True, check=False, timeout=120
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
