# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A taken port makes way for the next; an impossible address is one clear error."""

import socket

import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.dashboard import address

HERE = '127.0.0.1'


def test_a_free_port_is_taken_as_asked():
    port = address.free_port(HERE, 0)
    assert address.free_port(HERE, port) == port


def test_a_taken_port_makes_way_for_the_next():
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
        assert address.free_port(HERE, port) > port


def test_an_address_of_another_machine_is_refused_with_its_name():
    with pytest.raises(ConfigError, match=r'cannot listen on 192\.0\.2\.1:8080'):
        address.free_port('192.0.2.1', 8080)


def test_a_name_that_does_not_resolve_is_refused():
    with pytest.raises(ConfigError, match='cannot listen on'):
        address.free_port('no.such.host.invalid', 8080)


def test_localhost_is_the_address_that_every_machine_has():
    assert address.numeric('localhost') == HERE
    assert address.numeric('0.0.0.0') == '0.0.0.0'


@pytest.mark.parametrize('host', [HERE, '0.0.0.0'])
def test_the_link_can_be_opened_on_this_machine(host):
    assert address.url(host, 8081) == 'http://localhost:8081'
