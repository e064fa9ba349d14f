# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One stack per ROS domain and namespace: the second one is refused, never mixed in."""

import os
import socket
import struct

from robot_policies.core.errors import ConfigError


class Claim:
    """The right to run the nodes of one robot in one domain; the kernel ends it with the process.

    It is a listening socket in Linux's abstract namespace, which reaches exactly as far as the
    localhost on which the nodes find one another, whichever user they run as.
    """

    def __init__(self, domain: int, namespace: str) -> None:
        """Take it.

        Args:
            domain: ROS domain.
            namespace: Namespace of the robot; empty for none.

        Raises:
            ConfigError: Somebody has it; the message names the process.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        namespace = namespace.strip('/')
        address = f'\0robot_policies/stack/{domain}/{namespace}'
        try:
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise ConfigError(
                f'ROS domain {domain}',
                [
                    f'a stack runs here already {_holder(address)}, '
                    f'{f"in namespace {namespace}" if namespace else "without a namespace"}; '
                    'stop it, or choose another domain (ROS_DOMAIN_ID=<0..101>) '
                    'or another namespace (namespace:=<name>)'
                ],
            ) from None
        self._socket.listen()

    def release(self) -> None:
        """Give it back."""
        self._socket.close()


def _holder(address: str) -> str:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            probe.connect(address)
            credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    except OSError:
        return ''
    return f'(process {struct.unpack("3i", credentials)[0]})'


def ros_domain() -> int:
    """Return the ROS domain of this environment.

    Raises:
        ConfigError: `ROS_DOMAIN_ID` is no number that ROS takes.
    """
    text = os.environ.get('ROS_DOMAIN_ID', '') or '0'
    if not text.isdigit() or int(text) > 232:
        raise ConfigError('ROS_DOMAIN_ID', [f'{text!r} is no domain, expected 0 to 232'])
    return int(text)
