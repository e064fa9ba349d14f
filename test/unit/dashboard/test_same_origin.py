# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A foreign web site that the operator has open cannot drive the robot."""

import http.client

import pytest
from robot_policies.dashboard import same_origin
from robot_policies.dashboard.server import serve, stop
import viser
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


@pytest.mark.parametrize(
    ('origin', 'host', 'local'),
    [
        ('http://localhost:8080', 'localhost:8080', True),
        ('http://127.0.0.1:8080', '127.0.0.1:8080', True),
        ('http://localhost:9000', 'localhost:9000', True),  # forwarded through ssh
        (None, 'localhost:8080', True),  # a program, or the first request of a browser
        ('http://robot.lan:8080', 'robot.lan:8080', False),
    ],
)
def test_the_page_itself_may_connect(origin, host, local):
    assert same_origin.refusal(origin, host, local=local) == ''


@pytest.mark.parametrize(
    ('origin', 'host', 'local'),
    [
        ('https://evil.example', 'localhost:8080', True),
        ('http://localhost:3000', 'localhost:8080', True),
        ('null', 'localhost:8080', True),
        ('https://evil.example', 'robot.lan:8080', False),
        # a foreign name that resolves to this machine
        ('http://evil.example:8080', 'evil.example:8080', True),
        (None, 'evil.example:8080', True),
    ],
)
def test_any_other_page_may_not(origin, host, local):
    assert same_origin.refusal(origin, host, local=local) != ''


@pytest.fixture
def server():
    server = serve('127.0.0.1', 0)
    yield server
    stop(server)


def test_the_running_server_refuses_a_foreign_page_and_serves_its_own(server):
    address = f'localhost:{server.get_port()}'
    protocol = [f'viser-v{viser.__version__}']
    with pytest.raises(InvalidStatus) as refused:
        connect(f'ws://{address}', origin='https://evil.example', subprotocols=protocol)
    assert refused.value.response.status_code == 403
    with connect(f'ws://{address}', origin=f'http://{address}', subprotocols=protocol) as own:
        assert own.recv(timeout=10)


def test_the_running_server_refuses_a_foreign_name(server):
    connection = http.client.HTTPConnection('127.0.0.1', server.get_port(), timeout=10)
    connection.request('GET', '/', headers={'Host': 'evil.example'})
    assert connection.getresponse().status == 403


def test_a_viser_that_cannot_be_guarded_is_not_used():
    with (
        pytest.raises(RuntimeError, match='foreign pages'),
        same_origin.only_own_pages(local=True),
    ):
        pass  # no server was made through the guarded function
