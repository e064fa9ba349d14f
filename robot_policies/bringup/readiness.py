# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Hear from started processes how it goes, in systemd's protocol (`sd_notify(3)`)."""

from collections.abc import Iterator
from dataclasses import dataclass
import itertools
import os
import select
import socket


@dataclass(frozen=True)
class Notice:
    """One thing that a process said.

    Attributes:
        name: Node that said it.
        key: `READY`, `STATUS`, `X_PAGE` or `X_FAILED`.
        value: What it said.
    """

    name: str
    key: str
    value: str


class ReadinessSocket:
    """Sockets on which the nodes of a stack say that they are ready, one for each.

    They live in Linux's abstract namespace: nothing on disk, and gone with the process.
    """

    _made = itertools.count()

    def __init__(self) -> None:
        # one process may launch several stacks
        self._number = next(self._made)
        self._sockets: dict[socket.socket, str] = {}

    def address_for(self, name: str) -> str:
        """Open a socket for the node `name`; return what its `NOTIFY_SOCKET` has to be."""
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        address = f'robot_policies/{os.getpid()}/{self._number}/{name}'
        receiver.bind(f'\0{address}')
        self._sockets[receiver] = name
        return f'@{address}'

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """All of them, for an event loop."""
        return tuple(self._sockets)

    def wait(self, timeout_s: float) -> Iterator[Notice]:
        """Yield what was said, after waiting for it no longer than `timeout_s`."""
        readable, _, _ = select.select(list(self._sockets), [], [], timeout_s)
        for receiver in readable:
            for line in receiver.recv(4096).decode(errors='replace').splitlines():
                key, _, value = line.partition('=')
                yield Notice(self._sockets[receiver], key, value)

    def close(self) -> None:
        """Close all of them."""
        for receiver in self._sockets:
            receiver.close()
        self._sockets.clear()
