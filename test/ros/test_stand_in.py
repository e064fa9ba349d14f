# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Who stands in for the locomotion node leaves its own commands room to be judged."""

import time

import numpy as np
import pytest
from robot_policies.resources import load_robot
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.probes.fuzz import CommandFuzz
from robot_policies.ros.probes.stand_in import StandIn

pytestmark = pytest.mark.ros


class Probe:
    """Keeps what is said, with the time of it."""

    def __init__(self):
        self.said = []

    def last(self, _topic):
        return None

    def say(self, _topic, message):
        self.said.append((time.monotonic(), stamp_ns(message)))

    def leave(self, _topic):
        pass


def test_no_command_comes_between_the_stamp_and_a_period_after(wait_for):
    probe, fuzz = Probe(), CommandFuzz(load_robot('go2'), np.random.default_rng(0))
    stand_in = StandIn(probe, fuzz)
    try:
        wait_for(lambda: len(probe.said) > 3, what='commands by itself')
        with stand_in.alone() as mine:
            before = len(probe.said)
            time.sleep(0.1)  # several periods, in which it has to wait
            stand_in.say(fuzz.command(mine))
        wait_for(lambda: len(probe.said) > before + 3, what='commands again')
    finally:
        stand_in.close()
    stamps = [stamp for _, stamp in probe.said]
    assert stamps[before] == mine
    assert stamps == sorted(set(stamps)), 'it always rises'
    assert probe.said[before + 1][0] - probe.said[before][0] >= 0.019
