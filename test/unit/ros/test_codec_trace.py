# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Traces and records of observations as text: there and back, and nothing else is believed."""

import json

import pytest
from robot_policies.core.observation_record import ObservationRecord
from robot_policies.core.source_history import Align, SourceRule
from robot_policies.core.source_use import SourceUse
from robot_policies.core.trace import Output, Span
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.observations import record_from_text, record_to_text
from robot_policies.ros.codecs.trace import spans_from_text, spans_to_text

NOW = 1_795_270_833_216_381_118
GOOD = {'node': '/a', 'topics': ['x', 'y'], 'base_ns': NOW, 'spans': [[0, 1, 2, 3, 1, -5]]}


def test_spans_arrive_to_the_nanosecond():
    entries = [
        ('joint_states', NOW - 7, NOW - 7, NOW, ()),
        ('policy/chunk', NOW - 9, NOW - 3, NOW + 5, (('camera/a', NOW - 90), ('odom', NOW - 8))),
    ]
    spans = spans_from_text(spans_to_text('/robot/policy', entries))
    assert spans[0] == Span(Output('joint_states', NOW - 7), NOW - 7, NOW, (), '/robot/policy')
    assert spans[1].causes == (Output('camera/a', NOW - 90), Output('odom', NOW - 8))
    assert (spans[1].begin_ns, spans[1].end_ns) == (NOW - 3, NOW + 5)


@pytest.mark.parametrize(
    'change',
    [
        {'spans': [[0, 1, 2]]},
        {'spans': [[0, 1, 2, 3, 1]]},
        {'spans': [[7, 1, 2, 3]]},
        {'spans': [[-1, 1, 2, 3]]},
        {'spans': [[0, 1, 2, 3, -1, 5]]},
        {'spans': [[0, 1.5, 2, 3]]},
        {'spans': [[0, None, 2, 3]]},
        {'spans': {'0': 1}},
        {'spans': 5},
        {'topics': [1, 2]},
        {'topics': 'xy'},
        {'base_ns': '1'},
        {'base_ns': True},
        {'node': 3},
    ],
)
def test_what_is_no_trace_is_refused(change):
    assert len(spans_from_text(json.dumps(GOOD))) == 1
    with pytest.raises(CodecError):
        spans_from_text(json.dumps(GOOD | change))


@pytest.mark.parametrize('text', ['', '[]', 'null', '{', '3', '{"node": "a"}', '[' * 100_000])
def test_neither_is_any_other_text(text):
    with pytest.raises(CodecError):
        spans_from_text(text)
    with pytest.raises(CodecError):
        record_from_text(text)


def test_a_record_arrives_as_it_was():
    record = ObservationRecord(
        now_ns=NOW,
        stamp_ns=NOW - 40,
        instruction='walk to the "red" ball',
        epoch=2,
        sources=(SourceUse('odom', 'interpolate', (NOW - 50, NOW - 30), NOW - 1, 1, 10),),
        rules=(SourceRule(Align.INTERPOLATE, 200, 100, 0),),
    )
    assert record_from_text(record_to_text(record)) == record
    text = record_to_text(record).replace('interpolate', 'guess')
    with pytest.raises(CodecError, match='guess'):
        record_from_text(text)
