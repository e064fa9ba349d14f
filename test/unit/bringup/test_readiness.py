# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes that say that they are ready, to whoever started them."""

import socket

from robot_policies.bringup.readiness import Notice, ReadinessSocket


def test_two_stacks_of_one_process_may_have_nodes_of_one_name():
    first, second = ReadinessSocket(), ReadinessSocket()
    first.address_for('sim')
    address = second.address_for('sim')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as node:
        node.sendto(b'READY=1', f'\0{address[1:]}')
    assert list(second.wait(5.0)) == [Notice('sim', 'READY', '1')]
    assert list(first.wait(0.0)) == []
    first.close()
    second.close()
