"""What a GNS3 server answers when it does not do what it was asked, as errors of avdlab.

    BackendError
    └── Gns3Error            the server refused or failed a call
        ├── NoAnswerError    nothing came back: the call may have been carried out, or not
        ├── NotFoundError    404
        ├── ConflictError    409: both servers say so to nearly everything that cannot be done
        └── LoginError       401: wrong user or password, or none given

The servers wrap each other's words (a controller quotes its compute, the compute quotes Docker);
`read_message` takes the innermost ones. `REMEDIES` says what people can do about them.
"""

import json
import re
from typing import Any

from avdlab.errors import BackendError


class Gns3Error(BackendError):
    """One call failed. `call` is method and path, `status` HTTP's (0: none), `said` the server's
    own words, `about` the node or thing that the call was for."""

    def __init__(
        self, said: str, *, call: str = "", status: int = 0, about: str = "", hint: str = ""
    ) -> None:
        text = f"{about}: {said}" if about else said
        where = f" ({call}{f': HTTP {status}' if status else ''})" if call else ""
        super().__init__(f"{text}{where}", hint=hint or remedy(said))
        self.said = said
        self.call = call
        self.status = status
        self.about = about


class NoAnswerError(Gns3Error):
    """The connection failed or the time ran out: look before the call is made again."""


class NotFoundError(Gns3Error):
    """The server knows no such project, node, link or file."""


class ConflictError(Gns3Error):
    """The server cannot do it in the state it is in."""


class LoginError(Gns3Error):
    """The server refuses the user."""


KINDS: dict[int, type[Gns3Error]] = {401: LoginError, 404: NotFoundError, 409: ConflictError}

# words of gns3-server 2.2.61 and 3.0.6 (and of what they quote) -> what to do about them
REMEDIES: tuple[tuple[str, str], ...] = (
    (
        r"connect to docker daemon|Docker has returned an error: Cannot connect",
        "Start Docker on the GNS3 server (systemctl start docker), and let the user that runs "
        "gns3server use it (group docker).",
    ),
    (
        r"container name .* is already in use",
        "A container of a server that died is left over; remove it on the server: "
        "docker rm -f followed by that name.",
    ),
    (
        r"No such image|Could not pull the",
        "Import the image on the GNS3 server: docker import --change 'VOLUME /mnt/flash' "
        "cEOS64-lab-4.xx.tar.xz, followed by the image's name.",
    ),
    (r"No space left on device|Errno 28", "Free space on the GNS3 server, then run: avdlab up"),
    (
        r"uBridge is not available|uBridge requires root|unable to create NIO TAP",
        "Install ubridge on the GNS3 server and let it open network interfaces: "
        "setcap cap_net_admin,cap_net_raw=ep $(which ubridge)",
    ),
    (
        r"uBridge executable version must be",
        "Update ubridge on the GNS3 server: GNS3's own package source has it.",
    ),
    (
        r"busybox",
        "Install busybox-static on the GNS3 server: apt install busybox-static",
    ),
    (
        r"Cannot get an IP address on same subnet",
        "The two compute servers share no subnet: give both an address in one, "
        "or keep the nodes on one server (gns3_placement).",
    ),
    (
        r"Permission denied \(privilege",
        "The GNS3 server's administrator has to give this user a role that has it, such as User on "
        "the path / (3.x: Management, ACL).",
    ),
    (
        r"^Project .* already exists",
        "It is another user's: choose another name with gns3_project or --name.",
    ),
    (r"The project is not opened", "Run: avdlab up"),
    (
        r"Cannot connect to compute|Connection lost to",
        "Look whether that compute server runs; `avdlab up` goes on where it stopped.",
    ),
    (r"locked", "Unlock it in GNS3 (right click, Unlock item), then run: avdlab up"),
)


def remedy(said: str) -> str:
    """Return what people can do about the server's words, "" when we do not know."""
    return next((text for pattern, text in REMEDIES if re.search(pattern, said)), "")


def read_message(body: str, status: int) -> str:
    """Return the words of an error body; where servers quote each other, the innermost.

    2.2 answers `{"message", "status"}`, 3.x `{"message"}` or `{"detail"}`, both plain text or
    nothing at times; what a compute said comes back as text with JSON in it.
    """
    text = _words(body).strip()
    if text.startswith("Traceback"):  # 2.2's own mistakes
        text = text.splitlines()[-1]
    while (inner := re.search(r"\{.*\}", text, re.DOTALL)) and _is_quoted(inner[0]):
        text = _words(inner[0]).strip()
    return " ".join(text.split()) or f"the server answered HTTP {status} without a word"


def _is_quoted(text: str) -> bool:
    data = _json(text)
    return isinstance(data, dict) and bool({"message", "detail"} & set(data))


def _words(body: str) -> str:
    data = _json(body)
    if not isinstance(data, dict):
        return body
    said: Any = data.get("message") or data.get("detail") or ""
    return said if isinstance(said, str) else json.dumps(said)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
