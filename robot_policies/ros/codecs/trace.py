# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A second of one node's spans as JSON, in a std_msgs/String.

`{"node": …, "topics": [name, …], "base_ns": t, "spans": [[topic, stamp, begin, end, cause topic,
cause stamp, …], …]}`: topics by their place in the list, times in ns from the base, which keeps
them short.
"""

from collections.abc import Sequence
import json
from typing import Any

from robot_policies.core.trace import Output, Span
from robot_policies.ros.codecs.errors import CodecError

Entry = tuple[str, int, int, int, tuple[tuple[str, int], ...]]
"""Topic, stamp, begin, end, causes: a span before it is a value, as cheap as can be noted."""
_MAX_SPANS = 100_000


def spans_to_text(node: str, entries: Sequence[Entry]) -> str:
    """Return spans as JSON.

    Args:
        node: Full name of the node.
        entries: At least one.
    """
    base_ns = entries[0][3]
    topics: dict[str, int] = {}
    rows = []
    for topic, stamp_ns, begin_ns, end_ns, causes in entries:
        place = topics.setdefault(topic, len(topics))
        row = [place, stamp_ns - base_ns, begin_ns - base_ns, end_ns - base_ns]
        for cause, cause_ns in causes:
            row += (topics.setdefault(cause, len(topics)), cause_ns - base_ns)
        rows.append(row)
    content = {'node': node, 'topics': list(topics), 'base_ns': base_ns, 'spans': rows}
    return json.dumps(content, separators=(',', ':'))


def spans_from_text(text: str) -> list[Span]:
    """Read spans.

    Raises:
        CodecError: It is no such JSON.
    """
    try:
        content = json.loads(text)
        node, base_ns = content['node'], content['base_ns']
        topics, rows = content['topics'], content['spans']
        _need(isinstance(node, str) and _is_int(base_ns), 'node and base_ns')
        _need(isinstance(topics, list) and all(isinstance(t, str) for t in topics), 'topics')
        _need(isinstance(rows, list) and len(rows) <= _MAX_SPANS, 'spans')
        return [_span(row, topics, base_ns, node) for row in rows]
    except (KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise CodecError(f'no trace: {error!r}') from error


def _span(row: Any, topics: list[str], base_ns: int, node: str) -> Span:  # noqa: ANN401
    # hundreds of them a second: this is most of what the trace node does
    if not isinstance(row, list) or len(row) < 4 or len(row) % 2 or {*map(type, row)} != {int}:
        raise ValueError(f'{row} is no span')
    place, stamp, begin, end = row[:4]
    causes = tuple([Output(topics[row[i]], base_ns + row[i + 1]) for i in range(4, len(row), 2)])
    if min((place, *row[4::2])) < 0:
        raise ValueError(f'{row}: topics are numbered from 0')
    output = Output(topics[place], base_ns + stamp)
    return Span(output, base_ns + begin, base_ns + end, causes, node)


def _is_int(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int) and not isinstance(value, bool)


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f'{what} do not fit')
