# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What became of the instructions of a run, and of its safety. Pure: events in, numbers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math
from typing import Any

import numpy as np
from robot_policies.evaluation.run_summary_data import Marker, NS, RunData, Said, Status, with_ends

_ENDINGS = {'REACHED': 'reached', 'NOT_SEEN': 'not seen', 'NOT_UNDERSTOOD': 'not understood'}


@dataclass(frozen=True)
class InstructionResult:
    """What came of one instruction.

    Attributes:
        text: As it was given.
        start_s: When, since the start of the run.
        outcome: reached, not seen, not understood, interrupted (by the next one), not finished,
            or no answer (no policy spoke).
        time_s: From the instruction to that outcome; None where there is none.
        message: The policy's last words.
        distance_m: From the robot's base to the nearest thing that the words name, at the end;
            None where no ground truth names one.
    """

    text: str
    start_s: float
    outcome: str
    time_s: float | None
    message: str
    distance_m: float | None


def instruction_results(data: RunData) -> list[InstructionResult]:
    """Return what came of each instruction that is not empty."""
    results = []
    for number, (said, end_ns) in enumerate(with_ends(data.instructions, data.end_ns)):
        if said.text:
            is_last = number == len(data.instructions) - 1
            results.append(_result(data, said, end_ns, is_last))
    return results


def _result(data: RunData, said: Said, end_ns: int, is_last: bool) -> InstructionResult:
    answers = [s for s in data.policy if said.time_ns <= s.time_ns <= end_ns and _is_on(s, said)]
    ending = next((s for s in answers if s.values.get('status') in _ENDINGS), None)
    if ending is not None:
        outcome = _ENDINGS[ending.values['status']]
    elif not answers:
        outcome = 'no answer'
    else:
        outcome = 'not finished' if is_last else 'interrupted'
    return InstructionResult(
        text=said.text,
        start_s=(said.time_ns - data.start_ns) / NS,
        outcome=outcome,
        time_s=(ending.time_ns - said.time_ns) / NS if ending else None,
        message=(ending or answers[-1]).message if answers else '',
        distance_m=_distance_to_named(data, said.text, end_ns),
    )


def _is_on(status: Status, said: Said) -> bool:
    """Whether a policy's state is about this instruction and not yet about the one before."""
    return status.values.get('instruction', said.text).strip() == said.text


def named(text: str, markers: Sequence[Marker]) -> list[Marker]:
    """Return the markers that a text names by colour and shape, and by size where it gives one.

    Word by word, so that `the ball that is red` names `small red ball`; words that mean the same
    are not known here.
    """
    words = {word.strip('.,!?“”') for word in text.lower().split()}
    sizes = words & {'small', 'large'}
    found = []
    for marker in markers:
        *size, colour, shape = ['', '', *marker.name.lower().split()]
        if {colour, shape} <= words and colour and sizes <= set(size):
            found.append(marker)
    return found


def _distance_to_named(data: RunData, text: str, time_ns: int) -> float | None:
    targets = named(text, data.markers)
    if not targets or not len(data.motion) or not data.is_truth:
        return None
    x, y = data.motion.at(np.array([time_ns]))[0, :2]
    return min(math.hypot(target.x - x, target.y - y) for target in targets)


def safety_name(status: Status) -> str:
    """Return the severity, or WAITING while the supervisor has not let the robot begin yet."""
    waiting = status.values.get('phase') == 'waiting'
    return 'WAITING' if waiting else status.values.get('severity', '')


def safety_seconds(data: RunData) -> dict[str, float]:
    """Return how long each severity of the supervisor lasted, s."""
    seconds: dict[str, float] = {}
    for status, end_ns in with_ends(data.safety, data.end_ns):
        severity = safety_name(status)
        seconds[severity] = seconds.get(severity, 0.0) + (end_ns - status.time_ns) / NS
    return seconds


def count_contacts(contacts: Sequence[Mapping[str, Any]], kind: str) -> int | None:
    """Return how many events of a kind the simulator told; None if it told nothing at all."""
    if not contacts:
        return None
    return sum(1 for event in contacts if event.get('event') == kind)
