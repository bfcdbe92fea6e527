"""The twin's eAPI: requests per second, and the start of many listeners.

    python -m benchmarks.eapi [NODES] [REQUESTS]     1000 2000 unless said

The baseline is a server of the same HTTP stack (aiohttp) that gives one constant answer, as long as
the twin's answer to `show version`. Both are asked in turn by the same client, plain HTTP, eight
connections at a time. A node's configuration is a login and eAPI, nothing else. The processor's
time, which a busy machine changes little, stands beside the clock's (Linux).
"""

import asyncio
import base64
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

CONFIG = """hostname {name}
interface Management0
   ip address 10.0.0.1/24
username bench privilege 15 role network-admin secret bench
management api http-commands
   protocol http
   no shutdown
"""
CONNECTIONS = 8
ROUNDS = 3
USER = f"Basic {base64.b64encode(b'bench:bench').decode()}"


def main() -> None:
    if sys.argv[1:2] == ["--constant"]:
        asyncio.run(_constant(int(sys.argv[2]), int(sys.argv[3])))
        return
    nodes, requests = (
        int(text) for text in (*sys.argv[1:], *("1000", "2000")[len(sys.argv) - 1 :])
    )
    with tempfile.TemporaryDirectory() as made:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8 * nodes), hard), hard))
        begin = time.monotonic()
        twin, ports = start(Path(made), nodes)
        took = time.monotonic() - begin
        used = processor(twin.pid)
        print(
            f"{nodes} nodes, {2 * nodes} listeners: ready in {took:.2f} s ({used:.2f} s of processor)"
        )
        try:
            compare(twin.pid, ports[0], requests)
        finally:
            twin.terminate()
            twin.wait()


def start(folder: Path, nodes: int) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start a twin of nodes; return it when it says that every listener is open."""
    first = next(base for base in range(15000, 60000, 500) if free(base, 2 * nodes))
    names = {f"n{number}": first + number for number in range(nodes)}
    where = {
        name: {"host": "127.0.0.1", "https": port, "http": port + nodes}
        for name, port in names.items()
    }
    control = {"port": 0, "token": "bench"}
    description = {"schema_version": 1, "nodes": where, "links": [], "control": control}
    (folder / "fabric.json").write_text(json.dumps(description))
    for name in names:
        (folder / "nodes" / name).mkdir(parents=True)
        (folder / "nodes" / name / "startup-config").write_text(CONFIG.format(name=name))
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "avdlab.twin", str(folder), "--ready-fd", str(writer)]
    twin = subprocess.Popen(command, pass_fds=[writer])
    os.close(writer)
    with os.fdopen(reader) as said:
        ready = json.loads(said.readline())
    if not ready["ready"]:
        raise SystemExit(ready["message"])
    return twin, [port + nodes for port in names.values()]


def free(first: int, count: int) -> bool:
    """Tell whether ports are free, one after the other."""
    for port in range(first, first + count):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def compare(pid: int, port: int, requests: int) -> None:
    """Ask the twin and the constant server in turn."""
    asked: dict[str, Any] = {"version": 1, "format": "json"}
    call = {"jsonrpc": "2.0", "id": "1", "method": "runCmds", "params": asked}
    asked["cmds"] = ["show version"]
    size, _ = asyncio.run(ask(port, call, 1))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = probe.getsockname()[1]
    constant = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.eapi", "--constant", str(other), str(size)],
        stdout=subprocess.PIPE,
    )
    assert constant.stdout is not None
    constant.stdout.readline()
    try:
        for _ in range(ROUNDS):
            for name, who, at in (("show version", pid, port), ("constant", constant.pid, other)):
                before = processor(who)
                _, speed = asyncio.run(ask(at, call, requests))
                each = 1000 * (processor(who) - before) / requests
                print(f"{name:>12} {speed:6.0f}/s  {each:5.2f} ms of processor each", flush=True)
    finally:
        constant.terminate()
        constant.wait()


def processor(pid: int) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def ask(port: int, call: dict[str, Any], requests: int) -> tuple[int, float]:
    """Return the length of an answer, and answers per second."""
    url = f"http://127.0.0.1:{port}/command-api"
    left, size = requests, 0
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(
        connector=connector, headers={"Authorization": USER}
    ) as client:

        async def work() -> None:
            nonlocal left, size
            while left > 0:
                left -= 1
                async with client.post(url, json=call) as reply:
                    reply.raise_for_status()
                    size = len(await reply.read())

        begin = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(work())
        return size, requests / (time.monotonic() - begin)


async def _constant(port: int, size: int) -> None:
    body = b"{" + b" " * (size - 2) + b"}"

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/command-api", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
