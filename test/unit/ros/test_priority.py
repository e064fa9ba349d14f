# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a thread may ask of the scheduler."""

from collections.abc import Callable
import os
import platform
import threading
from typing import Any
from unittest.mock import Mock

import pytest
from robot_policies.ros import loops, priority, woken_loop
from robot_policies.ros.priority import slice_ns, step_back, wake_promptly

pytestmark = pytest.mark.skipif(
    os.uname().sysname != 'Linux', reason='threads have priorities on Linux only'
)
_KERNEL = tuple(int(part) for part in platform.release().split('.')[:2])


def _in_thread(work: Callable[[], Any]) -> Any:
    seen: list[Any] = []
    thread = threading.Thread(target=lambda: seen.append(work()))
    thread.start()
    thread.join()
    return seen[0]


def test_only_the_calling_thread_steps_back():
    before = os.getpriority(os.PRIO_PROCESS, 0)

    def work() -> int:
        step_back(before + 3)
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert _in_thread(work) == before + 3
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.mark.skipif(_KERNEL < (6, 12), reason='slices can be asked for from Linux 6.12 on')
def test_a_thread_that_wakes_promptly_has_short_slices_and_the_same_nice_value():
    before = os.getpriority(os.PRIO_PROCESS, 0)
    usual_ns = slice_ns()

    def work() -> tuple[bool, int, int]:
        taken = wake_promptly()
        return taken, slice_ns(), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert _in_thread(work) == (True, priority.SHORT_SLICE_NS, before)
    assert slice_ns() == usual_ns > priority.SHORT_SLICE_NS


def test_on_a_machine_that_is_not_known_nothing_is_asked(monkeypatch):
    monkeypatch.setattr(platform, 'machine', lambda: 'riscv64')
    assert not _in_thread(wake_promptly)
    assert slice_ns() == 0


@pytest.mark.parametrize('module', [loops, woken_loop])
def test_a_loop_comes_first_in_its_own_thread(module, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        module, 'come_first', lambda _: asked.append(threading.current_thread().name)
    )
    stepped = threading.Event()
    if module is loops:
        loop: Any = loops.ControlLoop('control', 100.0, stepped.set)
    else:
        monkeypatch.setattr(woken_loop, '_rclpy', Mock())
        loop = woken_loop.WokenLoop('control', 100.0, stepped.set, [], _NoContext())
    loop.start()
    assert stepped.wait(5.0)
    loop.stop()
    assert asked == ['control']


class _NoContext:
    handle = None

    def ok(self) -> bool:
        return False
