# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Understands an instruction: which object it names, or why it cannot be followed.

There is no guessing. Every word must be known; the sentence must name one object, by colour, shape
and size in any order and with any known synonym; words that would change the meaning (not, behind,
or, …) refuse it. The answer is either the words that the network was trained on, or a sentence for
the operator.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import difflib
import re

import numpy as np
import numpy.typing as npt
from robot_policies.networks import lexicon

_EXAMPLE = 'Tell me one thing to go to, for example: walk to the red ball.'
_QUESTIONS = (
    'is',
    'are',
    'was',
    'what',
    'where',
    'who',
    'why',
    'how',
    'when',
    'do',
    'does',
    'did',
)


@dataclass(frozen=True)
class Goal:
    """An object, as far as the instruction describes it.

    Attributes:
        words: Canonical words in the order size, colour, shape; at least one.
    """

    words: tuple[str, ...]
    has_shape: bool = True

    def __str__(self) -> str:
        """Return e.g. `small red ball` or `red thing`."""
        return ' '.join(self.words if self.has_shape else (*self.words, 'thing'))


@dataclass(frozen=True)
class Stop:
    """The instruction is to stand."""


@dataclass(frozen=True)
class NotUnderstood:
    """The instruction cannot be followed.

    Attributes:
        message: Why, in words for the operator.
    """

    message: str


Understanding = Goal | Stop | NotUnderstood

WordFinder = Callable[[str], str | None]
"""Unknown word -> canonical word that it certainly means, or None."""


class Tokenizer:
    """Instructions to goals, and goals to the network's input."""

    def __init__(
        self,
        sizes: Sequence[str],
        colours: Sequence[str],
        shapes: Sequence[str],
        *,
        find_word: WordFinder | None = None,
    ) -> None:
        """Keep the words that the network was trained on.

        Args:
            sizes: Canonical sizes.
            colours: Canonical colours.
            shapes: Canonical shapes.
            find_word: Asked for words that the lexicon lacks, e.g. by sentence embeddings.
        """
        self._slots = {
            'size': (tuple(sizes), lexicon.SIZES),
            'colour': (tuple(colours), lexicon.COLOURS),
            'shape': (tuple(shapes), lexicon.SHAPES),
        }
        self.words = (*sizes, *colours, *shapes)
        self.find_word = find_word
        self._canonical: dict[str, tuple[str, str]] = {}  # word -> slot, canonical word
        for slot, (trained, known) in self._slots.items():
            for canonical in dict.fromkeys((*trained, *known)):
                for word in (canonical, *known.get(canonical, ())):
                    self._canonical[word] = (slot, canonical)

    @property
    def known_words(self) -> tuple[str, ...]:
        """Every word for a size, a colour or a shape, trained or not."""
        return tuple(self._canonical)

    def understand(self, text: str) -> Understanding:
        """Return what an instruction asks for."""
        words = _split(text)
        if not words:
            return Stop()
        slots: dict[str, dict[str, None]] = {slot: {} for slot in self._slots}
        stopping = words[0] in lexicon.STOPS
        reason = _changed_meaning(words)
        for word in () if reason else words:
            reason = reason or self._place(word, slots)
        if reason:
            return NotUnderstood(_sentence(text, reason))
        named = [word for found in slots.values() for word in found]
        if stopping and not (named and len(words) > 1 and words[1] in ('at', 'by', 'near', 'in')):
            return Stop()
        return self._goal(text, slots, stopping=any(word in lexicon.STOPS for word in words))

    def encode(self, goal: Goal) -> npt.NDArray[np.float32]:
        """Return (vocabulary,) float32, 1 for each word of the goal."""
        return np.array([word in goal.words for word in self.words], dtype=np.float32)

    def _place(self, word: str, slots: Mapping[str, dict[str, None]]) -> str:
        """Note a word in its slot; return why it cannot be followed, or nothing."""
        if word in lexicon.MOTIONS | lexicon.STOPS | lexicon.FILLERS:
            return ''
        meant = word if word in self._canonical else self._look_up(word)
        if meant is None:
            return f'“{word}” is no word that I know{self._did_you_mean(word)}'
        slot, canonical = self._canonical[meant]
        trained = self._slots[slot][0]
        if canonical not in trained:
            return f'I do not know “{word}”; of {slot}s I know {", ".join(trained)}'
        slots[slot][canonical] = None
        return ''

    def _look_up(self, word: str) -> str | None:
        found = self.find_word(word) if self.find_word else None
        return found if found in self._canonical else None

    def _did_you_mean(self, word: str) -> str:
        known = [*self._canonical, *lexicon.MOTIONS]
        close = difflib.get_close_matches(word, known, n=1, cutoff=0.75)
        return f' (did you mean {close[0]}?)' if close else ''

    def _goal(
        self, text: str, slots: Mapping[str, dict[str, None]], *, stopping: bool
    ) -> Understanding:
        for slot, found in slots.items():
            if len(found) > 1:
                listed = ' and '.join(found)
                return NotUnderstood(_sentence(text, f'two {slot}s at once, {listed}'))
        words = tuple(word for slot in slots.values() for word in slot)
        if not (slots['colour'] or slots['shape']):
            if stopping and not words:
                return Stop()
            return NotUnderstood(_sentence(text, 'it names neither a colour nor a shape'))
        return Goal(words, has_shape=bool(slots['shape']))


def _changed_meaning(words: Sequence[str]) -> str:
    """Return why a sentence of these words means more than one object to go to, or nothing."""
    for word in words:
        if word in lexicon.REFUSED:
            return f'“{word}”: {lexicon.REFUSED[word]}'
    return 'I do not answer questions' if words[0] in _QUESTIONS else ''


def _split(text: str) -> list[str]:
    """Return lower-case words; apostrophes vanish, so that don't and dont are one."""
    text = text.lower().replace("'", '').replace('’', '')
    return re.findall(r'[^\W_]+', text)


def _sentence(text: str, reason: str) -> str:
    shown = ' '.join(text.split())
    shown = shown if len(shown) <= 60 else shown[:57] + '…'
    return f'I don’t understand “{shown}”: {reason}. {_EXAMPLE}'
