# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F4: the range sensor stops."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import stands_without
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values


def _slows_and_stands(how: str) -> Callable[[Rig], Outcome]:
    stands = stands_without(topics.SCAN, how)

    def run(rig: Rig) -> Outcome:
        begun_ns = rig.now_ns
        outcome = stands(rig)
        if rig.probe.first(topics.SAFETY_STATUS, _limited, begun_ns) is None:
            return replace(outcome, violations=(*outcome.violations, 'it stopped without slowing'))
        return outcome

    return run


def _limited(status: Any) -> bool:  # noqa: ANN401
    """Whether the supervisor says that it limits the velocity because of the scan."""
    words = status_values(status)
    return words.get('severity') == 'LIMIT' and 'slowing down' in status.message


FAULT = Fault(
    id='F4',
    fault='scan stops',
    reaction='velocity limited, then zero',
    bound='300 ms',
    measured='last new scan sent, to base velocity zero at locomotion',
    bound_ms=300.0,
    cases=(
        Case('silent', _slows_and_stands('silent')),
        Case('stamps frozen', _slows_and_stands('frozen'), short=False),
    ),
)
