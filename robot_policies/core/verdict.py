# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a safety check answers: a severity, a reason in words, and the command it allows."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

Command = TypeVar('Command')


class Severity(IntEnum):
    """How far a check intervenes. The worst of all checks wins."""

    PASS = 0
    """The command is fine."""
    LIMIT = 1
    """The command was reduced to a bound."""
    HOLD = 2
    """The command is refused: base velocity zero, joints hold where they are."""
    RECOVER = 3
    """A recovery policy takes over where one is loaded, else DAMP."""
    DAMP = 4
    """No stiffness, the robot sinks softly. Latches until a deliberate reset."""


@dataclass(frozen=True)
class Verdict(Generic[Command]):
    """The answer of a check.

    Attributes:
        severity: How far it intervenes.
        command: The command it allows: unchanged for PASS, reduced for LIMIT. HOLD refuses it, but
            the checks that follow go on with this one; of no meaning above.
        reason: Why, in words and with the numbers (`camera/front is 412 ms old, limit 300`);
            empty for PASS.
        check: Name of the check that answered, filled in by the supervisor.
    """

    severity: Severity
    command: Command
    reason: str = ''
    check: str = ''
