# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks and diagnostics, as messages that were really sent."""

from bag_messages import make, through
import numpy as np
import pytest
from robot_policies.core.data_types import ActionChunk
from robot_policies.ros.codecs.chunks import chunk_from_msg, chunk_to_msg
from robot_policies.ros.codecs.diagnostics import fill_status, status_values
from robot_policies.ros.codecs.errors import CodecError

STAMP = 12_345_678_901_234_567
ACTIONS = np.random.default_rng(3).normal(size=(16, 3))


def chunk_message():
    return chunk_to_msg(
        ActionChunk(STAMP, 150_000_000, ACTIONS),
        'base',
        make('trajectory_msgs/msg/MultiDOFJointTrajectory'),
        lambda: make('trajectory_msgs/msg/MultiDOFJointTrajectoryPoint'),
        lambda: make('geometry_msgs/msg/Twist'),
    )


def test_a_chunk_goes_there_and_back():
    sent = through(chunk_message())
    assert sent.joint_names == ['base']
    # point k is due (k + 1) · dt after the stamp: the last of 16 after 2.4 s
    last = sent.points[-1].time_from_start
    assert (last.sec, last.nanosec) == (2, 400_000_000)
    back = chunk_from_msg(sent)
    assert (back.stamp_ns, back.dt_ns) == (STAMP, 150_000_000)
    np.testing.assert_array_equal(back.actions, ACTIONS)


def no_points(message):
    message.points = []


def no_velocity(message):
    message.points[3].velocities = []


def uneven(message):
    message.points[3].time_from_start.nanosec += 1


def at_once(message):
    for point in message.points:
        point.time_from_start.sec = point.time_from_start.nanosec = 0


@pytest.mark.parametrize('spoil', [no_points, no_velocity, uneven, at_once])
def test_a_chunk_that_makes_no_sense_is_refused(spoil):
    message = chunk_message()
    spoil(message)
    with pytest.raises(CodecError):
        chunk_from_msg(message)


def test_nan_in_a_chunk_reaches_the_buffer_that_counts_it():
    message = chunk_message()
    message.points[2].velocities[0].linear.x = float('nan')
    assert np.isnan(chunk_from_msg(message).actions[2, 0])


def test_a_status_carries_words_and_numbers():
    def key_value(key, value):
        made = make('diagnostic_msgs/msg/KeyValue')
        made.key, made.value = key, value
        return made

    message = fill_status(
        make('diagnostic_msgs/msg/DiagnosticStatus'),
        key_value,
        name='/safety',
        level=1,
        words='slow',
        values={'distance_m': 0.123456, 'count': 3, 'check': 'distance', 'ratio': 1e-7},
    )
    sent = through(message)
    assert (sent.name, sent.level, sent.message) == ('/safety', 1, 'slow')
    assert status_values(sent) == {
        'distance_m': '0.1235',
        'count': '3',
        'check': 'distance',
        'ratio': '1e-07',
    }
