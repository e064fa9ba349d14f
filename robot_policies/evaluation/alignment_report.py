# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Ages and skews of what a policy saw in a recorded run, and whether it can be seen again."""

from pathlib import Path
from typing import Any

from robot_policies.core.data_types import Missing
from robot_policies.data.mcap_reader import read_metadata
from robot_policies.data.observation_replay import replay_observations
from robot_policies.evaluation.bench.measurement import distribution
from robot_policies.resources import load_robot


def alignment_report(path: Path) -> dict[str, Any]:
    """Return how the observations of a run were made.

    Args:
        path: The recording.

    Returns:
        `inferences`; `same`: how many came out of the recording as they were live; `lost`: for how
        many a message reached only one of node and recorder; `missing`: how many could not be made
        again at all; and for each source how it was aligned, with the distributions of its ages
        and skews in ms, as the node recorded them.
    """
    robot = load_robot(read_metadata(path).get('robot', 'go2'))
    ages: dict[str, list[float]] = {}
    skews: dict[str, list[float]] = {}
    aligns: dict[str, str] = {}
    same = lost = missing = total = 0
    for item in replay_observations(path, robot):
        total += 1
        same += item.is_same
        lost += bool(item.lost)
        missing += isinstance(item.observation, Missing)
        for use in item.record.sources:
            aligns[use.name] = use.align
            ages.setdefault(use.name, []).append(use.age_ns / 1e6)
            skews.setdefault(use.name, []).append(use.skew_ns / 1e6)
    sources = {
        name: {
            'align': align,
            'age': distribution(ages[name], 'ms'),
            'skew': distribution(skews[name], 'ms'),
        }
        for name, align in aligns.items()
    }
    counts = {'inferences': total, 'same': same, 'lost': lost, 'missing': missing}
    return counts | {'sources': sources}
