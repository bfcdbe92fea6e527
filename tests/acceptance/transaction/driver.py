"""`avdlab`, again and again, from one process that has imported it; an event may meet a request.

Reads a line of JSON for each run: {"cwd", "environment", "words", "out", "err", "event"}; forks,
runs the command line in the child, and answers with a line {"code"}, its exit code or -signal.

An event is {"phase", "number", "do", "fault", "control", "token"}. The `number`-th request of a
phase (from 1) meets it just before it is sent:

    kill       the child gets SIGKILL
    interrupt  the child gets SIGINT, as Ctrl-C sends it; the request goes on
    lose       the twin puts `fault` on the device of the request

The event stands at the seam of the eAPI client, so every run meets it at the same point.
"""

import http.client
import json
import os
import re
import signal
import sys
from collections import Counter

import avdlab.backends.twin.backend
import avdlab.cli.checkpoint
import avdlab.cli.deploy
import avdlab.cli.rollback
import avdlab.cli.save
import avdlab.deploy.deployment
import avdlab.deploy.recovery  # noqa: F401
from avdlab.cli.main import main
from avdlab.deploy.client import Client


def serve():
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            run(asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(json.dumps({"code": os.waitstatus_to_exitcode(status)}) + "\n")
        sys.stdout.flush()


def run(asked):
    """Be `avdlab` in a process of its own."""
    for path, number in ((os.devnull, 0), (asked["out"], 1), (asked["err"], 2)):
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY
        os.dup2(os.open(path, flags, 0o600), number)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    if asked["event"]:
        Client._ask = met(asked["event"])
    sys.argv = ["avdlab", *asked["words"]]
    code = 1
    try:
        main()
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(done.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def met(event):
    """Return the client's method that sends a request, with the event in its way."""
    ask = Client._ask
    seen = Counter()

    async def meets(self, commands, form):
        phase = phase_of(commands, committed="commit" in seen)
        seen[phase] += 1
        if (phase, seen[phase]) == (event["phase"], event["number"]):
            meet(event, self.target.device)
        return await ask(self, commands, form)

    return meets


def phase_of(commands, *, committed):
    """Tell which phase of a transaction sends these commands."""
    text = "\n".join(each if isinstance(each, str) else each["cmd"] for each in commands)
    for pattern, phase in (
        (r"show configuration sessions detail", "" if committed else "open"),
        (r"configure checkpoint save", "commit"),
        (r"configure session \S+ commit", "confirm"),
        (r"configure session \S+\n", "load"),
        (r"show session-config named", "diff"),
        (r"show running-config$", "gate" if committed else ""),
        (r"write memory", "save"),
    ):
        if re.match(pattern, text):
            return phase
    return ""


def meet(event, device):
    if event["do"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif event["do"] == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        lose(event, device)


def lose(event, device):
    connection = http.client.HTTPConnection("127.0.0.1", event["control"], timeout=10)
    headers = {"Authorization": f"Bearer {event['token']}"}
    body = json.dumps({"node": device, "fault": event["fault"]})
    connection.request("POST", "/eapi", body, headers)
    assert connection.getresponse().status == 200
    connection.close()


if __name__ == "__main__":
    serve()
