# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped DDS profile, and the smaller one where shared memory is scarce."""

import xml.etree.ElementTree as ElementTree

import pytest
from robot_policies.bringup.dds import fit_profile, segment_size
from robot_policies.core.errors import ConfigError
from robot_policies.resources import share_dir

MIB = 1 << 20
SHIPPED = (share_dir() / 'config/dds/fastdds.xml').read_text(encoding='utf-8')


def test_the_shipped_profile_is_xml_with_a_segment_of_64_mib():
    ElementTree.fromstring(SHIPPED.encode())
    assert segment_size(SHIPPED) == 64 * MIB


def test_with_enough_shared_memory_it_is_used_as_it_is():
    assert fit_profile(SHIPPED, free=2048 * MIB, participants=10) == SHIPPED


@pytest.mark.parametrize('free_mib', [64, 100, 400, 740])
def test_with_less_every_participant_gets_a_segment_that_fits(free_mib):
    fitted = fit_profile(SHIPPED, free=free_mib * MIB, participants=10)
    ElementTree.fromstring(fitted.encode())
    # Fast DDS takes 67 MiB for a segment of 64, 5 % on top, and 0.65 MiB for ports beside it
    assert 10 * (1.05 * segment_size(fitted) + 0.65 * MIB) < free_mib * MIB
    assert MIB <= segment_size(fitted) < 64 * MIB


def test_a_message_is_never_larger_than_the_segment():
    fitted = fit_profile(SHIPPED, free=100 * MIB, participants=10)
    message = int(fitted.split('<maxMessageSize>')[1].split('<')[0])
    assert message <= segment_size(fitted)


def test_without_room_for_images_nothing_starts_and_the_remedy_is_said():
    with pytest.raises(ConfigError, match=r'20 MiB are free, 10 .* need 27 MiB.*--shm-size=1g'):
        fit_profile(SHIPPED, free=20 * MIB, participants=10)
