# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sensor values of different rates and ages, put together to what was true at one instant."""

from collections.abc import Mapping, Sequence
from typing import Any

from robot_policies.core.data_types import Missing, Observation
from robot_policies.core.errors import ConfigError
from robot_policies.core.source_history import Align, SourceHistory, SourceRule
from robot_policies.core.source_use import SourceUse

ALWAYS = 'odom'
"""Every observation has it."""
SMOOTH = ('joints', ALWAYS)
"""Sources that may be interpolated."""


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
            ConfigError: An input that no observation has, or an image or scan is to be
                interpolated.
        """
        names = tuple(dict.fromkeys((*inputs, ALWAYS)))
        unknown = [name for name in names if not is_input(name)]
        if unknown:
            known = 'camera/<name>, features/<name>, scan, joints, odom'
            problem = f'the policy asks for {", ".join(unknown)}; known are {known}'
            raise ConfigError('inputs', [problem])
        self._sources = {
            name: SourceHistory(name, rules.get(name) or rules[name.split('/')[0]])
            for name in names
        }
        _refuse_interpolation(self._sources)
        self._inputs = names
        self._rules = tuple(source.rule for source in self._sources.values())
        frames = [name for name in names if '/' in name]
        self._reference = self._sources[frames[0] if frames else ALWAYS]

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of all sources."""
        return self._inputs

    @property
    def rules(self) -> tuple[SourceRule, ...]:
        """The rule of each source, in the order of `inputs`."""
        return self._rules

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Take in a value with `stamp_ns`; one that is no newer than the last is ignored."""
        self._sources[name].put(value)

    def clear(self) -> None:
        """Forget all values, e.g. after a clock jump."""
        for source in self._sources.values():
            source.clear()

    def silent(self, now_ns: int) -> Missing | None:
        """Return the sources of which nothing fresh has come, each with why; None without one."""
        problems = [source.problem(now_ns) for source in self._sources.values()]
        found = tuple(problem for problem in problems if problem)
        return Missing(found) if found else None

    def assemble(self, instruction: str, now_ns: int) -> Observation | Missing:
        """Return the observation, or every source that is missing, each with why.

        Args:
            instruction: What to follow.
            now_ns: Now, on the clock of the stamps.
        """
        silent, instant_ns = self.silent(now_ns), self._reference.newest_ns()
        if silent is not None or instant_ns is None:
            return silent or Missing(())
        picked: dict[str, Any] = {}
        uses: list[SourceUse] = []
        problems: list[str] = []
        for name, source in self._sources.items():
            picked[name], use, problem = source.pick(instant_ns, now_ns)
            uses += [use] if use else []
            problems += [problem] if problem else []
        if problems:
            return Missing(tuple(problems))
        return Observation(
            stamp_ns=instant_ns,
            instruction=instruction,
            odometry=picked[ALWAYS],
            images=_below('camera/', picked),
            features=_below('features/', picked),
            scan=picked.get('scan'),
            joints=picked.get('joints'),
            sources=tuple(uses),
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


def _refuse_interpolation(sources: Mapping[str, SourceHistory]) -> None:
    wrong = [
        f'{name} cannot be interpolated, only {" and ".join(SMOOTH)} can'
        for name, source in sources.items()
        if source.rule.align is Align.INTERPOLATE and name not in SMOOTH
    ]
    if wrong:
        raise ConfigError('alignment', wrong)
