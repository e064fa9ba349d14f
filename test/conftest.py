# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What every test may use."""

import os

# Read when the libraries are loaded: two threads on two busy cores slow everything down.
for _name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ.setdefault(_name, '1')
os.environ.setdefault('MUJOCO_GL', 'egl')

from collections.abc import Callable, Iterator  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import time  # noqa: E402

import pytest  # noqa: E402
from standstill import StandstillPlugin  # noqa: E402

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in its background so, and every child would ignore Ctrl-C, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_next_domain = os.getpid() % 100


def pytest_configure(config: pytest.Config) -> None:
    """Run tests of running nodes again during which the machine stood still."""
    config.pluginmanager.register(StandstillPlugin(('ros', 'launch', 'e2e')))


@pytest.fixture
def ros_domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Give the test a domain of its own, so that it hears no other test's nodes."""
    global _next_domain
    claim = None
    while claim is None:  # another run of the tests may be in it
        _next_domain = _next_domain % 100 + 1
        claim = _claimed(_next_domain)
    monkeypatch.setenv('ROS_DOMAIN_ID', str(_next_domain))
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    with claim:
        yield _next_domain


def _claimed(domain: int) -> socket.socket | None:
    """Return a socket that holds the domain for this process, or None if another one has it."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f'\0robot_policies/test_domain/{domain}')
    except OSError:
        claim.close()
        return None
    return claim


@pytest.fixture
def wait_for() -> Callable[..., None]:
    """Return `wait_for(condition, timeout_s=10, what='…')`, which fails if it never holds."""

    def wait(
        condition: Callable[[], object], timeout_s: float = 10.0, what: str = 'the condition'
    ) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f'{what} did not come true in {timeout_s} s'
            time.sleep(0.005)

    return wait
