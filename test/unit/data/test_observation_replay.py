# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A recording aligned offline: what had been heard counts; losses and jumps are survived."""

from itertools import count

import numpy as np
import pytest
from robot_policies.core.data_types import Missing, Observation
from robot_policies.core.observation_record import ObservationRecord
from robot_policies.core.source_history import Align, SourceRule
from robot_policies.core.source_use import SourceUse
from robot_policies.data.mcap_file import McapFile
from robot_policies.data.message_definitions import typestore
from robot_policies.data.observation_replay import replay_observations
from robot_policies.resources import load_robot
from robot_policies.ros.codecs.observations import record_to_text

MS, NS = 1_000_000, 1_000_000_000
ODOM, STRING = 'nav_msgs/msg/Odometry', 'std_msgs/msg/String'
JOINTS = 'sensor_msgs/msg/JointState'
RULE = SourceRule(Align.HOLD, 500 * MS, 500 * MS)
ROBOT = load_robot('go2')


def odometry(stamp_ns: int, x: float) -> bytes:
    types = typestore().types
    vector, point = types['geometry_msgs/msg/Vector3'], types['geometry_msgs/msg/Point']
    turned = types['geometry_msgs/msg/Quaternion'](0.0, 0.0, 0.0, 1.0)
    pose = types['geometry_msgs/msg/Pose'](point(x, 0.0, 0.0), turned)
    twist = types['geometry_msgs/msg/Twist'](vector(0.0, 0.0, 0.0), vector(0.0, 0.0, 0.0))
    none = np.zeros(36)
    message = types[ODOM](
        header=types['std_msgs/msg/Header'](
            types['builtin_interfaces/msg/Time'](*divmod(stamp_ns, NS)), 'odom'
        ),
        child_frame_id='base',
        pose=types['geometry_msgs/msg/PoseWithCovariance'](pose, none),
        twist=types['geometry_msgs/msg/TwistWithCovariance'](twist, none),
    )
    return bytes(typestore().serialize_cdr(message, ODOM))


def joint_state(stamp_ns: int) -> bytes:
    types, rest = typestore().types, np.zeros(len(ROBOT.joint_names))
    stamp = types['builtin_interfaces/msg/Time'](*divmod(stamp_ns, NS))
    header = types['std_msgs/msg/Header'](stamp, '')
    message = types[JOINTS](header, list(ROBOT.joint_names), rest, rest, rest)
    return bytes(typestore().serialize_cdr(message, JOINTS))


def asked(stamp_ms: int, epoch: int = 0, rule: SourceRule = RULE) -> bytes:
    """Return the record of a question put 5 ms after the newest odometry."""
    stamp_ns = stamp_ms * MS
    use = SourceUse('odom', rule.align.value, (stamp_ns,), stamp_ns, 5 * MS, 0)
    record = ObservationRecord(stamp_ns + 5 * MS, stamp_ns, 'go', epoch, (use,), (rule,))
    return written(record)


def written(record: ObservationRecord) -> bytes:
    message = typestore().types[STRING](record_to_text(record))
    return bytes(typestore().serialize_cdr(message, STRING))


@pytest.fixture
def record(tmp_path):
    """Return `record(*messages)`.

    Odometry is (stamp in ms, x), a joint state (stamp in ms,), the record of a question bytes.
    """

    def make(*messages):
        path = tmp_path / 'recording.mcap'
        file = McapFile(path, metadata={'robot': 'go2', 'namespace': '/dog'})
        file.add_topic('/dog/odom', ODOM, reliable=False, latched=False)
        file.add_topic('/dog/joint_states', JOINTS, reliable=False, latched=False)
        file.add_topic('/dog/policy/observation', STRING, reliable=True, latched=False)
        arrival = count(NS, MS)
        for message in messages:
            now_ns = next(arrival)
            if isinstance(message, bytes):
                file.add('/dog/policy/observation', now_ns, now_ns, message)
            elif len(message) == 1:
                file.add('/dog/joint_states', now_ns, now_ns, joint_state(message[0] * MS))
            else:
                stamp_ms, x = message
                file.add('/dog/odom', now_ns, now_ns, odometry(stamp_ms * MS, x))
        file.close()
        return path

    return make


def seen(path, **rules) -> list:
    return [item.observation for item in replay_observations(path, ROBOT, rules or None)]


def test_only_what_had_been_heard_counts_whatever_the_order_of_the_file(record):
    path = record((100, 1.0), (140, 3.0), asked(120), (120, 2.0), (160, 4.0), asked(160))
    # 120 comes after 140 in the file and is ignored, as the node ignores what is reordered
    first, second = replay_observations(path, ROBOT)
    assert not first.is_same
    assert second.is_same
    path.unlink()
    path = record((100, 1.0), asked(120), (120, 2.0), (140, 3.0), (160, 4.0), asked(160))
    items = list(replay_observations(path, ROBOT))
    assert [item.is_same for item in items] == [True, True]
    assert [item.observation.odometry.position[0] for item in items] == [2.0, 4.0]


def test_a_message_that_the_recorder_lost_is_said(record):
    path = record((100, 1.0), (140, 3.0), asked(120), asked(140))
    lost, there = replay_observations(path, ROBOT)
    assert (lost.is_same, lost.lost) == (False, ('odom',))
    assert isinstance(lost.observation, Observation)
    assert lost.observation.odometry.position[0] == 1.0
    assert (there.is_same, there.lost) == (True, ())


def test_a_message_that_the_node_lost_is_said(record):
    nearest = SourceRule(Align.NEAREST, 500 * MS, 500 * MS)
    joints = SourceUse('joints', 'nearest', (100 * MS,), 160 * MS, 5 * MS, 25 * MS)
    odom = SourceUse('odom', 'nearest', (125 * MS,), 125 * MS, 40 * MS, 0)
    question = written(
        ObservationRecord(165 * MS, 125 * MS, 'go', 0, (joints, odom), (nearest, nearest))
    )
    path = record((100,), (125, 1.0), (160,), question)
    (item,) = replay_observations(path, ROBOT)
    assert (item.is_same, item.lost) == (True, ())
    path.unlink()
    (item,) = replay_observations(record((100,), (120,), (125, 1.0), (160,), question), ROBOT)
    assert (item.is_same, item.lost) == (False, ('joints',))


def test_without_any_message_it_is_missing_in_words(record):
    (observation,) = seen(record(asked(120)))
    assert isinstance(observation, Missing)
    assert str(observation) == 'odom has not arrived'


@pytest.mark.parametrize('to_ms', [100, 900_000])
def test_after_a_jump_of_the_clock_nothing_from_before_it_is_used(record, to_ms):
    path = record(
        (500_000, 1.0),
        (500_020, 1.0),
        asked(500_020),
        (500_040, 1.0),
        (to_ms, 7.0),
        (to_ms + 20, 8.0),
        asked(to_ms + 20, epoch=1),
    )
    items = list(replay_observations(path, ROBOT))
    assert [item.is_same for item in items] == [True, True]
    assert items[1].observation.odometry.position[0] == 8.0


def test_it_can_be_aligned_anew_under_other_rules(record):
    path = record((100, 1.0), (120, 2.0), asked(120))
    strict = SourceRule(Align.NEWEST, 1 * MS, 1 * MS)
    assert str(seen(path, odom=strict)[0]) == 'odom is 5 ms old, limit 1'
