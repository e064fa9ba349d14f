# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sensor values of different rates and ages, put together to what was true at one instant."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from robot_policies.core.data_types import Image, Missing, Observation
from robot_policies.core.errors import ConfigError

HISTORY = 32
"""Values kept per source to find the nearest one; 0.6 s of odometry."""
ALWAYS = 'odom'
"""Every observation has it."""


class Align(Enum):
    """Which value of a source is taken."""

    NEWEST = 'newest'
    """The newest one: what changes slowly, or is looked at as it comes."""
    NEAREST = 'nearest'
    """The one whose stamp is nearest to the observation's."""


@dataclass(frozen=True)
class SourceRule:
    """When a value of a source may be used.

    Attributes:
        align: Which value is taken.
        max_age_ns: Oldest acceptable age now.
        max_skew_ns: Farthest acceptable stamp from the observation's.
        max_frozen_ns: Longest time for which an image may show the same pixels; 0 for ever. A
            real camera's noise never repeats; a simulated one's picture of a robot that stands
            still does.
    """

    align: Align
    max_age_ns: int
    max_skew_ns: int
    max_frozen_ns: int = 0


class _Source:
    """The recent values of one source."""

    def __init__(self, name: str, rule: SourceRule) -> None:
        self.name = name
        self.rule = rule
        self._values: deque[tuple[int, Any]] = deque(maxlen=HISTORY)
        self._changed_ns = 0

    def put(self, value: Any) -> None:  # noqa: ANN401
        stamp_ns = value.stamp_ns
        if self._values and stamp_ns <= self._values[-1][0]:
            return  # reordered or repeated: what is known is newer
        if not (self.rule.max_frozen_ns and self._values and _same(self._values[-1][1], value)):
            self._changed_ns = stamp_ns
        self._values.append((stamp_ns, value))

    def newest_ns(self) -> int | None:
        return self._values[-1][0] if self._values else None

    def clear(self) -> None:
        self._values.clear()

    def problem(self, now_ns: int) -> str:
        """Return why the source cannot be used now, or nothing."""
        if not self._values:
            return f'{self.name} has not arrived'
        age_ns = now_ns - self._values[-1][0]
        if age_ns > self.rule.max_age_ns:
            return f'{self.name} is {_ms(age_ns)} ms old, limit {_ms(self.rule.max_age_ns)}'
        frozen_ns = self._values[-1][0] - self._changed_ns
        if 0 < self.rule.max_frozen_ns < frozen_ns:
            limit = _ms(self.rule.max_frozen_ns)
            return f'{self.name} has shown the same for {_ms(frozen_ns)} ms, limit {limit}'
        return ''

    def pick(self, instant_ns: int) -> tuple[Any, str]:
        """Return the value for the instant, and why it is not good enough, or nothing."""
        if self.rule.align is Align.NEWEST:
            stamp_ns, value = self._values[-1]
        else:
            stamp_ns, value = min(self._values, key=lambda entry: abs(entry[0] - instant_ns))
        skew_ns = abs(stamp_ns - instant_ns)
        if skew_ns > self.rule.max_skew_ns:
            limit = _ms(self.rule.max_skew_ns)
            return value, f'{self.name} is {_ms(skew_ns)} ms off the frame, limit {limit}'
        return value, ''


class ObservationAssembler:
    """Gathers values and makes an `Observation` of them, or says what is missing.

    The observation stands for the instant of the newest frame (camera or features) of the first
    such input, since that is what takes longest to arrive; without one, for the newest odometry.
    """

    def __init__(self, inputs: Sequence[str], rules: Mapping[str, SourceRule]) -> None:
        """Create an assembler without values.

        Args:
            inputs: What the policy needs: `camera/<name>`, `features/<name>`, `scan`, `joints`.
                `odom` always comes.
            rules: Input, or its first part (`camera`), -> when a value of it may be used.

        Raises:
            ConfigError: An input that no observation has.
        """
        names = tuple(dict.fromkeys((*inputs, ALWAYS)))
        unknown = [name for name in names if not is_input(name)]
        if unknown:
            known = 'camera/<name>, features/<name>, scan, joints, odom'
            problem = f'the policy asks for {", ".join(unknown)}; known are {known}'
            raise ConfigError('inputs', [problem])
        self._sources = {
            name: _Source(name, rules.get(name) or rules[name.split('/')[0]]) for name in names
        }
        self._inputs = names
        frames = [name for name in names if '/' in name]
        self._reference = self._sources[frames[0] if frames else ALWAYS]

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of all sources."""
        return self._inputs

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Take in a value with `stamp_ns`; one that is no newer than the last is ignored."""
        self._sources[name].put(value)

    def clear(self) -> None:
        """Forget all values, e.g. after a clock jump."""
        for source in self._sources.values():
            source.clear()

    def assemble(self, instruction: str, now_ns: int) -> Observation | Missing:
        """Return the observation, or every source that is missing, each with why."""
        problems = [source.problem(now_ns) for source in self._sources.values()]
        instant_ns = self._reference.newest_ns()
        picked: dict[str, Any] = {}
        if instant_ns is not None and not any(problems):
            for name, source in self._sources.items():
                picked[name], problem = source.pick(instant_ns)
                problems.append(problem)
        missing = tuple(problem for problem in problems if problem)
        if missing or instant_ns is None:
            return Missing(missing)
        return Observation(
            stamp_ns=instant_ns,
            instruction=instruction,
            odometry=picked[ALWAYS],
            images=_below('camera/', picked),
            features=_below('features/', picked),
            scan=picked.get('scan'),
            joints=picked.get('joints'),
        )


def is_input(name: str) -> bool:
    """Return True if an observation can have a source of that name."""
    kind, _, rest = name.partition('/')
    return bool(rest) if kind in ('camera', 'features') else name in ('scan', 'joints', ALWAYS)


def _below(prefix: str, picked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in picked.items()
        if name.startswith(prefix)
    }


def _same(before: Any, after: Any) -> bool:  # noqa: ANN401
    return isinstance(after, Image) and np.array_equal(before.pixels, after.pixels)


def _ms(nanoseconds: int) -> str:
    return f'{nanoseconds / 1e6:.0f}'
