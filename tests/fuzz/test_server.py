"""No request breaks the server: not its bytes, not its JSON, not its commands.

Requests are answered in this process, as the server answers them behind its sockets. Whatever a
command meets inside the twin would show as eAPI's error 1001, which EOS has for faults of its own.
"""

import asyncio
import json
from functools import lru_cache

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.show.catalog import COMMANDS as SHOWS
from avdlab.twin.config.loader import load
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.eapi.description import check
from avdlab.twin.eapi.jsonrpc import encode
from avdlab.twin.eapi.server import EapiServer
from avdlab.twin.eapi.twin import Twin
from tests.fuzz.conftest import CHOSEN, PROFILE
from tests.fuzz.lines import LINE, VALUES, WORD
from tests.pair import config

PATTERNS = sorted(
    {entry.pattern.text for entry in COMMANDS} | {entry.pattern.text for entry in SHOWS}
)


class Memory:
    """The folder of a twin that keeps nothing."""

    def __init__(self, configs) -> None:
        self.configs = configs

    def startup(self, node):
        return self.configs[node]

    def flash(self, _node):
        return {}

    checkpoints = flash


@lru_cache(maxsize=1)
def server():
    nodes = {
        name: {"host": "127.0.0.1", "https": 1, "management_address": f"172.16.0.{number}/24"}
        for number, name in enumerate(("leaf1", "leaf2"), start=1)
    }
    description = {
        "schema_version": 1,
        "control": {"token": "x"},
        "nodes": nodes,
        "links": [["leaf1:Ethernet1", "leaf2:Ethernet1"]],
    }
    twin = Twin(check(description), Memory({"leaf1": config(1), "leaf2": config(2)}))

    async def follow(_name):
        """Nothing listens."""

    return EapiServer(twin, follow), twin


@lru_cache
def first(name):
    return load(config(int(name[-1]))).config


def answer(body):
    """Answer a request as the server does; it must be JSON, and no fault of the twin's own.

    The configuration is put back before, so that an example does not depend on those before it.
    """
    eapi, twin = server()
    for name, node in twin.nodes.items():
        node.lock = None
        for row in node.store.session_rows(0.0):
            if row.state != "completed":
                node.store.abort(row.name)
        node.store.replace_running(first(name))
    user = UserSettings("arista", privilege=15)
    reply = asyncio.run(eapi._answer(twin.nodes["leaf1"], user, body))
    found = json.loads(encode(reply))
    for each in found if isinstance(found, list) else [found]:
        assert each["jsonrpc"] == "2.0"
        assert ("result" in each) != ("error" in each)
        code = each.get("error", {}).get("code")
        assert code != 1001, each["error"]
    return found


@st.composite
def exec_command(draw):
    """Draw a command of the exec tables with values, shortened or followed by a pipe at times."""
    words = []
    for token in draw(st.sampled_from(PATTERNS)).replace("[", " ").replace("]", " ").split():
        if token.startswith("<"):
            words.append(draw(VALUES | WORD))
        elif draw(st.integers(0, 9)) or not words:
            words.append(draw(st.sampled_from(token.split("|"))))
    if not draw(st.integers(0, 5)):
        words = [word[: draw(st.integers(1, 6))] for word in words]
    if not draw(st.integers(0, 5)):
        filters = ["json", "include", "section", "begin", "count", "no-more", "exclude", ""]
        words += ["|", draw(st.sampled_from(filters)), draw(st.text(max_size=5))]
    return " ".join(words)


SESSION = st.sampled_from(
    [
        "enable",
        "disable",
        "configure",
        "configure session s",
        "configure session s abort",
        "rollback clean-config",
        "commit",
        "commit timer 00:00:01",
        "abort",
        "end",
        "exit",
        "show session-config diffs",
        "write memory",
        "copy running-config flash:a",
        "configure replace flash:a",
        "configure checkpoint save c",
        "configure checkpoint restore c",
    ]
)
COMMAND = st.one_of(exec_command(), SESSION, LINE, st.text(max_size=30))
ITEM = st.one_of(
    COMMAND,
    COMMAND,
    st.fixed_dictionaries({"cmd": COMMAND}, optional={"input": st.text(max_size=30)}),
    st.fixed_dictionaries({"cmd": COMMAND, "revision": st.integers(-1, 9)}),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
PARAMS = st.fixed_dictionaries(
    {
        "version": st.sampled_from([1, "latest", 2]) | JSON,
        "cmds": st.lists(ITEM, max_size=8) | JSON,
    },
    optional={
        "format": st.sampled_from(["json", "text"]) | JSON,
        "timestamps": st.booleans() | JSON,
        "autoComplete": st.booleans() | JSON,
        "stopOnError": st.booleans(),
        "extra": JSON,
    },
)
GOOD = st.fixed_dictionaries(
    {
        "version": st.sampled_from([1, "latest"]),
        "cmds": st.lists(ITEM, max_size=8).map(lambda commands: ["enable", *commands]),
        "format": st.sampled_from(["json", "text"]),
        "autoComplete": st.booleans(),
        "stopOnError": st.booleans(),
    }
)
REQUEST = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "method": st.just("runCmds"),
        "params": PARAMS | GOOD | GOOD | GOOD,
    },
    optional={"id": JSON},
)
BODY = st.one_of(
    REQUEST.map(lambda request: json.dumps(request).encode()),
    REQUEST.map(lambda request: json.dumps(request).encode()),
    REQUEST.map(lambda request: json.dumps(request).encode()),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.lists(REQUEST | JSON, max_size=3).map(lambda batch: json.dumps(batch).encode()),
    st.binary(max_size=60),
)


@pytest.mark.parametrize("number", CHOSEN)
def test_no_request_breaks_the_server(number):
    server.cache_clear()

    @seed(number)
    @PROFILE
    @given(BODY)
    def run(body):
        answer(body)

    run()
    request = {"jsonrpc": "2.0", "method": "runCmds", "id": 1}
    request["params"] = {"version": 1, "cmds": ["show version"]}
    assert answer(json.dumps(request).encode())["result"][0]["mfgName"] == "Arista"
