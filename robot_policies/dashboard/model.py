# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the page says: statuses and time in, words and tones out.

Pure, because an operator acts on it: a robot whose safety node has fallen silent must not look
fine, and a reset that would be refused must say what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
import re
from types import MappingProxyType
from typing import TypeVar

from robot_policies.core.data_types import PolicyStatus, VelocityCommand
from robot_policies.core.verdict import Severity

EnumT = TypeVar('EnumT', bound=Enum)

SILENT_NS = 2_500_000_000
"""Statuses come once a second; after this long they say nothing about now."""

_ON_TIME = 0.95
"""Real-time factor below which the simulator does not keep up."""


class Tone(Enum):
    """How something looks; the value is its colour."""

    GOOD = '#2b8a3e'
    INFO = '#1971c2'
    WARN = '#e67700'
    BAD = '#c92a2a'
    OFF = '#495057'


@dataclass(frozen=True)
class Status:
    """A status message as it came.

    Attributes:
        level: 0 fine, 1 warning, 2 error, 3 stale.
        name: Who reports.
        message: In words.
        values: Numbers and names.
        arrived_ns: When it came, monotonic.
    """

    level: int
    name: str
    message: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    arrived_ns: int = 0

    def is_silent(self, now_ns: int) -> bool:
        """True if it came too long ago to count."""
        return now_ns - self.arrived_ns > SILENT_NS


@dataclass(frozen=True)
class Card:
    """A few words on a colour.

    Attributes:
        title: The one thing to read.
        tone: Its colour.
        text: A sentence.
        points: Further sentences, as a list.
        points_title: What the list is.
        footnote: What is good to know, small.
    """

    title: str
    tone: Tone
    text: str = ''
    points: tuple[str, ...] = ()
    points_title: str = ''
    footnote: str = ''


_SAFETY: Mapping[Severity, tuple[str, Tone]] = {
    Severity.PASS: ('Running', Tone.GOOD),
    Severity.LIMIT: ('Limited', Tone.WARN),
    Severity.HOLD: ('Holding', Tone.WARN),
    Severity.RECOVER: ('Recovering', Tone.BAD),
    Severity.DAMP: ('Stopped, soft', Tone.BAD),
}

_NOT_ENGAGED = {'waiting': 'Waiting to engage', 'inactive': 'Safety is not active'}

_SOURCES = {
    'policy/cmd_vel': 'follows the policy',
    'teleop/cmd_vel': 'driven by hand',
    '': 'no velocity command',
}

_POLICY: Mapping[PolicyStatus, tuple[str, Tone]] = {
    PolicyStatus.IDLE: ('Waiting for an instruction', Tone.OFF),
    PolicyStatus.ACTING: ('On its way', Tone.INFO),
    PolicyStatus.SEARCHING: ('Looking', Tone.INFO),
    PolicyStatus.REACHED: ('Reached', Tone.GOOD),
    PolicyStatus.NOT_SEEN: ('Not seen', Tone.WARN),
    PolicyStatus.NOT_UNDERSTOOD: ('Not understood', Tone.WARN),
}


def safety_card(status: Status | None, now_ns: int) -> Card:
    """Return what the page says about safety.

    Args:
        status: The last `safety/status`, or None if none has come.
        now_ns: Now, monotonic.
    """
    if status is None:
        return Card('No safety node', Tone.OFF, 'Nothing moves the robot until one is running.')
    if status.is_silent(now_ns):
        silent_s = (now_ns - status.arrived_ns) * 1e-9
        return Card(
            'Safety is silent',
            Tone.BAD,
            f'Its last word was {silent_s:.0f} s ago. The robot damps by itself without it.',
        )
    if is_latched(status):
        needs = _sentences(status.values.get('reset_requires', ''))
        heading = 'A reset needs' if needs else 'Ready for a reset'
        return Card('Stopped, latched', Tone.BAD, status.message, needs, heading)
    if status.values.get('phase') in _NOT_ENGAGED:
        return Card(_NOT_ENGAGED[status.values['phase']], Tone.OFF, status.message)
    severity = _member(Severity, status.values.get('severity', ''))
    if severity is None:
        return Card('Safety state unknown', Tone.BAD, status.message)
    title, tone = _SAFETY[severity]
    source = _SOURCES.get(status.values.get('velocity_source', ''), '')
    return Card(title, tone, status.message, footnote=source)


def is_latched(status: Status | None) -> bool:
    """True if the robot stays stopped until somebody resets it."""
    return status is not None and status.values.get('latched', '').lower() in ('true', '1')


def policy_card(status: Status | None, now_ns: int) -> Card:
    """Return what the page says about the policy; arguments as in `safety_card`."""
    if status is None:
        return Card('No policy node', Tone.OFF, 'Instructions are kept until one is running.')
    if status.is_silent(now_ns):
        return Card('Policy is silent', Tone.BAD, 'It has not reported for more than 2 s.')
    state = _member(PolicyStatus, status.values.get('status', ''))
    title, tone = (status.message, Tone.OFF) if state is None else _POLICY[state]
    if status.level >= 2:
        title, tone = 'Policy error', Tone.BAD
    instruction = status.values.get('instruction', '')
    text = status.message if status.message != title else ''
    points = (f'“{instruction}”',) if instruction else ()
    return Card(title, tone, text, points, footnote=_facts(status))


@dataclass(frozen=True)
class HealthRow:
    """One line of the health table.

    Attributes:
        name: Who reports.
        tone: How it is.
        text: In words; empty if all is well.
        figures: The numbers worth a glance.
    """

    name: str
    tone: Tone
    text: str
    figures: tuple[str, ...]


def health_rows(statuses: Mapping[str, Status], now_ns: int) -> tuple[HealthRow, ...]:
    """Return a row per node that reports on `/diagnostics`, by name."""
    return tuple(_row(statuses[name], now_ns) for name in sorted(statuses))


def real_time_factor(statuses: Mapping[str, Status], now_ns: int) -> float | None:
    """Return how fast simulated time runs against real time, or None if nothing says so."""
    for status in statuses.values():
        text = status.values.get('real_time_factor')
        if text is not None and not status.is_silent(now_ns):
            try:
                return float(text)
            except ValueError:
                return None
    return None


def facts(
    statuses: Mapping[str, Status], missing: Sequence[str], browsers: int, now_ns: int
) -> tuple[tuple[str, Tone], ...]:
    """Return what stands above the health table: real-time factor, silent sources, browsers."""
    factor = real_time_factor(statuses, now_ns)
    lines = [] if factor is None else [(f'real time × {factor:.2f}', _factor_tone(factor))]
    lines += [(f'{browsers} browser{"s" if browsers != 1 else ""}', Tone.OFF)]
    return (*lines, *((text, Tone.BAD) for text in missing))


def driver_line(command: VelocityCommand | None) -> tuple[str, Tone]:
    """Return who drives, in words."""
    if command is None:
        return 'nobody drives by hand', Tone.OFF
    parts = f'{command.vx:+.2f} m/s, {command.vy:+.2f} m/s, {command.yaw_rate:+.2f} rad/s'
    return f'by hand: {parts}', Tone.GOOD


def _factor_tone(factor: float) -> Tone:
    return Tone.GOOD if factor > _ON_TIME else Tone.WARN


def _row(status: Status, now_ns: int) -> HealthRow:
    name = status.name.strip('/')
    if status.is_silent(now_ns):
        return HealthRow(name, Tone.BAD, 'silent', ())
    tone = {0: Tone.GOOD, 1: Tone.WARN}.get(status.level, Tone.BAD)
    text = '' if status.level == 0 else status.message
    return HealthRow(name, tone, text, _figures(status.values))


_DETAIL = re.compile(r'jitter|_skew_| \| ')
"""Has a place of its own, or is for who looks for it."""
_GLANCE = ('_hz', '_p50_ms', '_p99_ms', '_deadline_misses', 'real_time_factor')


def _figures(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f'{key.replace("_", " ")} {value}'
        for key, value in values.items()
        if key.endswith(_GLANCE) and not _DETAIL.search(key)
    )


def _facts(status: Status) -> str:
    checkpoint = status.values.get('checkpoint', '')
    inference = status.values.get('inference_ms', '')
    parts = [checkpoint, f'{inference} ms to answer' if inference else '']
    return ' · '.join(part for part in parts if part)


def _member(enum: type[EnumT], name: str) -> EnumT | None:
    return enum.__members__.get(name.upper())


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(';') if part.strip())
