# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the suite raises when it is given something that it cannot work with."""


class RobotPoliciesError(Exception):
    """Base of every error that a user can cause and mend."""


class ConfigError(RobotPoliciesError):
    """One or more values of a configuration are wrong. The message lists them all."""

    def __init__(self, where: str, problems: list[str]) -> None:
        """Keep the problems and join them into one message.

        Args:
            where: The file, node or plugin whose configuration it is.
            problems: One sentence each: what was wrong, what was expected.
        """
        super().__init__(f'{where}: ' + '; '.join(problems))
        self.where = where
        self.problems = problems


class PluginError(RobotPoliciesError):
    """A plugin cannot be found or does not fulfil its contract."""


class CheckpointError(RobotPoliciesError):
    """A checkpoint is unreadable, incomplete or made for something else."""


class RefusedInputError(RobotPoliciesError):
    """A message that must not be used: not new, not finite, or from the wrong publisher."""
