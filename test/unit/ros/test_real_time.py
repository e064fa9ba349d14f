# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Threads in real time, where the system grants it, and what happens where it does not."""

import os
import threading

import pytest
from robot_policies.ros import priority, real_time
from robot_policies.ros.loops import ControlLoop
from robot_policies.ros.priority import come_first
from robot_policies.ros.real_time import is_granted, middleware_in_real_time, run_in_real_time

granted = pytest.mark.skipif(not is_granted(), reason='no right to run in real time')


def policy_of(thread: int = 0) -> int:
    return os.sched_getscheduler(thread) & ~os.SCHED_RESET_ON_FORK


def in_thread(work):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(work()))
    thread.start()
    thread.join()
    return seen[0]


@granted
def test_a_loop_runs_in_real_time_and_the_threads_it_starts_do_not():
    seen, stepped = [], threading.Event()

    def step():
        mine = policy_of(), os.sched_getparam(0).sched_priority
        seen.append((mine, in_thread(policy_of)))
        stepped.set()

    loop = ControlLoop('control', 100.0, step, real_time=7)
    loop.start()
    assert stepped.wait(5.0)
    loop.stop()
    assert seen[:1] == [((os.SCHED_RR, 7), os.SCHED_OTHER)]
    assert policy_of() == os.SCHED_OTHER


@granted
def test_the_threads_of_the_middleware_are_found_by_name_but_for_its_watchdog(
    tmp_path, monkeypatch
):
    ended, numbers, named = threading.Event(), {}, threading.Barrier(5)

    def wait(name):
        with open('/proc/thread-self/comm', 'w', encoding='ascii') as comm:
            comm.write(name)
        numbers[name] = threading.get_native_id()
        named.wait(5.0)
        ended.wait()

    names = ('dds.udp.7411', 'recvMC', 'dds.shm.wdog', 'python')
    threads = [threading.Thread(target=wait, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    named.wait(5.0)
    for number in numbers.values():  # not those that other tests may have left
        (tmp_path / str(number)).symlink_to(f'/proc/self/task/{number}')
    monkeypatch.setattr(real_time, '_TASKS', tmp_path)
    try:
        assert middleware_in_real_time(5) == 2
        policies = {name: policy_of(number) for name, number in numbers.items()}
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    real, ordinary = os.SCHED_RR, os.SCHED_OTHER
    assert policies == dict(zip(names, (real, real, ordinary, ordinary), strict=True))


def test_without_the_right_a_thread_with_deadlines_asks_for_short_slices(monkeypatch):
    def refuse(*_):
        raise PermissionError

    asked = []
    monkeypatch.setattr(os, 'sched_setscheduler', refuse)
    monkeypatch.setattr(priority, 'wake_promptly', lambda: asked.append('short slices'))
    assert not run_in_real_time(5)
    assert not is_granted()
    come_first(5)
    assert asked == ['short slices']


def test_without_a_priority_nothing_is_asked_of_the_system(monkeypatch):
    asked = []
    monkeypatch.setattr(real_time.os, 'sched_setscheduler', lambda *_: asked.append(_))
    in_thread(come_first)
    assert asked == []
