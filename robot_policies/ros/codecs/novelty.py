# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""diagnostic_msgs/DiagnosticArray as a stamped score: how novel the inputs are."""

import math
from typing import Any

from robot_policies.core.novelty import Novelty
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import fill_header, stamp_ns

RATIO = 'ratio'


def novelty_to_msg(novelty: Novelty, name: str, message: Any, status: Any, value: Any) -> Any:  # noqa: ANN401
    """Fill a message; its one status is WARN from the threshold on.

    Args:
        novelty: The score.
        name: Who judged.
        message: A new DiagnosticArray.
        status: A new DiagnosticStatus.
        value: A new KeyValue.
    """
    fill_header(message, novelty.stamp_ns)
    value.key, value.value = RATIO, f'{novelty.ratio:.4g}'
    status.name, status.message, status.values = name, novelty.words, [value]
    status.level = status.OK if novelty.ratio <= 1.0 else status.WARN
    message.status = [status]
    return message


def novelty_from_msg(message: Any) -> Novelty:  # noqa: ANN401
    """Return the score.

    Raises:
        CodecError: The message holds none, or one that is no number from 0 on.
    """
    values = {item.key: item.value for status in message.status[:1] for item in status.values}
    try:
        ratio = float(values[RATIO])
    except (KeyError, ValueError):
        raise CodecError(f'novelty: expected one status with a number {RATIO!r}') from None
    if math.isnan(ratio) or ratio < 0.0:
        raise CodecError(f'novelty: ratio {ratio} is none')
    return Novelty(stamp_ns(message), ratio, message.status[0].message)
