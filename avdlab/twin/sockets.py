"""TCP ports of the nodes: taking one, and the error when another program has it."""

import errno
import socket


class PortInUseError(OSError):
    """Another program has the port of a node."""

    def __init__(self, node: str, host: str, port: int) -> None:
        super().__init__(errno.EADDRINUSE, f"port {port} on {host} is in use by another program")
        self.node = node
        self.host = host
        self.port = port


def bound(node: str, host: str, port: int) -> socket.socket:
    """Return a socket that holds the port and does not listen yet. Raises PortInUseError."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as exc:
        sock.close()
        if exc.errno == errno.EADDRINUSE:
            raise PortInUseError(node, host, port) from exc
        raise
    return sock
