# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A publisher that is told to fail does exactly that, and works again afterwards."""

from types import SimpleNamespace

import numpy as np
import pytest
from robot_policies.ros.fault_injection import FaultInjector


class Published:
    def __init__(self):
        self.messages = []

    def publish(self, message):
        self.messages.append(message)


def stamped(sec, **content):
    header = SimpleNamespace(stamp=SimpleNamespace(sec=sec, nanosec=0))
    return SimpleNamespace(header=header, **content)


@pytest.fixture
def scan():
    injector, sink = FaultInjector(), Published()
    return injector, injector.wrap('scan', sink), sink.messages


def test_silent_frozen_stuck_and_mended(scan):
    injector, publisher, sent = scan
    publisher.publish(stamped(1, data='a'))
    injector.command('scan silent')
    publisher.publish(stamped(2, data='b'))
    assert len(sent) == 1
    injector.command('scan frozen')
    publisher.publish(stamped(3, data='c'))
    assert sent[-1] is sent[0]
    injector.command('scan stuck')
    publisher.publish(stamped(4, data='d'))
    assert (sent[-1].header.stamp.sec, sent[-1].data) == (4, 'a')
    injector.command('all none')
    publisher.publish(stamped(5, data='e'))
    assert sent[-1].data == 'e'


def test_of_an_image_a_share_of_the_light_is_left(scan):
    injector, publisher, sent = scan
    injector.command('scan dim 0.2')
    publisher.publish(stamped(1, data=bytes([0, 100, 255])))
    assert list(sent[-1].data) == [0, 20, 51]
    injector.command('scan dim 3')
    publisher.publish(stamped(2, data=bytes([0, 100, 255])))
    assert list(sent[-1].data) == [0, 100, 255]


def test_stamps_are_shifted_and_the_clock_with_them(scan):
    injector, publisher, sent = scan
    injector.command('all shift -1.5')
    publisher.publish(stamped(10))
    publisher.publish(SimpleNamespace(clock=SimpleNamespace(sec=10, nanosec=0)))
    publisher.publish(SimpleNamespace(data='without a stamp'))
    assert (sent[0].header.stamp.sec, sent[0].header.stamp.nanosec) == (8, 500_000_000)
    assert sent[1].clock.sec == 8


def test_an_obstacle_appears_ahead_and_nowhere_else(scan):
    injector, publisher, sent = scan
    injector.command('scan near 0.4')
    message = stamped(1, ranges=[5.0] * 360, angle_min=-np.pi, angle_increment=2 * np.pi / 360)
    publisher.publish(message)
    assert sent[0].ranges[180] == 0.4
    assert sent[0].ranges[0] == sent[0].ranges[90] == 5.0


def test_an_odometry_says_that_the_base_is_low(scan):
    injector, publisher, sent = scan
    injector.command('scan low 0.1')
    position = SimpleNamespace(x=1.0, z=0.3)
    publisher.publish(stamped(1, pose=SimpleNamespace(pose=SimpleNamespace(position=position))))
    assert (position.x, position.z) == (1.0, 0.1)
    assert len(sent) == 1


@pytest.mark.parametrize('text', ['scan burns', 'odom silent', 'scan shift soon', ''])
def test_what_is_no_fault_is_refused_and_changes_nothing(scan, text):
    injector, publisher, sent = scan
    with pytest.raises(ValueError, match=r'.'):
        injector.command(text)
    publisher.publish(stamped(1))
    assert len(sent) == 1
