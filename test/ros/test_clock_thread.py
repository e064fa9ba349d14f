# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A node's simulated time is set beside its executor, and its timers keep to it."""

from itertools import pairwise
import threading
import time

from node_rig import NodeRig
import pytest
from rclpy.parameter import Parameter
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import fill_duration
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.loops import ControlLoop

pytestmark = pytest.mark.ros
S = 10**9


@pytest.fixture
def tell(ros_domain, wait_for):
    """Return the rig, and what tells its nodes the time."""
    rig = NodeRig(ros_domain)
    publisher = rig.helper.create_publisher(topics.CLOCK.type, topics.CLOCK.name, topics.CLOCK.qos)

    def tell(node, time_ns):
        wait_for(lambda: publisher.get_subscription_count() > 0, what='a listener')
        message = topics.CLOCK.type()
        fill_duration(message.clock, time_ns)
        publisher.publish(message)
        wait_for(lambda: node.now_ns() == time_ns, what=f'{time_ns} ns')

    yield rig, tell
    rig.close()


def clock_threads():
    return [thread for thread in threading.enumerate() if thread.name == 'clock']


def test_time_goes_on_and_back_while_the_executor_is_busy_and_ends_with_the_node(tell):
    rig, tell_time = tell
    before = len(clock_threads())
    simulated = [Parameter('use_sim_time', value=True)]
    node = ManagedNode(context=rig.context, parameter_overrides=simulated)  # nobody spins it
    assert len(clock_threads()) == before + 1
    for time_ns in (5 * S + 1, 6 * S, 3 * S + 2):
        tell_time(node, time_ns)
    node.destroy_node()
    assert len(clock_threads()) == before


def test_a_timer_keeps_to_simulated_time(tell, wait_for):
    rig, tell_time = tell
    node, calls = rig.node(ManagedNode, use_sim_time=True), []
    node.slowly(2.0, lambda: calls.append(node.now_ns()), 'a timer')
    for second in range(1, 8):
        tell_time(node, second * S)
        wait_for(lambda: len(calls) >= (second - 1) // 2, what='the timer')  # noqa: B023
    assert len(calls) in (3, 4)
    assert min(b - a for a, b in pairwise(calls)) >= S


def test_an_executor_waits_neither_for_the_time_nor_for_what_happens_to_its_subscription(tell):
    rig, _ = tell
    node = rig.node(ManagedNode, use_sim_time=True)
    (clock,) = [made for made in node.subscriptions if made.msg_type is topics.CLOCK.type]
    awaited = (clock, *clock.event_handlers)
    assert len(awaited) > 1
    assert not any(entity.callback_group.can_execute(entity) for entity in awaited)


def test_a_loop_sleeps_until_the_time_is_told_and_goes_on_then(tell, wait_for):
    rig, tell_time = tell
    node, looked, ticks = rig.node(ManagedNode, use_sim_time=True), [], []

    class Clock:
        def now(self):
            looked.append(1)
            return node.get_clock().now()

    news = node._clock_thread.news
    loop = ControlLoop('loop', 10.0, lambda: ticks.append(node.now_ns()), Clock(), news=news)
    loop.start()
    for time_ns in range(S, 2 * S, S // 10):
        tell_time(node, time_ns)
        wait_for(lambda time_ns=time_ns: ticks and ticks[-1] == time_ns, what='a tick')
    before = len(looked)
    time.sleep(0.3)  # what is measured
    assert len(looked) - before < 60, 'it asks all the time'
    loop.stop()
    assert len(ticks) == 10


def test_the_system_s_time_needs_no_thread(tell):
    rig, _ = tell
    before = len(clock_threads())
    rig.node(ManagedNode)
    assert len(clock_threads()) == before
