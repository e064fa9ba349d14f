# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The loop of the safety node: a message wakes it early, and not without end."""

import time

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from robot_policies.ros.inputs import NotInExecutor, RequestInput
from robot_policies.ros.topics import Service
from robot_policies.ros.woken_loop import EARLY_STEPS, WokenLoop
from std_msgs.msg import Bool
from std_srvs.srv import Trigger

pytestmark = pytest.mark.ros


class Waked:
    """A loop around a subscription, and a publisher to wake it with."""

    def __init__(self, rate_hz, paced=False, due_ns=lambda: None):
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = Node('waked', context=self.context)
        self.publisher = self.node.create_publisher(Bool, 'wake', 10)
        self.subscription = self.node.create_subscription(
            Bool, 'wake', lambda _: None, 10, callback_group=NotInExecutor()
        )
        self.executor = SingleThreadedExecutor(context=self.context)
        self.steps, self.taken = [], 0
        self.shout = self.node.create_publisher(Bool, 'shout', 10)
        self.shouts = self.node.create_subscription(
            Bool, 'shout', lambda _: None, 10, callback_group=NotInExecutor()
        )
        self.heart = self.node.create_publisher(Bool, 'beat', 10)
        self.beats = self.node.create_subscription(
            Bool, 'beat', lambda _: None, 10, callback_group=NotInExecutor()
        )
        self.calls = RequestInput(self.node, Service('call', Trigger))
        self.client = self.node.create_client(Trigger, 'call')
        self.whisper = self.node.create_publisher(Bool, 'whisper', 10)
        self.whispers = self.node.create_subscription(
            Bool, 'whisper', lambda _: None, 10, callback_group=NotInExecutor()
        )
        self.overheard = []
        self.loop = WokenLoop(
            'waked',
            rate_hz,
            self.step,
            [self.subscription, self.shouts, self.calls.service],
            self.context,
            pacemaker=self.beats if paced else None,
            listened={self.whispers: self.overhear},
            due_ns=due_ns,
        )

    def overhear(self):
        while (taken := self.whispers.handle.take_message(Bool, False)) is not None:
            self.overheard.append(taken[0].data)
        return self.overheard[-1]

    def step(self):
        self.steps.append(time.monotonic())
        while self.shouts.handle.take_message(Bool, False) is not None:
            self.taken += 1
        for subscription in (self.subscription, self.beats):
            while subscription.handle.take_message(Bool, False) is not None:
                self.taken += 1
        self.calls.poll()
        self.calls.answer(success=True, message='taken')

    def __enter__(self):
        self.loop.start()
        return self

    def __exit__(self, *_):
        self.loop.stop()
        self.executor.shutdown()
        self.node.destroy_node()
        self.context.try_shutdown()


def test_without_messages_it_ticks_at_its_rate(ros_domain, wait_for):
    with Waked(50.0) as waked:
        wait_for(lambda: len(waked.steps) > 20)
        assert waked.loop.monitor.ticks >= 20


def test_a_message_does_not_wait_for_the_tick(ros_domain, wait_for):
    with Waked(0.1) as waked:  # the next tick is ten seconds away
        wait_for(lambda: waked.publisher.get_subscription_count() == 1)
        waked.publisher.publish(Bool())
        wait_for(lambda: waked.taken == 1, 5.0, 'the message to be taken before the tick')
        assert waked.loop.monitor.ticks == 1


def test_a_message_close_upon_another_does_not_wait_either(ros_domain, wait_for):
    with Waked(0.1) as waked:  # the next tick is ten seconds away
        wait_for(lambda: waked.publisher.get_subscription_count() == 1)
        for taken in (1, 2):
            waked.publisher.publish(Bool())
            wait_for(lambda taken=taken: waked.taken == taken, 5.0, 'the early step')
        assert waked.loop.monitor.ticks == 1


def test_a_message_does_not_wait_because_others_have_woken_the_loop(ros_domain, wait_for):
    with Waked(0.1) as waked:  # the next tick is ten seconds away
        wait_for(lambda: waked.publisher.get_subscription_count() == 1)
        wait_for(lambda: waked.shout.get_subscription_count() == 1)
        for taken in range(1, EARLY_STEPS + 1):
            waked.publisher.publish(Bool())
            wait_for(lambda taken=taken: waked.taken == taken, 5.0, 'the early step')
        waked.shout.publish(Bool())
        wait_for(lambda: waked.taken == EARLY_STEPS + 1, 5.0, 'the urgent step')
        assert waked.loop.monitor.ticks == 1


def test_a_call_of_a_service_is_answered_before_the_tick(ros_domain, wait_for):
    with Waked(0.1) as waked:  # the next tick is ten seconds away
        wait_for(waked.client.service_is_ready)
        answers = [waked.client.call_async(Trigger.Request()) for _ in range(2)]
        rclpy.spin_until_future_complete(waked.node, answers[1], waked.executor, 5.0)
        assert [answer.result().message for answer in answers] == ['taken', 'taken']
        assert waked.loop.monitor.ticks == 1


def test_a_flood_gets_two_steps_per_period(ros_domain, wait_for):
    with Waked(10.0) as waked:
        wait_for(lambda: waked.publisher.get_subscription_count() == 1)
        started = time.monotonic()
        before = len(waked.steps)
        for _ in range(300):
            waked.publisher.publish(Bool())
            time.sleep(0.001)
        periods = (time.monotonic() - started) * 10.0
        assert len(waked.steps) - before <= (1 + EARLY_STEPS) * (periods + 1)


def test_the_tick_comes_with_the_pacemaker(ros_domain, wait_for):
    with Waked(0.1, paced=True) as waked:  # by its own clock the next tick is ten seconds away
        wait_for(lambda: waked.heart.get_subscription_count() == 1 and waked.steps)
        waked.heart.publish(Bool())
        wait_for(lambda: waked.loop.monitor.ticks == 2, 5.0, 'the tick that the message brings')


def test_a_pacemaker_brings_no_more_than_two_ticks_per_period(ros_domain, wait_for):
    with Waked(10.0, paced=True) as waked:
        wait_for(lambda: waked.heart.get_subscription_count() == 1)
        started = time.monotonic()
        before = waked.loop.monitor.ticks
        for _ in range(300):
            waked.heart.publish(Bool())
            time.sleep(0.001)
        periods = (time.monotonic() - started) * 10.0
        assert waked.loop.monitor.ticks - before <= 2 * periods + 2


def test_it_ticks_by_its_own_clock_when_the_pacemaker_falls_silent(ros_domain, wait_for):
    with Waked(50.0, paced=True) as waked:
        wait_for(lambda: waked.heart.get_subscription_count() == 1)
        waked.heart.publish(Bool())
        wait_for(lambda: waked.taken == 1)
        silent = waked.loop.monitor.ticks
        wait_for(lambda: waked.loop.monitor.ticks >= silent + 20)


def test_a_command_does_not_wait_for_the_pacemaker(ros_domain, wait_for):
    with Waked(0.1, paced=True) as waked:
        wait_for(lambda: waked.publisher.get_subscription_count() == 1)
        waked.publisher.publish(Bool())
        wait_for(lambda: waked.taken == 1, 5.0, 'the early step')
        assert waked.loop.monitor.ticks == 1


def test_what_is_listened_to_wakes_the_loop_only_if_it_is_worth_it(ros_domain, wait_for):
    with Waked(0.1) as waked:  # the next tick is ten seconds away
        wait_for(lambda: waked.whisper.get_subscription_count() == 1 and waked.steps)
        for count in range(1, 6):
            waked.whisper.publish(Bool(data=False))
            wait_for(lambda count=count: len(waked.overheard) == count)
        assert len(waked.steps) == 1
        waked.whisper.publish(Bool(data=True))
        wait_for(lambda: len(waked.steps) == 2, 5.0, 'the step before the tick')
        assert waked.loop.monitor.ticks == 1


def test_stopping_does_not_wait_for_the_tick(ros_domain, wait_for):
    with Waked(0.1) as waked:  # the next tick is ten seconds away
        wait_for(lambda: len(waked.steps) == 1)
        started = time.monotonic()
        waked.loop.stop()
        assert time.monotonic() - started < 5.0


def test_it_stops_when_told_to(ros_domain, wait_for):
    with Waked(50.0) as waked:
        wait_for(lambda: len(waked.steps) > 3)
        waked.loop.stop()
        stopped = len(waked.steps)
        time.sleep(0.1)
        assert len(waked.steps) == stopped


@pytest.mark.parametrize('urgent', [False, True])
def test_what_is_due_before_the_tick_is_not_kept_waiting(ros_domain, wait_for, urgent):
    period_s, after_s = 0.2, 0.05
    start_ns = time.monotonic_ns()
    due = [start_ns + round(after_s * 1e9)]

    def due_ns() -> int | None:
        return due[0] if due and time.monotonic_ns() < due[0] else None

    with Waked(1.0 / period_s, urgent, due_ns=due_ns) as waked:
        wait_for(lambda: len(waked.steps) >= 3)
    after = [step - start_ns * 1e-9 for step in waked.steps]
    assert any(after_s <= second < 0.9 * period_s for second in after)
