# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is heard of a topic, and what the middleware tells of each message."""

from itertools import pairwise

import pytest
from robot_policies.ros import topics
from robot_policies.ros.probes.listener import Listener

pytestmark = pytest.mark.ros


def test_messages_come_with_their_publishers_numbers_and_times(rig, wait_for):
    listener = Listener(rig.helper, [topics.CMD_VEL])

    def publish_and_drain():
        rig.say(topics.CMD_VEL, topics.CMD_VEL.type())
        listener.drain()
        return listener.heard(topics.CMD_VEL)

    wait_for(lambda: len(publish_and_drain()) >= 5)
    messages = listener.heard(topics.CMD_VEL)
    assert all(a.sequence + 1 == b.sequence for a, b in pairwise(messages))
    assert all(0 < m.published_ns <= m.received_ns for m in messages)
    assert messages[0].sequence > 0
