# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Simulated time is there when a loop asks, whatever the executor is busy with."""

from node_rig import NodeRig
import pytest
from robot_policies.ros import topics
from robot_policies.ros.clock_input import ClockInput
from robot_policies.ros.codecs.header import fill_duration
from robot_policies.ros.lifecycle import ManagedNode

pytestmark = pytest.mark.ros


def test_the_newest_time_is_read_without_an_executor(ros_domain, wait_for):
    rig = NodeRig(ros_domain)
    node = ManagedNode(context=rig.context)  # nobody spins it
    try:
        clock = ClockInput(node)
        assert clock.now_ns() == 0
        publisher = rig.helper.create_publisher(
            topics.CLOCK.type, topics.CLOCK.name, topics.CLOCK.qos
        )
        wait_for(lambda: publisher.get_subscription_count() > 0)
        for time_ns in (5_000_000_001, 3_000_000_002):  # back, too
            message = topics.CLOCK.type()
            fill_duration(message.clock, time_ns)
            publisher.publish(message)
            wait_for(lambda time_ns=time_ns: clock.now_ns() == time_ns)
    finally:
        node.destroy_node()
        rig.close()
