# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Which value of a source stands for an instant, and how old and how far off it is."""

import numpy as np
import pytest
from robot_policies.core.data_types import Image, JointState, Missing, Observation, Odometry
from robot_policies.core.errors import ConfigError
from robot_policies.core.interpolation import between
from robot_policies.core.observation_assembler import ObservationAssembler
from robot_policies.core.rotations import slerp, yaw
from robot_policies.core.source_history import Align, SourceHistory, SourceRule
from robot_policies.core.source_use import SourceUse

MS = 1_000_000


def turned(angle: float) -> np.ndarray:
    return np.array([0.0, 0.0, np.sin(angle / 2.0), np.cos(angle / 2.0)])


def odom(stamp_ms: float, x: float = 0.0, angle: float = 0.0) -> Odometry:
    velocity = np.array([x / 10.0, 0.0, 0.0])
    return Odometry(round(stamp_ms * MS), np.array([x, 0, 0]), turned(angle), velocity, -velocity)


def history(align: Align, *stamps_ms: int, max_skew_ms: int = 100) -> SourceHistory:
    made = SourceHistory('odom', SourceRule(align, 200 * MS, max_skew_ms * MS))
    for stamp_ms in stamps_ms:
        made.put(odom(stamp_ms, x=float(stamp_ms)))
    return made


def taken(source: SourceHistory, instant_ms: int, now_ms: int = 200) -> tuple[Odometry, SourceUse]:
    value, use, problem = source.pick(instant_ms * MS, now_ms * MS)
    assert not problem
    return value, use


@pytest.mark.parametrize(
    ('align', 'instant_ms', 'expected_x'),
    [
        (Align.NEWEST, 95, 120.0),
        (Align.NEAREST, 95, 100.0),
        (Align.NEAREST, 87, 80.0),
        (Align.HOLD, 119, 100.0),
        (Align.HOLD, 120, 120.0),
        (Align.HOLD, 150, 120.0),
        (Align.INTERPOLATE, 95, 95.0),
        (Align.INTERPOLATE, 100, 100.0),
        (Align.INTERPOLATE, 150, 120.0),  # nothing later yet: as it is, never extrapolated
    ],
)
def test_the_value_for_an_instant(align, instant_ms, expected_x):
    value, _ = taken(history(align, 80, 100, 120), instant_ms)
    assert value.position[0] == pytest.approx(expected_x)


@pytest.mark.parametrize('align', [Align.NEAREST, Align.HOLD, Align.INTERPOLATE])
def test_a_picture_of_a_quarter_of_a_second_ago_finds_its_joint_states_at_500_hz(align):
    source = history(align, *range(0, 1000, 2))
    value, _ = taken(source, 740, now_ms=1000)
    assert value.position[0] == pytest.approx(740.0)


def test_pictures_are_not_kept_for_longer_than_they_may_be_old():
    source = history(Align.NEAREST, *range(0, 5000, 33))
    assert len(source._values) < 20


@pytest.mark.parametrize('align', [Align.HOLD, Align.INTERPOLATE])
def test_what_is_known_only_later_is_not_used_for_earlier(align):
    _, use, problem = history(align, 80, 100).pick(79 * MS, 110 * MS)
    assert use is None
    assert problem == 'odom has nothing from before the frame'


def test_use_says_stamps_age_and_skew():
    _, use = taken(history(Align.INTERPOLATE, 80, 100, 120), 95, now_ms=150)
    assert use == SourceUse(
        'odom', 'interpolate', (80 * MS, 100 * MS), 120 * MS, age_ns=30 * MS, skew_ns=15 * MS
    )
    _, use = taken(history(Align.HOLD, 80, 100, 120), 95, now_ms=150)
    assert (use.stamps_ns, use.age_ns, use.skew_ns) == ((80 * MS,), 30 * MS, 15 * MS)


def test_a_gap_wider_than_the_limit_is_not_bridged():
    _, _, problem = history(Align.INTERPOLATE, 0, 180).pick(30 * MS, 190 * MS)
    assert problem == 'odom is 150 ms off the frame, limit 100'
    _, _, problem = history(Align.HOLD, 0, 180).pick(150 * MS, 190 * MS)
    assert problem == 'odom is 150 ms off the frame, limit 100'


def test_everything_in_between_is_linear_and_turning_is_even():
    value = between(odom(0, x=1.0, angle=0.2), odom(20, x=3.0, angle=1.0), 5 * MS)
    assert value.stamp_ns == 5 * MS
    assert value.position[0] == pytest.approx(1.5)
    assert value.linear_velocity[0] == pytest.approx(0.15)
    assert value.angular_velocity[0] == pytest.approx(-0.15)
    assert yaw(value.orientation) == pytest.approx(0.4)
    zeros = np.zeros(2)
    joints = [JointState(t * MS, zeros + t, zeros - t, zeros * np.nan) for t in (0, 10)]
    value = between(*joints, 4 * MS)
    assert value.position == pytest.approx([4.0, 4.0])
    assert value.velocity == pytest.approx([-4.0, -4.0])
    assert np.isnan(value.effort).all()


@pytest.mark.parametrize('instant_ns', [-1, 20 * MS + 1])
def test_outside_nothing_is_extrapolated(instant_ns):
    with pytest.raises(ValueError, match='nothing is extrapolated'):
        between(odom(0), odom(20), instant_ns)


def test_between_images_there_is_nothing():
    images = [Image(t, np.zeros((2, 2, 3), dtype=np.uint8)) for t in (0, 2)]
    with pytest.raises(ValueError, match='nothing in between'):
        between(*images, 1)


def test_slerp_takes_the_shortest_way_with_unit_length():
    before, after = turned(0.1), -turned(0.9)  # the same rotation by the other sign
    for share in np.linspace(0.0, 1.0, 7):
        mixed = slerp(before, after, float(share))
        assert np.linalg.norm(mixed) == pytest.approx(1.0)
        assert yaw(mixed) == pytest.approx(0.1 + 0.8 * share)
    assert slerp(before, before, 0.3) == pytest.approx(before)


def test_an_image_or_a_scan_to_be_interpolated_is_refused_at_once():
    rules = dict.fromkeys(
        ('camera', 'scan', 'odom'), SourceRule(Align.INTERPOLATE, 100 * MS, 100 * MS)
    )
    with pytest.raises(ConfigError, match=r'camera/a cannot be interpolated.*\n?.*scan cannot'):
        ObservationAssembler(('camera/a', 'scan'), rules)


def test_an_observation_says_what_it_was_made_of():
    rules = {
        'camera': SourceRule(Align.NEWEST, 300 * MS, 100 * MS),
        'odom': SourceRule(Align.HOLD, 300 * MS, 100 * MS),
    }
    assembler = ObservationAssembler(('camera/front',), rules)
    for stamp_ms in (0, 20, 40):
        assembler.put('odom', odom(stamp_ms))
    assembler.put('camera/front', Image(30 * MS, np.zeros((2, 2, 3), dtype=np.uint8)))
    seen = assembler.assemble('go', 50 * MS)
    assert isinstance(seen, Observation)
    assert seen.sources == (
        SourceUse('camera/front', 'newest', (30 * MS,), 30 * MS, 20 * MS, 0),
        SourceUse('odom', 'hold', (20 * MS,), 40 * MS, 10 * MS, 10 * MS),
    )
    assert assembler.rules == (rules['camera'], rules['odom'])
    late = assembler.assemble('go', 412 * MS)
    assert isinstance(late, Missing)
    assert str(late).startswith('camera/front is 382 ms old, limit 300')
