# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Tell whoever started this process how it goes, in systemd's protocol (`sd_notify(3)`).

`robot-policies up` listens, and so does systemd for a unit with `Type=notify`. Where nobody
listens nothing is sent. A message that cannot be delivered is dropped: a robot does not depend on
its starter.
"""

import os
import socket

SOCKET_VARIABLE = 'NOTIFY_SOCKET'


def ready() -> None:
    """Say that the node is active."""
    _send('READY=1')


def status(text: str) -> None:
    """Say in one line what the node is doing, e.g. that it loads a checkpoint."""
    _send(f'STATUS={_line(text)}')


def page(url: str) -> None:
    """Say where the node's web page is."""
    _send(f'X_PAGE={_line(url)}')


def failed(reason: str) -> None:
    """Say why the node cannot start."""
    _send(f'X_FAILED={_line(reason)}')


def _line(text: str) -> str:
    return ' '.join(text.split())


def _send(field: str) -> None:
    address = os.environ.get(SOCKET_VARIABLE, '')
    if not address:
        return
    if address.startswith('@'):
        address = '\0' + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(f'{field}\nMAINPID={os.getpid()}'.encode(), address)
    except OSError:
        pass
