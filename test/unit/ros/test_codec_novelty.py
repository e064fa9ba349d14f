# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A score goes through standard messages and back; what holds none is refused."""

from types import SimpleNamespace

import pytest
from robot_policies.core.novelty import Novelty
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.novelty import novelty_from_msg, novelty_to_msg


def empty():
    stamp = SimpleNamespace(sec=0, nanosec=0)
    return SimpleNamespace(header=SimpleNamespace(stamp=stamp, frame_id=''), status=[])


def message(ratio):
    status = SimpleNamespace(OK=b'\x00', WARN=b'\x01')
    novelty = Novelty(1_500_000_001, ratio, 'nearest distance')
    return novelty_to_msg(novelty, 'detector', empty(), status, SimpleNamespace())


def test_stamp_ratio_and_words_survive():
    assert novelty_from_msg(message(1.25)) == Novelty(1_500_000_001, 1.25, 'nearest distance')


def test_the_level_says_which_side_of_the_threshold_it_is_on():
    assert message(0.9).status[0].level == b'\x00'
    assert message(1.1).status[0].level == b'\x01'


@pytest.mark.parametrize('value', ['nan', '-1', 'much', None])
def test_a_message_without_a_usable_ratio_is_refused(value):
    broken = message(1.0)
    if value is None:
        broken.status = []
    else:
        broken.status[0].values[0].value = value
    with pytest.raises(CodecError, match='novelty'):
        novelty_from_msg(broken)
