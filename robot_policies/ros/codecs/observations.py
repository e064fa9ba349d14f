# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Records of observations as JSON, in a std_msgs/String."""

from dataclasses import asdict
import json
from typing import Any

from robot_policies.core.observation_record import ObservationRecord
from robot_policies.core.source_history import Align, SourceRule
from robot_policies.core.source_use import SourceUse
from robot_policies.ros.codecs.errors import CodecError

_LIMITS = ('max_age_ns', 'max_skew_ns', 'max_frozen_ns')


def record_to_text(record: ObservationRecord) -> str:
    """Return a record as JSON: one object per source, with what limited it."""
    sources = []
    for use, rule in zip(record.sources, record.rules, strict=True):
        limits = {name: getattr(rule, name) for name in _LIMITS}
        sources.append(asdict(use) | limits)
    head = {
        'now_ns': record.now_ns,
        'stamp_ns': record.stamp_ns,
        'instruction': record.instruction,
        'epoch': record.epoch,
    }
    return json.dumps(head | {'sources': sources}, separators=(',', ':'))


def record_from_text(text: str) -> ObservationRecord:
    """Read a record.

    Raises:
        CodecError: It is none.
    """
    try:
        content = json.loads(text)
        sources = content['sources']
        return ObservationRecord(
            now_ns=int(content['now_ns']),
            stamp_ns=int(content['stamp_ns']),
            instruction=str(content['instruction']),
            epoch=int(content['epoch']),
            sources=tuple(_use(item) for item in sources),
            rules=tuple(_rule(item) for item in sources),
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise CodecError(f'no record of an observation: {error!r}') from error


def _use(item: dict[str, Any]) -> SourceUse:
    return SourceUse(
        name=str(item['name']),
        align=str(item['align']),
        stamps_ns=tuple(int(stamp_ns) for stamp_ns in item['stamps_ns']),
        newest_ns=int(item['newest_ns']),
        age_ns=int(item['age_ns']),
        skew_ns=int(item['skew_ns']),
    )


def _rule(item: dict[str, Any]) -> SourceRule:
    return SourceRule(Align(item['align']), *(int(item[name]) for name in _LIMITS))
