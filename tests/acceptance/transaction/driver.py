"""`avdlab` with an event at one request of its deployment: python driver.py EVENT avdlab-words...

EVENT is JSON: {"phase", "number", "do", "fault", "control", "token"}. The `number`-th request of a
phase (from 1) meets the event just before it is sent:

    kill       this process gets SIGKILL
    interrupt  this process gets SIGINT, as Ctrl-C sends it; the request goes on
    lose       the twin puts `fault` on the device of the request

The event stands at the seam of the eAPI client, so every run meets it at the same point.
"""

import http.client
import json
import os
import re
import signal
import sys

from avdlab.cli.main import main
from avdlab.deploy.client import Client

EVENT = json.loads(sys.argv[1])
SEEN = {}


def phase_of(commands):
    """Tell which phase of a transaction sends these commands."""
    text = "\n".join(each if isinstance(each, str) else each["cmd"] for each in commands)
    committed = "commit" in SEEN
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


def meet(client, commands):
    """Let the event happen if this is its request."""
    phase = phase_of(commands)
    SEEN[phase] = SEEN.get(phase, 0) + 1
    if (phase, SEEN[phase]) != (EVENT["phase"], EVENT["number"]):
        return
    if EVENT["do"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif EVENT["do"] == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    else:
        lose(client.target.device)


def lose(device):
    connection = http.client.HTTPConnection("127.0.0.1", EVENT["control"], timeout=10)
    headers = {"Authorization": f"Bearer {EVENT['token']}"}
    body = json.dumps({"node": device, "fault": EVENT["fault"]})
    connection.request("POST", "/eapi", body, headers)
    assert connection.getresponse().status == 200
    connection.close()


ask = Client._ask


async def met(self, commands, form):
    meet(self, commands)
    return await ask(self, commands, form)


Client._ask = met
sys.argv = ["avdlab", *sys.argv[2:]]
main()
