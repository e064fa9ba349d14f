# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Reasons in words: when two of them are the same one."""

import re

_NUMBER = re.compile(r'-?\d+(\.\d+)?(e[+-]?\d+)?')


def without_numbers(words: str) -> str:
    """Return words with `#` for each number: a growing age makes no new reason."""
    return _NUMBER.sub('#', words)
