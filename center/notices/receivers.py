"""Whom messages may be handed to: public addresses, and those of the house's own network that a setting lists.

A director could else make the server ask any machine beside it. Names are resolved here, each address is looked at,
and the connection goes to the very address that was looked at. Every hand-over has one deadline over all that it does.
"""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SECONDS = 10.0  # how long to wait for any one answer
DEADLINE = 20.0  # seconds for a whole hand-over
NOT_ALLOWED = "its address belongs to this machine or its network; CENTER_PRIVATE_RECEIVERS lists exceptions"

_connections = threading.local()


class ReceiverNotAllowedError(Exception):
    """The name leads to where no message may go."""


def is_allowed(host: str, address: str, exceptions: Sequence[str]) -> bool:
    """Whether messages for this host may go to this address: a public one, or one that is an exception by name or
    network."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    if found.is_global and not found.is_multicast:
        return True
    return host.lower() in exceptions or any(_holds(network, found) for network in exceptions)


def _holds(network: str, address: IPv4Address | IPv6Address) -> bool:
    with suppress(ValueError):  # a name
        return address in ip_network(network, strict=False)
    return False


def connect(host: str, port: int, *, exceptions: Sequence[str], timeout: float = SECONDS) -> socket.socket:
    """A connection to a host, at an address that is allowed. Raises ReceiverNotAllowedError and OSError.

    One address that is not allowed is enough: a name that has both is meant to lead astray.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(is_allowed(host, str(address[0]), exceptions) for *_kind, address in found):
        raise ReceiverNotAllowedError
    trouble = OSError("no address")
    for family, kind, protocol, _name, address in found:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            connection.connect(address)
        except OSError as error:
            connection.close()
            trouble = error
            continue
        _note(connection)
        return connection
    raise trouble


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Around a hand-over: when the time is over, its connections end, whatever they are at."""
    kept: list[socket.socket] = []
    _connections.kept = kept
    timer = threading.Timer(seconds, _end, (kept,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _connections.kept = None
        for each in kept:
            each.close()


def _note(connection: socket.socket) -> None:
    """Keep a hold on the connection; a second handle, since encryption takes the first one away."""
    kept = getattr(_connections, "kept", None)
    if kept is not None:
        kept.append(socket.socket(connection.family, connection.type, fileno=os.dup(connection.fileno())))


def _end(kept: list[socket.socket]) -> None:
    for each in list(kept):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
