# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Arrays that take long to make are made once, whatever ends the run in between."""

import numpy as np
import pytest
from robot_policies.training.novelty_fit import stored
from robot_policies.training.recipe import RecipeOptions


class Maker:
    """Makes arrays, notes which, and is killed at one of them."""

    def __init__(self, killed_at=None):
        self.made, self._killed_at = [], killed_at

    def __call__(self, number):
        if number == self._killed_at:
            raise KeyboardInterrupt
        self.made.append(number)
        return np.full((2, 3), number)


def options(folder, *, resume):
    return RecipeOptions(out_dir=folder / 'run', seed=4, resume=resume, quick=False)


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        stored(options(tmp_path, resume=False), 'tokens', 4, Maker(killed_at=2))
    again = Maker()
    arrays = stored(options(tmp_path, resume=True), 'tokens', 4, again)
    assert again.made == [2, 3]
    assert [a[0, 0] for a in arrays] == [0, 1, 2, 3]


def test_what_was_begun_by_another_run_is_made_anew_unless_it_is_gone_on_with(tmp_path):
    stored(options(tmp_path, resume=False), 'tokens', 2, Maker())
    again = Maker()
    stored(options(tmp_path, resume=False), 'tokens', 2, again)
    assert again.made == [0, 1]


def test_arrays_of_one_name_are_not_taken_for_those_of_another(tmp_path):
    stored(options(tmp_path, resume=True), 'tokens', 2, Maker())
    other = Maker()
    stored(options(tmp_path, resume=True), 'streams', 2, other)
    assert other.made == [0, 1]
