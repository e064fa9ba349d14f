# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simulated world that a run took place in, made again from its name and seed."""

from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.run_summary_data import RunData
from robot_policies.sim.layout import build_world
from robot_policies.sim.world import World
from robot_policies.sim.world_spec import load_world


def world_of(data: RunData) -> World | None:
    """Return the world, as the simulator last reported it; None on hardware or in another's.

    A run through several worlds (after resets) gets the last one.
    """
    resets = [event for event in data.contacts if event.get('event') == 'reset']
    if not resets:
        return None
    try:
        return build_world(load_world(str(resets[-1]['world'])), int(resets[-1]['seed']))
    except (ConfigError, KeyError, ValueError):
        return None  # a world file that has changed or gone since
