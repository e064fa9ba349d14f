# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped DDS profile, and the smaller one where shared memory is scarce."""

import xml.etree.ElementTree as ElementTree

import pytest
from robot_policies.bringup.dds import (
    ANYWHERE,
    CONTROL,
    fit_profile,
    LOCAL,
    segment_size,
    shipped_profile,
)
from robot_policies.core.errors import ConfigError

MIB = 1 << 20
SHIPPED = shipped_profile(LOCAL).read_text(encoding='utf-8')


def read(name):
    """Return the settings of a profile: (path, text) of every element without children."""
    root = ElementTree.fromstring(shipped_profile(name).read_bytes())
    found = set()

    def walk(element, path):
        path = f'{path}/{element.tag.rpartition("}")[2]}'
        if not len(element):
            found.add((path, (element.text or '').strip()))
        for child in element:
            walk(child, path)

    walk(root, '')
    return found


def test_the_shipped_profiles_have_segments_of_64_mib():
    for name in (ANYWHERE, LOCAL):
        assert segment_size(shipped_profile(name).read_text(encoding='utf-8')) == 64 * MIB


def test_the_local_profile_is_the_general_one_and_where_to_find_each_other():
    more = {path.rpartition('/')[2] for path, _ in read(LOCAL) - read(ANYWHERE)}
    assert read(ANYWHERE) <= read(LOCAL)
    assert more == {'maxInitialPeersRange', 'locator', 'address'}


def test_the_profile_of_control_loops_is_the_local_one_without_shared_memory():
    less = {text for path, text in read(LOCAL) - read(CONTROL) if path.endswith('_id')}
    assert read(CONTROL) <= read(LOCAL)
    assert less == {'shared_memory'}


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
