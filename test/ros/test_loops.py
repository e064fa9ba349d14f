# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The control loop: its rate, what it skips, how it stops, and simulated time."""

import threading
import time

import pytest
from robot_policies.nodes.locomotion_node import LocomotionNode
from robot_policies.ros import topics
from robot_policies.ros.loops import ControlLoop

pytestmark = pytest.mark.ros


@pytest.fixture
def loops():
    made = []

    def make(rate_hz, step, clock=None):
        made.append(ControlLoop('loop', rate_hz, step, clock))
        return made[-1]

    yield make
    for loop in made:
        loop.stop()


def test_it_ticks_on_a_schedule_and_not_after_the_step(loops, wait_for):
    times = []

    def step():
        times.append(time.monotonic())
        time.sleep(0.006)  # part of the period, which is 10 ms

    loop = loops(100.0, step)
    loop.start()
    wait_for(lambda: len(times) >= 51)
    loop.stop()
    # A loop that slept a period after each step would take 16 ms per tick. Where the machine
    # is busy whole periods are skipped, and counted.
    periods = 50 + loop.monitor.misses
    assert times[50] - times[0] < 0.013 * periods


def test_what_cannot_be_caught_up_is_skipped_and_counted(loops, wait_for):
    times = []

    def step():
        times.append(time.monotonic())
        if len(times) == 3:
            time.sleep(0.1)

    loop = loops(100.0, step)
    loop.start()
    wait_for(lambda: len(times) >= 8)
    loop.stop()
    assert loop.monitor.misses >= 8
    # no burst: the ticks after the long one are a period apart, give or take the machine
    assert times[5] - times[3] > 0.01


def test_stop_waits_for_the_step_that_runs_and_none_follows(loops):
    entered, leave, ticks = threading.Event(), threading.Event(), []

    def step():
        ticks.append(1)
        entered.set()
        leave.wait(10.0)

    loop = loops(1000.0, step)
    loop.start()
    assert entered.wait(10.0)
    stopper = threading.Thread(target=loop.stop)
    stopper.start()
    assert stopper.is_alive()
    leave.set()
    stopper.join(10.0)
    assert ticks == [1]


def test_it_can_be_started_again(loops, wait_for):
    ticks = []
    loop = loops(500.0, lambda: ticks.append(1))
    for _ in range(2):
        count = len(ticks)
        loop.start()
        wait_for(lambda count=count: len(ticks) > count)
        loop.stop()


def test_simulated_time_drives_it_stops_it_and_may_jump(rig, wait_for):
    """F17: paused time pauses the loop; after a jump either way it goes on."""
    node = rig.active(
        LocomotionNode, controller__plugin='plugins_for_tests:EchoController', use_sim_time=True
    )
    monitor = node._loops[0].monitor

    def tell(seconds):
        message = topics.CLOCK.type()
        message.clock.sec, rest = divmod(round(seconds * 1e9), 10**9)
        message.clock.nanosec = rest
        rig.say(topics.CLOCK, message)

    def advance(start):
        """Advance by steps of 20 ms until the loop has ticked five times more."""
        goal, now = monitor.ticks + 5, start
        deadline = time.monotonic() + 10.0
        while monitor.ticks < goal:
            assert time.monotonic() < deadline
            now += 0.02
            tell(now)
            wait_for(lambda told=now: node.now_ns() >= (told - 0.02) * 1e9)
            time.sleep(0.002)
        return now

    tell(100.0)
    wait_for(lambda: node.now_ns() == 100 * 10**9)
    now = advance(100.0)
    paused = monitor.ticks
    wait_for(lambda: monitor.ticks - paused <= 1)
    advance(now)
    for elsewhere in (20.0, 5000.0):
        tell(elsewhere)
        wait_for(lambda elsewhere=elsewhere: node.now_ns() == elsewhere * 1e9)
        advance(elsewhere)
    assert node._watch.jumps == 2
