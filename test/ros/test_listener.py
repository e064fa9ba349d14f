# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is heard of a topic, and what the middleware tells of each message."""

from itertools import pairwise

from node_rig import NodeRig
import pytest
from robot_policies.ros import topics
from robot_policies.ros.probes.listener import Listener

pytestmark = pytest.mark.ros


@pytest.fixture
def rig(ros_domain):
    rig = NodeRig(ros_domain)
    yield rig
    rig.close()


def test_messages_come_with_their_publishers_numbers_and_times(rig, wait_for):
    listener = Listener(rig.helper, [topics.CMD_VEL])

    def heard():
        message = topics.CMD_VEL.type()
        message.twist.linear.x = float(len(listener.heard(topics.CMD_VEL)))
        rig.say(topics.CMD_VEL, message)
        listener.drain()
        return listener.heard(topics.CMD_VEL)

    wait_for(lambda: len(heard()) >= 5)
    messages = listener.heard(topics.CMD_VEL)
    assert all(a.sequence + 1 == b.sequence for a, b in pairwise(messages))
    assert all(0 < m.published_ns <= m.received_ns for m in messages)
    assert messages[0].sequence > 0
