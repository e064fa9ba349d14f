# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Joint targets that slow down before a limit and before one leg meets another."""

from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import param
from robot_policies.core.sphere_chain import Posture, SphereChain
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.projection import Barriers, least_rates, Projection
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class JointBarrierConfig:
    """How near the targets may come to limits and to one another, and how fast."""

    margin_rad: float = param(
        0.02, doc='Distance kept from the position limits.', unit='rad', low=0.0, high=0.5
    )
    limit_rate: float = param(
        60.0,
        doc='Share of what is left to a position limit that a target may go per second.',
        unit='1/s',
        low=1.0,
        high=1000.0,
    )
    distance_m: float = param(
        0.01, doc='Distance kept between links.', unit='m', low=0.0, high=0.2
    )
    distance_rate: float = param(
        40.0,
        doc='Share of what is left between two links that may go per second.',
        unit='1/s',
        low=1.0,
        high=1000.0,
    )
    speed_rad_s: float = param(
        120.0, doc='No target moves faster.', unit='rad/s', low=1.0, high=1000.0
    )
    pairs: int = param(
        14, doc='Nearest pairs of spheres that are barriers in a tick.', low=1, high=100
    )
    iterations: int = param(40, doc='The solver gives up after so many: HOLD.', low=1, high=10000)


_BOTH_WAYS = np.array([[1.0], [-1.0]])
"""Up to the upper limit, and with the sign turned to the lower one."""
_NEAR_M = 0.1
"""Links nearer than this are named as the reason."""


class _Known(NamedTuple):
    """Geometry of one vector of targets; `gaps` are what is left beyond the kept distance, m."""

    position: FloatArray
    posture: Posture
    gaps: FloatArray


class JointBarrier:
    """LIMIT to the nearest targets that keep the barriers; HOLD if none is found.

    The state is the last target: the targets themselves obey the barriers, the joints follow
    them as well as they do. A robot without spheres in its YAML has barriers at its limits only.
    Only the nearest pairs are barriers; the step that comes out is checked against all pairs, and
    the last target is kept where it would bring any of them together.
    """

    config_class: ClassVar[type] = JointBarrierConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: JointBarrierConfig, context: PluginContext) -> None:
        """Prepare geometry and solver.

        Raises:
            ConfigError: The margins leave a joint no room.
            PluginError: The solver is not installed.
        """
        robot = context.robot
        self._config, self._names = config, robot.joint_names
        self._lower = robot.per_joint('lower') + config.margin_rad
        self._upper = robot.per_joint('upper') - config.margin_rad
        tight = [
            n for n, low, up in zip(self._names, self._lower, self._upper, strict=True) if low > up
        ]
        if tight:
            raise ConfigError('joint_barrier', [f'margin_rad leaves {", ".join(tight)} no room'])
        self._both_limits = np.stack((self._upper, -self._lower))
        self._chain = (
            SphereChain(robot.joint_names, robot.links, robot.spheres) if robot.links else None
        )
        count = 0 if self._chain is None else self._chain.link_pairs
        self._pairs = min(config.pairs, count)
        self._projection = Projection(np.ones(len(self._names)), self._pairs, config.iterations)
        self._known: _Known | None = None

    def reset(self) -> None:
        """Forget the solver's last answer."""
        self._projection.reset()
        self._known = None

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Bring the position target to what the barriers allow from the last target."""
        start = _start(state)
        if command.position is None or start is None or state.tick_s <= 0.0:
            return Verdict(Severity.PASS, command)
        wanted = (command.position - start) / state.tick_s
        before = self._geometry(start)
        found = self._projection.solve(wanted, self._barriers(start, before, state.tick_s))
        if found is None:
            return Verdict(Severity.HOLD, command, 'no joint targets keep the barriers')
        target = command.position if found is wanted else start + found * state.tick_s
        after = self._geometry(target)
        pair = self._meeting(before, after)
        if pair is not None:
            reason = f'{self._pair_words(pair)} would touch, the last target is kept'
            return Verdict(Severity.LIMIT, replace(command, position=start), reason)
        self._known = after
        if found is wanted:
            return Verdict(Severity.PASS, command)
        limited = replace(command, position=target)
        return Verdict(Severity.LIMIT, limited, self._reason(command.position, target, before))

    def _geometry(self, position: FloatArray) -> '_Known | None':
        """Return posture and distances of a vector of targets, computed once for both ticks."""
        known, chain = self._known, self._chain
        if chain is None or (known is not None and np.array_equal(known.position, position)):
            return known
        posture = chain.posture(position)
        return _Known(position, posture, chain.gaps(posture) - self._config.distance_m)

    def _barriers(self, start: FloatArray, known: '_Known | None', tick_s: float) -> Barriers:
        config = self._config
        # more than all of what is left in one tick would step over the barrier
        rate = min(config.limit_rate, 1.0 / tick_s)
        left = self._both_limits - _BOTH_WAYS * start
        upper, down = np.minimum(-least_rates(left, rate), config.speed_rad_s)
        lower = -down
        if self._chain is None or known is None:
            return Barriers(np.zeros((0, len(start))), np.zeros(0), lower, upper)
        nearest = self._chain.nearest(known.gaps, self._pairs)
        rows = self._chain.gradients(known.posture, nearest)
        least = least_rates(known.gaps[nearest], min(config.distance_rate, 1.0 / tick_s))
        return Barriers(rows, least, lower, upper)

    def _meeting(self, before: '_Known | None', after: '_Known | None') -> int | None:
        """Return a pair that the step brings into contact, or deeper into it; None if none."""
        if before is None or after is None:
            return None
        # within the kept distance is not yet contact: that is the room for curved ways
        excess = np.minimum(before.gaps, -self._config.distance_m) - after.gaps
        pair = int(np.argmax(excess))
        return pair if excess[pair] > 0.0 else None

    def _reason(self, wanted: FloatArray, target: FloatArray, known: '_Known | None') -> str:
        index = int(np.argmax(np.abs(wanted - target)))
        left = min(self._upper[index] - target[index], target[index] - self._lower[index])
        words = (
            f'target of {self._names[index]} {wanted[index]:.2f} rad slowed to {target[index]:.2f}'
        )
        pair = None if known is None else int(np.argmin(known.gaps))
        if known is None or pair is None or known.gaps[pair] > _NEAR_M:
            return f'{words}, {left:.2f} rad from its limit'
        apart_mm = (known.gaps[pair] + self._config.distance_m) * 1e3
        return f'{words}, {self._pair_words(pair)} are {apart_mm:.0f} mm apart'

    def _pair_words(self, pair: int) -> str:
        assert self._chain is not None
        names = [
            self._names[link] if link < len(self._names) else 'base'
            for link in self._chain.pair_links(pair)
        ]
        return ' and '.join(names)


def _start(state: SafetyState) -> FloatArray | None:
    last = state.last_command.position if state.last_command else None
    if last is not None:
        return last
    return None if state.joints is None else state.joints.position
