# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is done about a situation unlike the training data: slow, then HOLD, and back with calm."""

from dataclasses import dataclass

from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.novelty import Novelty
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict


@dataclass(frozen=True, kw_only=True)
class ReactionConfig:
    """How long novelty has to last for what."""

    slow_after_s: float = param(
        0.5, doc='Novel for so long: slowed down.', unit='s', low=0.0, high=60.0
    )
    hold_after_s: float = param(2.0, doc='Novel for so long: HOLD.', unit='s', low=0.0, high=600.0)
    calm_after_s: float = param(
        1.0, doc='Well below the threshold for so long: nothing.', unit='s', low=0.0, high=60.0
    )
    calm_share: float = param(
        0.9, doc='Share of the threshold that is well below it.', low=0.1, high=1.0
    )
    slow_factor: float = param(
        0.4, doc='Share of the velocity that is left when slowed down.', low=0.0, high=1.0
    )

    def __post_init__(self) -> None:
        """Check that slowing down comes before stopping."""
        if self.slow_after_s > self.hold_after_s:
            raise ValueError(
                f'slow_after_s {self.slow_after_s} is above hold_after_s {self.hold_after_s}'
            )


class NoveltyReaction:
    """Keeps how long a situation has been novel, with hysteresis."""

    def __init__(self, config: ReactionConfig) -> None:
        self._config = config
        self.reset()

    def reset(self) -> None:
        """Nothing has been novel."""
        self._novel_ns: int | None = None
        self._calm_ns: int | None = None
        self._severity = Severity.PASS

    def update(self, ratio: float, now_ns: int) -> Severity:
        """Take the latest score and return PASS, LIMIT or HOLD.

        Args:
            ratio: Score over its threshold; NaN counts as novel.
            now_ns: Now.
        """
        config = self._config
        if not ratio <= 1.0:
            self._novel_ns = now_ns if self._novel_ns is None else self._novel_ns
            self._calm_ns = None
            lasted_s = (now_ns - self._novel_ns) * 1e-9
            if lasted_s >= config.hold_after_s:
                self._severity = Severity.HOLD
            elif lasted_s >= config.slow_after_s:
                self._severity = max(self._severity, Severity.LIMIT)
            return self._severity
        if self._severity == Severity.PASS:
            self._novel_ns = None  # a single value above is no beginning of anything
            return self._severity
        if ratio > config.calm_share:
            self._calm_ns = None
            return self._severity
        self._calm_ns = now_ns if self._calm_ns is None else self._calm_ns
        if (now_ns - self._calm_ns) * 1e-9 >= config.calm_after_s:
            self.reset()
        return self._severity

    def verdict(
        self, novelty: Novelty, command: VelocityCommand, what: str, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Return the verdict on a velocity.

        Args:
            novelty: The latest score.
            command: The velocity.
            what: What is novel, for the reason.
            now_ns: Now.
        """
        severity = self.update(novelty.ratio, now_ns)
        if severity == Severity.PASS:
            return Verdict(severity, command)
        reason = f'{what} unlike the training data: {novelty.words or f"{novelty.ratio:.2f}"}'
        if severity == Severity.LIMIT:
            slower = command.as_array() * self._config.slow_factor
            command = VelocityCommand.from_array(command.stamp_ns, slower)
        return Verdict(severity, command, reason)
