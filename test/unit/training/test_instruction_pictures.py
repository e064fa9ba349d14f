# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures are labelled with what they show, and sentences with what they mean."""

import numpy as np
import pytest
from robot_policies.resources import load_robot
from robot_policies.sim.layout import build_world
from robot_policies.sim.world_spec import ArenaSpec, ItemSpec, WorldSpec
from robot_policies.training.instruction_pictures import Photographer, Pictures, WORDS
from robot_policies.training.instruction_questions import answers, ask

HEIGHT, WIDTH = 120, 160


@pytest.fixture(scope='module')
def pictures():
    spec = WorldSpec(
        arena=ArenaSpec(start=(-2.0, 0.0, 0.0)),
        items=(
            ItemSpec(colour='red', shape='ball', size='large', x_m=0.0, y_m=1.0),
            ItemSpec(colour='blue', shape='box', size='small', x_m=0.0, y_m=-1.0),
        ),
    )
    photographer = Photographer(load_robot('go2'), 'front', height=HEIGHT, width=WIDTH)
    return photographer.take(build_world(spec, 0), 24, np.random.default_rng(0))


def test_a_covered_token_has_the_colour_of_the_thing(pictures):
    cells = pictures.pixels.reshape(-1, HEIGHT // 8, 8, WIDTH // 8, 8, 3).mean(axis=(2, 4))
    colours = cells.reshape(len(pictures), -1, 3)
    red, blue = colours[pictures.cover[:, 0] == 255], colours[pictures.cover[:, 1] == 255]
    assert len(red) > 20
    assert len(blue) > 20
    assert (red[:, 0] > red[:, 2]).mean() > 0.95
    assert (blue[:, 2] > blue[:, 0]).mean() > 0.95


def test_what_lies_to_the_left_has_a_positive_bearing(pictures):
    columns = np.arange(300) % 20
    for index in range(2):
        for picture in range(len(pictures)):
            cover = pictures.cover[picture, index].astype(float)
            whole = cover.reshape(15, 20)
            if cover.max() < 200 or whole[:, [0, -1]].any():
                continue
            column = (cover * columns).sum() / cover.sum() - 9.5
            bearing = float(pictures.bearing[picture, index])
            if abs(bearing) > 0.15:
                assert np.sign(column) == -np.sign(bearing)


def test_files_are_read_as_they_were_written(pictures, tmp_path):
    pictures.save(tmp_path / 'a.safetensors')
    again = Pictures.load([tmp_path / 'a.safetensors'] * 2)
    assert len(again) == 2 * len(pictures)
    np.testing.assert_array_equal(again.cover[: len(pictures)], pictures.cover)


def test_a_sentence_is_answered_by_what_it_names_only(pictures):
    index = np.arange(len(pictures))
    named = np.tile([[-1, 0, 0], [-1, 2, 1], [1, 0, 0], [0, 0, 0], [-1, 2, 0]], (len(index), 1, 1))
    questions = answers(
        pictures.kind[index].astype(int),
        pictures.cover[index],
        pictures.bearing[index],
        pictures.distance[index],
        named,
    )
    red, blue, large_red, small_red, blue_ball = questions.answer.numpy().transpose(1, 0, 2)
    assert red.any()
    assert blue.any()
    assert not (red * blue).any()
    np.testing.assert_array_equal(red, large_red)
    assert not small_red.any()
    assert not blue_ball.any()
    assert set(np.flatnonzero(questions.words[0, 2])) == {
        WORDS.index(word) for word in ('large', 'red', 'ball')
    }


def test_every_token_that_shows_something_is_named_by_three_words(pictures):
    questions = ask(pictures, np.arange(8), 3, np.random.default_rng(1))
    words = questions.names.sum(-1)
    np.testing.assert_array_equal(words.numpy(), 3.0 * questions.shown.numpy())


def test_tokens_of_which_it_is_unclear_what_they_show_do_not_count(pictures):
    questions = ask(pictures, np.arange(len(pictures)), 1, np.random.default_rng(1))
    share = pictures.cover.max(1)
    unclear = (share > 0) & (share < 60)
    assert unclear.any()
    assert not questions.weight.numpy()[unclear].any()


def test_about_half_of_the_sentences_name_what_is_in_view(pictures):
    questions = ask(pictures, np.arange(len(pictures)), 40, np.random.default_rng(1))
    seen = pictures.cover.max((1, 2)) >= 60
    share = float((questions.answer.amax(-1) > 0).float()[seen].mean())
    assert 0.25 < share < 0.75
