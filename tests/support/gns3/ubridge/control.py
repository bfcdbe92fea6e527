"""The control protocol: one command a line over TCP, answers `100-text`, errors `2xx-text`."""

import socket
from collections.abc import Callable

import links
from bridge import Bridge, BridgeError
from loop import Loop
from ports import Port, Raw, Tap, Udp

_PARSE, _MODULE, _COMMAND, _COUNT, _CREATE, _START, _NOT_FOUND = 200, 201, 202, 203, 206, 209, 214


class Control:
    """Listens for gns3-server and obeys it."""

    def __init__(self, loop: Loop, host: str, port: int, version: str) -> None:
        self._loop = loop
        self._version = version
        self._bridges: dict[str, Bridge] = {}
        self._listener = socket.create_server((host, port))
        loop.watch(self._listener.fileno(), self._accept)

    # ------------------------------------------------------------------ connections
    def _accept(self) -> None:
        client, _ = self._listener.accept()
        pending = bytearray()

        def readable() -> None:
            try:
                data = client.recv(4096)
            except OSError:
                data = b""
            pending.extend(data)
            while b"\n" in pending:
                line, _, rest = bytes(pending).partition(b"\n")
                pending[:] = rest
                client.sendall(self._answer(line.decode("utf-8", "replace")).encode() + b"\r\n")
            if not data:
                self._loop.forget(client.fileno())
                client.close()

        self._loop.watch(client.fileno(), readable)

    def _answer(self, line: str) -> str:
        try:
            words = split(line)
            if len(words) < 2:
                return f"{_PARSE}-At least a module and a command must be specified"
            return f"100-{self._obey(words[0], words[1], words[2:])}"
        except BridgeError as exc:
            return f"{exc.code}-{exc}"
        except OSError as exc:
            return f"{_START}-{' '.join(words)}: {exc.strerror or exc}"
        except ValueError as exc:
            return f"{_PARSE}-{exc}"

    def _obey(self, module: str, command: str, arguments: list[str]) -> str:
        if (module, command) in _PORTS:
            return self._add(command, *arguments)
        handler = getattr(self, _HANDLERS.get((module, command), ""), None)
        if handler is None:
            known = any(module == name for name, _ in _HANDLERS)
            code, what = (_COMMAND, "command") if known else (_MODULE, "module")
            raise BridgeError(code, f"Unknown {what} '{command if known else module}'")
        try:
            return handler(*arguments) or "OK"
        except TypeError as exc:
            raise BridgeError(_COUNT, f"Bad number of parameters ({exc})") from exc

    def _bridge(self, name: str) -> Bridge:
        if name not in self._bridges:
            raise BridgeError(_NOT_FOUND, f"bridge '{name}' doesn't exist")
        return self._bridges[name]

    # ------------------------------------------------------------------ hypervisor
    def hypervisor_version(self) -> str:
        return self._version

    def hypervisor_close(self) -> None:
        """Closing the connection is the client's part."""

    def hypervisor_stop(self) -> None:
        self._loop.stop()

    def hypervisor_reset(self) -> None:
        for bridge in self._bridges.values():
            bridge.close()
        self._bridges.clear()

    # ------------------------------------------------------------------ bridge
    def bridge_create(self, name: str) -> str:
        if name in self._bridges:
            raise BridgeError(_CREATE, f"bridge '{name}' already exists")
        self._bridges[name] = Bridge(name, self._loop)
        return f"bridge '{name}' created"

    def bridge_delete(self, name: str) -> str:
        self._bridge(name).close()
        del self._bridges[name]
        return f"bridge '{name}' deleted"

    def _add(self, command: str, name: str, *arguments: str) -> str:
        bridge, (make, title) = self._bridge(name), _PORTS["bridge", command]
        try:
            port = make(*arguments)
        except TypeError as exc:
            raise BridgeError(_COUNT, f"Bad number of parameters ({exc})") from exc
        except OSError as exc:
            what = f"unable to create {title} for bridge '{name}': {exc.strerror or exc}"
            raise BridgeError(_CREATE, what) from exc
        bridge.add(port)
        return f"{title} added to bridge '{name}'"

    def bridge_remove_nio_udp(self, name: str, local_port: str, host: str, port: str) -> str:
        self._bridge(name).remove(("udp", local_port, host, port))
        return f"NIO UDP removed from bridge '{name}'"

    def bridge_start(self, name: str) -> str:
        self._bridge(name).start()
        return f"bridge '{name}' started"

    def bridge_stop(self, name: str) -> str:
        self._bridge(name).stop()
        return f"bridge '{name}' stopped"

    def bridge_start_capture(self, name: str, path: str, linktype: str = "DLT_EN10MB") -> str:
        self._bridge(name).start_capture(path, linktype)
        return f"packet capture started on bridge '{name}'"

    def bridge_stop_capture(self, name: str) -> str:
        self._bridge(name).stop_capture()
        return f"packet capture stopped on bridge '{name}'"

    def bridge_reset_packet_filters(self, name: str) -> None:
        self._bridge(name).filters.clear()

    def bridge_add_packet_filter(self, name: str, key: str, kind: str, *arguments: str) -> str:
        from filters import make_filter

        self._bridge(name).filters[key] = make_filter(kind, arguments)
        return f"filter '{key}' added to bridge '{name}'"

    # ------------------------------------------------------------------ docker, brctl
    def docker_set_mac_addr(self, name: str, mac: str) -> str:
        links.set_mac(name, mac)
        return f"MAC address has been set on '{name}'"

    def docker_move_to_ns(self, name: str, pid: str, new_name: str) -> str:
        links.move_to_process(name, int(pid), new_name)
        return f"'{name}' moved to namespace of {pid}"

    def brctl_addif(self, bridge: str, name: str) -> str:
        links.add_to_bridge(bridge, name)
        return f"'{name}' added to bridge '{bridge}'"


_PORTS: dict[tuple[str, str], tuple[Callable[..., Port], str]] = {
    ("bridge", "add_nio_tap"): (Tap, "NIO TAP"),
    ("bridge", "add_nio_udp"): (Udp, "NIO UDP"),
    ("bridge", "add_nio_linux_raw"): (Raw, "NIO Linux raw"),
}
_HANDLERS = {
    tuple(name.split("_", 1)): name
    for name in vars(Control)
    if name.split("_")[0] in {"hypervisor", "bridge", "docker", "brctl"}
} | {("bridge", "delete_nio_udp"): "bridge_remove_nio_udp"}


def split(line: str) -> list[str]:
    """Split a command into words; double quotes and backslashes as in a shell."""
    words: list[str] = []
    word, inside, quoted = "", False, False
    letters = iter(line.strip())
    for letter in letters:
        if letter == "\\":
            word, inside = word + next(letters, ""), True
        elif letter == '"':
            quoted, inside = not quoted, True
        elif letter.isspace() and not quoted:
            if inside:
                words.append(word)
            word, inside = "", False
        else:
            word, inside = word + letter, True
    if quoted:
        raise ValueError("a quote is not closed")
    return [*words, word] if inside else words
