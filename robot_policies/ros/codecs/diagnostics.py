# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""diagnostic_msgs/DiagnosticStatus: a level, words and numbers."""

from collections.abc import Mapping
from typing import Any


def fill_status(
    message: Any,  # noqa: ANN401
    key_value: Any,  # noqa: ANN401
    *,
    name: str,
    level: Any,  # noqa: ANN401
    words: str,
    values: Mapping[str, Any],
) -> Any:  # noqa: ANN401
    """Fill a DiagnosticStatus.

    Args:
        message: The message to fill.
        key_value: Class of its `values`.
        name: Who reports.
        level: One of the message's constants.
        words: What it is, for a person.
        values: Numbers and names; floats are written with up to four significant digits.

    Returns:
        The message.
    """
    message.name = name
    message.level = level
    message.message = words
    message.values = [key_value(key=key, value=_text(value)) for key, value in values.items()]
    return message


def status_values(message: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the `values` of a DiagnosticStatus as a mapping."""
    return {item.key: item.value for item in message.values}


def _text(value: Any) -> str:  # noqa: ANN401
    return f'{value:.4g}' if isinstance(value, float) else str(value)
