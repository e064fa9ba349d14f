# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Formulas from text: `stop_requested -> eventually[0, 0.6] not moves(0.1)`.

From loose to tight: `->`, `or`, `and`, `until[a, b]`, then `not`, `always[a, b]` and
`eventually[a, b]`, then predicates and parentheses. Windows are in seconds and may be left out.
"""

import math
import re

from robot_policies.safety.temporal_logic import (
    all_of,
    Always,
    any_of,
    Atom,
    Eventually,
    Formula,
    implies,
    negated,
    Until,
)

_TOKEN = re.compile(r'\s*(->|[()\[\],]|[A-Za-z_]\w*|-?\d+(?:\.\d*)?(?:[eE]-?\d+)?|-?\.\d+)')
_WORDS = {'or', 'and', 'not', 'until', 'always', 'eventually'}
_END = ''


def parse(text: str) -> Formula:
    """Return the formula that a text stands for.

    Raises:
        ValueError: It stands for none; the message says where and what was expected.
    """
    parser = _Parser(_tokens(text))
    formula = parser.implication()
    if parser.next != _END:
        raise ValueError(f'{text!r}: {parser.next!r} was not expected there')
    return formula


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f'{text!r}: cannot be read from {text[at:].strip()!r} on')
        found.append(match.group(1))
        at = match.end()
    return [*found, _END]


class _Parser:
    """Recursive descent: one method per level."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def next(self) -> str:
        """The token that comes; empty at the end."""
        return self._tokens[self._at]

    def implication(self) -> Formula:
        """Read `a -> b -> c`, which is `a -> (b -> c)`."""
        left = self._disjunction()
        return implies(left, self.implication()) if self._accept('->') else left

    def _disjunction(self) -> Formula:
        parts = [self._conjunction()]
        while self._accept('or'):
            parts.append(self._conjunction())
        return any_of(parts)

    def _conjunction(self) -> Formula:
        parts = [self._until()]
        while self._accept('and'):
            parts.append(self._until())
        return all_of(parts)

    def _until(self) -> Formula:
        left = self._unary()
        if not self._accept('until'):
            return left
        begin, end = self._window()
        return Until(left, self._until(), begin, end)

    def _unary(self) -> Formula:
        if self._accept('not'):
            return negated(self._unary())
        if self._accept('always'):
            begin, end = self._window()
            return Always(self._unary(), begin, end)
        if self._accept('eventually'):
            begin, end = self._window()
            return Eventually(self._unary(), begin, end)
        if self._accept('('):
            inner = self.implication()
            self._expect(')')
            return inner
        return self._atom()

    def _atom(self) -> Formula:
        name = self.next
        if not name.isidentifier() or name in _WORDS:
            raise ValueError(f'expected a predicate, found {name or "the end"!r}')
        self._at += 1
        numbers = []
        if self._accept('('):
            numbers.append(self._number())
            while self._accept(','):
                numbers.append(self._number())
            self._expect(')')
        return Atom(name, tuple(numbers))

    def _window(self) -> tuple[float, float]:
        if not self._accept('['):
            return 0.0, math.inf
        begin = self._number()
        self._expect(',')
        end = math.inf if self._accept('inf') else self._number()
        self._expect(']')
        if not 0.0 <= begin <= end:
            raise ValueError(f'window [{begin:g}, {end:g}] is none: expected 0 <= begin <= end')
        return begin, end

    def _number(self) -> float:
        try:
            number = float(self.next)
        except ValueError:
            raise ValueError(f'expected a number, found {self.next or "the end"!r}') from None
        self._at += 1
        return number

    def _accept(self, token: str) -> bool:
        if self.next != token:
            return False
        self._at += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise ValueError(f'expected {token!r}, found {self.next or "the end"!r}')
