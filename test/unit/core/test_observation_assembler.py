# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a policy sees at one instant, or why it cannot be asked."""

import numpy as np
import pytest
from robot_policies.core.data_types import (
    Features,
    Image,
    JointState,
    Missing,
    Observation,
    Odometry,
    Scan,
)
from robot_policies.core.errors import ConfigError
from robot_policies.core.observation_assembler import ObservationAssembler
from robot_policies.core.source_history import Align, SourceRule

MS = 1_000_000
RULES = {
    'camera': SourceRule(Align.NEWEST, 300 * MS, 100 * MS),
    'features': SourceRule(Align.NEWEST, 300 * MS, 100 * MS),
    'odom': SourceRule(Align.NEAREST, 200 * MS, 100 * MS),
    'scan': SourceRule(Align.NEAREST, 300 * MS, 100 * MS),
    'joints': SourceRule(Align.NEAREST, 100 * MS, 100 * MS),
}


def image(stamp_ms: int, grey: int = 0) -> Image:
    return Image(stamp_ms * MS, np.full((4, 4, 3), grey, dtype=np.uint8))


def odom(stamp_ms: int) -> Odometry:
    position = np.array([stamp_ms, 0.0, 0.0])
    return Odometry(stamp_ms * MS, position, np.array([0, 0, 0, 1.0]), np.zeros(3), np.zeros(3))


def seen(assembler: ObservationAssembler, now_ms: int) -> Observation:
    observation = assembler.assemble('go', now_ms * MS)
    assert isinstance(observation, Observation), observation
    return observation


def missing(assembler: ObservationAssembler, now_ms: int) -> str:
    observation = assembler.assemble('go', now_ms * MS)
    assert isinstance(observation, Missing)
    return str(observation)


def test_everything_that_is_missing_is_named():
    assembler = ObservationAssembler(('camera/front', 'scan'), RULES)
    assert missing(assembler, 0) == (
        'camera/front has not arrived; scan has not arrived; odom has not arrived'
    )


def test_a_source_that_falls_silent_is_named_without_asking_for_an_observation():
    assembler = ObservationAssembler(('camera/front',), RULES)
    assembler.put('camera/front', image(0))
    assembler.put('odom', odom(150))
    assert assembler.silent(300 * MS) is None
    assert str(assembler.silent(301 * MS)) == 'camera/front is 301 ms old, limit 300'


def test_the_observation_stands_for_the_image_and_takes_the_odometry_of_then():
    assembler = ObservationAssembler(('camera/front',), RULES)
    for stamp in range(0, 200, 20):
        assembler.put('odom', odom(stamp))
    assembler.put('camera/front', image(95))
    observation = seen(assembler, 190)
    assert observation.stamp_ns == 95 * MS
    assert observation.odometry.stamp_ns == 100 * MS  # nearest, not newest
    assert observation.images['front'].stamp_ns == 95 * MS
    assert observation.instruction == 'go'


def test_an_old_source_is_named_with_its_age_and_its_limit():
    assembler = ObservationAssembler(('camera/front',), RULES)
    assembler.put('camera/front', image(0))
    assembler.put('odom', odom(400))
    assert missing(assembler, 412) == 'camera/front is 412 ms old, limit 300'


def test_sources_too_far_apart_make_no_observation():
    assembler = ObservationAssembler(('camera/front',), RULES)
    assembler.put('camera/front', image(0))
    assembler.put('odom', odom(150))
    assert missing(assembler, 160) == 'odom is 150 ms off the frame, limit 100'


def test_a_frozen_camera_is_found_by_its_pixels_where_told_to():
    frozen = SourceRule(Align.NEWEST, 300 * MS, 100 * MS, max_frozen_ns=200 * MS)
    strict = ObservationAssembler(('camera/front',), RULES | {'camera': frozen})
    lenient = ObservationAssembler(('camera/front',), RULES)
    for stamp in range(0, 400, 50):
        for assembler in (strict, lenient):
            assembler.put('camera/front', image(stamp))
            assembler.put('odom', odom(stamp))
    words = 'camera/front has shown the same for 350 ms, limit 200'
    assert missing(strict, 360) == words
    seen(lenient, 360)
    strict.put('camera/front', image(400, grey=1))
    seen(strict, 410)


def test_a_frozen_camera_is_found_behind_an_encoder_too():
    frozen = SourceRule(Align.NEWEST, 300 * MS, 100 * MS, max_frozen_ns=200 * MS)
    assembler = ObservationAssembler(('features/front',), RULES | {'features': frozen})
    for stamp in range(0, 400, 50):
        assembler.put('features/front', Features(stamp * MS, np.ones((2, 3), np.float32)))
        assembler.put('odom', odom(stamp))
    assert missing(assembler, 360) == 'features/front has shown the same for 350 ms, limit 200'
    assembler.put('features/front', Features(400 * MS, np.zeros((2, 3), np.float32)))
    seen(assembler, 410)


def test_a_value_that_is_no_newer_is_ignored():
    assembler = ObservationAssembler((), RULES)
    assembler.put('odom', odom(100))
    assembler.put('odom', odom(100))
    assembler.put('odom', odom(50))
    assert seen(assembler, 110).stamp_ns == 100 * MS


def test_without_frames_the_newest_odometry_is_the_instant():
    assembler = ObservationAssembler(('scan', 'joints'), RULES)
    assembler.put('odom', odom(100))
    assembler.put('scan', Scan(80 * MS, 0.0, 0.1, 0.1, 5.0, np.ones(3)))
    zeros = np.zeros(2)
    assembler.put('joints', JointState(95 * MS, zeros, zeros, zeros))
    observation = seen(assembler, 110)
    assert observation.stamp_ns == 100 * MS
    assert observation.scan is not None
    assert observation.joints is not None


def test_features_stand_beside_or_instead_of_images():
    assembler = ObservationAssembler(('features/x', 'camera/front'), RULES)
    assembler.put('odom', odom(100))
    assembler.put('camera/front', image(60))
    assembler.put('features/x', Features(90 * MS, np.zeros((2, 3))))
    observation = seen(assembler, 110)
    assert observation.stamp_ns == 90 * MS  # the first frame that the policy names
    assert set(observation.features) == {'x'}
    assert set(observation.images) == {'front'}


def test_clear_forgets_everything_so_that_time_may_begin_anew():
    assembler = ObservationAssembler((), RULES)
    assembler.put('odom', odom(100_000))
    assembler.clear()
    assembler.put('odom', odom(10))
    assert seen(assembler, 20).stamp_ns == 10 * MS


@pytest.mark.parametrize('name', ['smell', 'camera', 'camera/', 'scan/left', ''])
def test_an_input_that_no_observation_has_is_refused(name):
    with pytest.raises(ConfigError, match='known are camera/<name>'):
        ObservationAssembler((name,), RULES)


def test_a_rule_of_one_source_goes_before_the_rule_of_its_kind():
    own = SourceRule(Align.NEWEST, 10 * MS, 100 * MS)
    assembler = ObservationAssembler(('camera/front',), RULES | {'camera/front': own})
    assembler.put('odom', odom(0))
    assembler.put('camera/front', image(0))
    assert missing(assembler, 20) == 'camera/front is 20 ms old, limit 10'
