"""Whether a lab's user is known: refused by every device, or by some of them only."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from avdlab.backends.base import EapiTarget
from avdlab.backends.ready import refuse_all
from avdlab.overlay.model import LabUser
from tests.deploy.test_client import web_server


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with ExitStack() as servers:
        answers = {"refuses": 401, "answers": 200, "is a web server": 404, "refuses too": 401}
        yield {
            name: servers.enter_context(web_server(code, b"{}")) for name, code in answers.items()
        }


@pytest.mark.parametrize(
    ("devices", "refused"),
    [
        (("refuses", "refuses too"), True),
        (("refuses", "answers", "refuses too"), False),
        (("answers", "refuses"), False),
        (("is a web server", "refuses"), False),
        (("nobody", "refuses"), False),
        ((), False),
    ],
)
def test_only_what_every_device_refuses_is_said_of_the_lab(
    ports: dict[str, int], devices: tuple[str, ...], refused: bool
) -> None:
    user = LabUser("admin", "wrong")
    targets = [EapiTarget(d, "127.0.0.1", ports.get(d, 1), user, tls=False) for d in devices]
    assert refuse_all(targets) is refused
