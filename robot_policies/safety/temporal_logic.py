# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Linear temporal logic over finite streams with bounds in seconds, judged while they run.

A formula is progressed through the stream (F. Bacchus and F. Kabanza, Planning for temporally
extended goals, 1998; with bounded time after P. Thati and G. Roşu, Monitoring Algorithms for
Metric Temporal Logic Specifications, 2005): each instant is put into it, and what is left is what
the rest of the stream has to fulfil. `FALSE` is a violation, found at the first instant at which
nothing that follows could mend it.

Time is that of the samples, not their count: a late sample does not stretch a bound.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
import math

_NS = 1_000_000_000


@dataclass(frozen=True)
class Constant:
    """True or false whatever comes."""

    value: bool


TRUE, FALSE = Constant(True), Constant(False)


@dataclass(frozen=True)
class Atom:
    """A named predicate with its numbers."""

    name: str
    numbers: tuple[float, ...] = ()

    def __str__(self) -> str:
        """Return it as it is written in a rule."""
        numbers = ', '.join(f'{number:g}' for number in self.numbers)
        return f'{self.name}({numbers})' if numbers else self.name


@dataclass(frozen=True)
class Not:
    """The opposite."""

    body: 'Formula'


@dataclass(frozen=True)
class And:
    """All of them."""

    parts: frozenset['Formula']


@dataclass(frozen=True)
class Or:
    """One of them at least."""

    parts: frozenset['Formula']


@dataclass(frozen=True)
class Always:
    """At every instant of a window.

    Attributes:
        body: What holds there.
        begin: Begin of the window: s from when it is asked, or ns once `anchored`.
        end: End of the window, included; infinite for none.
        anchored: True once the instant from which the window counts has come.
    """

    body: 'Formula'
    begin: float = 0.0
    end: float = math.inf
    anchored: bool = False


@dataclass(frozen=True)
class Eventually:
    """At some instant of a window; fields as in `Always`."""

    body: 'Formula'
    begin: float = 0.0
    end: float = math.inf
    anchored: bool = False


@dataclass(frozen=True)
class Until:
    """`body` at some instant of a window, and `before` at every one until then."""

    before: 'Formula'
    body: 'Formula'
    begin: float = 0.0
    end: float = math.inf
    anchored: bool = False


Formula = Constant | Atom | Not | And | Or | Always | Eventually | Until
Valuation = Callable[[Atom], bool]


def implies(condition: Formula, consequence: Formula) -> Formula:
    """Return `condition -> consequence`."""
    return any_of((negated(condition), consequence))


def negated(body: Formula) -> Formula:
    """Return `not body`, simplified."""
    if isinstance(body, Constant):
        return FALSE if body.value else TRUE
    return body.body if isinstance(body, Not) else Not(body)


def all_of(parts: Iterable[Formula]) -> Formula:
    """Return the conjunction, simplified."""
    kept: set[Formula] = set()
    for part in parts:
        if part == FALSE:
            return FALSE
        kept |= part.parts if isinstance(part, And) else {part}
    kept.discard(TRUE)
    if len(kept) > 1:
        kept -= set(_implied(kept))
    if len(kept) < 2:
        return next(iter(kept), TRUE)
    return And(frozenset(kept))


def any_of(parts: Iterable[Formula]) -> Formula:
    """Return the disjunction, simplified."""
    kept: set[Formula] = set()
    for part in parts:
        if part == TRUE:
            return TRUE
        kept |= part.parts if isinstance(part, Or) else {part}
    kept.discard(FALSE)
    if len(kept) < 2:
        return next(iter(kept), FALSE)
    return Or(frozenset(kept))


def progress(formula: Formula, holds: Valuation, now_ns: int) -> Formula:
    """Return what the stream after this instant has to fulfil.

    Args:
        formula: What the stream from this instant on has to fulfil.
        holds: Says of a predicate whether it holds now.
        now_ns: Time of the instant; later than that of the one before.
    """
    if isinstance(formula, Atom):
        return TRUE if holds(formula) else FALSE
    if isinstance(formula, Not):
        return negated(progress(formula.body, holds, now_ns))
    if isinstance(formula, And):
        return all_of(progress(part, holds, now_ns) for part in formula.parts)
    if isinstance(formula, Or):
        return any_of(progress(part, holds, now_ns) for part in formula.parts)
    if isinstance(formula, Constant):
        return formula
    return _progress_window(_anchored(formula, now_ns), holds, now_ns)


def finish(formula: Formula) -> bool:
    """Return whether a stream that ends here fulfils what is left: nothing more will happen."""
    if isinstance(formula, Not):
        return not finish(formula.body)
    if isinstance(formula, And):
        return all(finish(part) for part in formula.parts)
    if isinstance(formula, Or):
        return any(finish(part) for part in formula.parts)
    if isinstance(formula, Constant):
        return formula.value
    return isinstance(formula, Always)


def atoms(formula: Formula) -> set[Atom]:
    """Return the predicates that a formula names."""
    if isinstance(formula, Constant):
        return set()
    if isinstance(formula, Atom):
        return {formula}
    if isinstance(formula, And | Or):
        return set().union(*(atoms(part) for part in formula.parts))
    own = atoms(formula.body)
    return own | atoms(formula.before) if isinstance(formula, Until) else own


_Window = Always | Eventually | Until
_WINDOWS = (Always, Eventually, Until)


def _anchored(formula: _Window, now_ns: int) -> _Window:
    if not formula.anchored:
        # whole nanoseconds: a float of today's time is 256 ns coarse
        begin = now_ns + round(formula.begin * _NS)
        end = now_ns + round(formula.end * _NS) if math.isfinite(formula.end) else math.inf
        formula = replace(formula, begin=begin, end=end, anchored=True)
    # windows that are open look alike, so that one obligation can stand for many
    is_open = 0 < formula.begin <= now_ns
    return replace(formula, begin=0) if is_open else formula


def _progress_window(formula: _Window, holds: Valuation, now_ns: int) -> Formula:
    if now_ns > formula.end:
        return TRUE if isinstance(formula, Always) else FALSE
    if isinstance(formula, Until):
        return _progress_until(formula, holds, now_ns)
    if now_ns < formula.begin:
        return formula
    body = progress(formula.body, holds, now_ns)
    if now_ns >= formula.end:
        return body
    return (all_of if isinstance(formula, Always) else any_of)((body, formula))


def _progress_until(formula: Until, holds: Valuation, now_ns: int) -> Formula:
    going_on: Formula = FALSE
    if now_ns < formula.end:
        going_on = all_of((progress(formula.before, holds, now_ns), formula))
    if now_ns < formula.begin:
        return going_on
    return any_of((progress(formula.body, holds, now_ns), going_on))


def _implied(parts: set[Formula]) -> Iterable[Formula]:
    """Yield what follows from other parts: of the same obligation only the strictest counts.

    Without this every instant would add a part, and each step would take longer than the last.
    """
    strictest: dict[Formula, _Window] = {}
    for part in parts:
        if isinstance(part, _WINDOWS) and part.anchored and part.begin == 0:
            name = replace(part, end=math.inf)
            other = strictest.setdefault(name, part)
            if other is not part:
                # always is the harder the longer it lasts, the others the sooner they end
                hardest = max if isinstance(part, Always) else min
                strictest[name] = hardest(other, part, key=lambda item: item.end)
                yield part if strictest[name] is other else other
