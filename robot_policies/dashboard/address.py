# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where the page can be served."""

import errno
import socket

from robot_policies.core.errors import ConfigError

_TRIES = 100
_HERE = '127.0.0.1'


def free_port(host: str, port: int) -> int:
    """Return the first port from `port` on that nobody listens on.

    Args:
        host: Address to listen on.
        port: Where to begin; 0 lets the system choose.

    Raises:
        ConfigError: The address is not one of this machine, the port needs more rights, or none
            of the next hundred is free.
    """
    for candidate in range(port, min(port + _TRIES, 65536)):
        try:
            with socket.create_server((host, candidate), family=_family(host)) as listener:
                return int(listener.getsockname()[1])
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ConfigError(
                    'dashboard', [f'cannot listen on {host}:{port}: {error}']
                ) from error
    raise ConfigError('dashboard', [f'no port from {port} to {candidate} is free on {host}'])


def numeric(host: str) -> str:
    """Return `localhost` as the address that every machine has."""
    return _HERE if host in ('', 'localhost') else host


def url(host: str, port: int) -> str:
    """Return what to type into a browser on this machine."""
    shown = 'localhost' if host in (_HERE, '0.0.0.0', '::') else host
    return f'http://{shown}:{port}'


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ':' in host else socket.AF_INET
