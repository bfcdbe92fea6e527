"""What servers say, as one sentence of ours with a remedy."""

import json

import pytest

from avdlab.backends.gns3.errors import ConflictError, Gns3Error, read_message, remedy
from avdlab.errors import BackendError

NESTED = json.dumps(
    {
        "message": "Bad request http://127.0.0.1:3080/v2/compute/projects/1/docker/nodes "
        '{"message": "Invalid start command", "status": 400}',
        "status": 400,
    }
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"message": "Port is already used", "status": 409}', "Port is already used"),
        ('{"message": "Project ID 1 doesn\'t exist"}', "Project ID 1 doesn't exist"),
        ('{"detail": "Not Found"}', "Not Found"),
        ('{"detail": [{"loc": ["body"], "msg": "field required"}]}', "field required"),
        ("404: Not Found", "404: Not Found"),
        ('{"message": "Traceback (most recent):\\n  File x\\nTypeError: odd"}', "TypeError: odd"),
        ("", "the server answered HTTP 409 without a word"),
        ('{"message": null}', "the server answered HTTP 409 without a word"),
        (NESTED, "Invalid start command"),
        ('["odd"]', '["odd"]'),
    ],
)
def test_the_innermost_words_are_taken(body, words):
    assert words in read_message(body, 409)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Can't connect to docker daemon", "systemctl start docker"),
        ("Could not pull the 'ceos:1' image from Docker repository", "docker import"),
        (
            'Docker has returned an error: 409 The container name "/GNS3.a.1" is already in use',
            "docker rm -f",
        ),
        ("Could not write topology: [Errno 28] No space left on device", "Free space"),
        ("uBridge requires root access", "setcap"),
        ("unable to create NIO TAP for bridge 'bridge0': Permission denied:", "setcap"),
        ("uBridge executable version must be >= 1.2.3", "Update ubridge"),
        ("No busybox executable could be found", "busybox-static"),
        ("Cannot connect to compute 'b' with request POST /x", "compute server runs"),
        ("Permission denied (privilege Node.Allocate is required)", "administrator"),
        ('Project "lab" already exists', "gns3_project"),
        ("something new", ""),
    ],
)
def test_known_words_have_a_remedy(said, advice):
    assert advice in remedy(said)
    assert bool(remedy(said)) == bool(advice)


def test_an_error_names_node_call_and_remedy():
    error = ConflictError(
        "No space left on device", call="POST /v3/projects/1/nodes", status=409, about="leaf1"
    )
    assert str(error) == (
        "leaf1: No space left on device (POST /v3/projects/1/nodes: HTTP 409). "
        "Free space on the GNS3 server, then run: avdlab up"
    )
    assert isinstance(error, Gns3Error)
    assert isinstance(error, BackendError)
    assert error.exit_code == 7
