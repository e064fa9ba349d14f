# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is understood of an instruction, and that nothing is guessed."""

import numpy as np
import pytest
from robot_policies.networks.tokenizer import Goal, NotUnderstood, Stop, Tokenizer
from robot_policies.sim.vocabulary import COLOURS, SHAPES, SIZES


@pytest.fixture
def tokenizer():
    return Tokenizer(SIZES, tuple(COLOURS), SHAPES)


@pytest.mark.parametrize(
    'text',
    [
        'walk to the red ball',
        'Go to the RED BALL!',
        'to the ball that is red go',
        'approach the crimson sphere',
        'could you please head over to the scarlet orb?',
        "let's go to the red ball",
        'go to the red ball and stop there',
        'red ball',
    ],
)
def test_words_and_order_do_not_matter(tokenizer, text):
    assert tokenizer.understand(text) == Goal(('red', 'ball'))


def test_size_colour_and_shape_come_in_one_order(tokenizer):
    assert tokenizer.understand('the blue box, the tiny one').words == ('small', 'blue', 'box')


def test_a_colour_alone_is_a_thing_of_that_colour(tokenizer):
    goal = tokenizer.understand('go to the yellow one')
    assert str(goal) == 'yellow thing'


@pytest.mark.parametrize('text', ['', '   ', '...', 'stop', 'STOP!', 'halt now', 'please wait'])
def test_stopping_words_and_silence_stand(tokenizer, text):
    assert tokenizer.understand(text) == Stop()


def test_stopping_to_go_somewhere_is_stopping(tokenizer):
    assert tokenizer.understand('stop going to the red ball') == Stop()
    assert tokenizer.understand('stop at the red ball') == Goal(('red', 'ball'))


@pytest.mark.parametrize(
    ('text', 'word'),
    [
        ('make me a sandwich', 'make'),
        ('kick the red ball', 'kick'),
        ('do not go to the red ball', 'not'),
        ("don't go to the red ball", 'dont'),
        ('stay away from the red ball', 'away'),
        ('go to the red ball and the blue box', 'red and blue'),
        ('go to the red box and ball', 'box and ball'),
        ('go to the red or blue ball', 'or'),
        ('go to the ball behind the red box', 'behind'),
        ('where is the red ball', 'questions'),
        ('go to the pink ball', 'pink'),
        ('go to the red pyramid', 'pyramid'),
        ('go to the big one', 'neither'),
        ('go', 'neither'),
        ('geh zum roten Ball', 'geh'),
    ],
)
def test_what_is_not_understood_is_said_and_why(tokenizer, text, word):
    answer = tokenizer.understand(text)
    assert isinstance(answer, NotUnderstood)
    assert word in answer.message.replace(text, '')
    assert 'understand' in answer.message


def test_a_slip_of_the_finger_gets_a_suggestion_not_a_guess(tokenizer):
    answer = tokenizer.understand('go to the red bal')
    assert isinstance(answer, NotUnderstood)
    assert 'did you mean ball?' in answer.message


def test_colours_that_were_not_trained_are_listed(tokenizer):
    answer = tokenizer.understand('go to the pink ball')
    assert all(colour in answer.message for colour in COLOURS)


def test_a_word_finder_is_asked_only_for_unknown_words():
    asked = []

    def find(word):
        asked.append(word)
        return {'crimsonish': 'red'}.get(word)

    tokenizer = Tokenizer(SIZES, tuple(COLOURS), SHAPES, find_word=find)
    assert tokenizer.understand('go to the crimsonish ball') == Goal(('red', 'ball'))
    assert isinstance(tokenizer.understand('go to the blorp ball'), NotUnderstood)
    assert asked == ['crimsonish', 'blorp']


def test_every_word_has_its_own_place_in_the_input(tokenizer):
    inputs = [tokenizer.encode(Goal((word,))) for word in tokenizer.words]
    np.testing.assert_array_equal(np.stack(inputs), np.eye(len(tokenizer.words)))


def test_every_trained_word_is_understood_as_itself(tokenizer):
    for size in SIZES:
        for colour in COLOURS:
            for shape in SHAPES:
                goal = tokenizer.understand(f'walk to the {size} {colour} {shape}')
                assert goal == Goal((size, colour, shape))


def test_a_very_long_instruction_is_shortened_in_the_answer(tokenizer):
    answer = tokenizer.understand('blah ' * 5000)
    assert isinstance(answer, NotUnderstood)
    assert len(answer.message) < 300
