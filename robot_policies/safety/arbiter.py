# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Who steers: a person outranks a policy, as long as the person is heard."""

from dataclasses import dataclass
from typing import NamedTuple

from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.params import param
from robot_policies.safety.state import POLICY, TELEOP


@dataclass(frozen=True, kw_only=True)
class ArbiterConfig:
    """How long a velocity command counts."""

    teleop_s: float = param(
        0.3, doc='A teleop command counts so long.', unit='s', low=0.02, high=5.0
    )
    policy_s: float = param(
        0.065, doc='A policy command counts so long.', unit='s', low=0.02, high=5.0
    )


class Choice(NamedTuple):
    """Source and command of whoever is in charge; empty and None if nobody is."""

    source: str
    command: VelocityCommand | None


class Heard(NamedTuple):
    """A velocity command and when it came."""

    command: VelocityCommand
    arrived_ns: int


def choose(
    config: ArbiterConfig, teleop: Heard | None, policy: Heard | None, now_ns: int
) -> Choice:
    """Return the command that counts: a fresh teleop, else a fresh policy, else none."""
    ranked = ((TELEOP, teleop, config.teleop_s), (POLICY, policy, config.policy_s))
    for source, heard, limit_s in ranked:
        if heard is not None and now_ns - heard.arrived_ns <= limit_s * 1e9:
            return Choice(source, heard.command)
    return Choice('', None)
