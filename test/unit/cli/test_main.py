# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: verbs, their lists, and what a wrong word is answered with."""

import json
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest
from robot_policies import __version__
from robot_policies.cli import discovery, evaluate
from robot_policies.cli.main import main
from robot_policies.cli.report import print_result, write_json
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation import bench
from robot_policies.resources import names


def run(capsys, *words):
    status = main(list(words))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ('words', 'message'),
    [
        (['up', 'go2_mujco'], "stack 'go2_mujco': unknown, did you mean go2_mujoco?"),
        (['up', 'no/such.yaml'], 'cannot be read'),
        (['train', 'go2_velocty'], "recipe 'go2_velocty': unknown, did you mean go2_velocity?"),
        (['eval', 'zzz'], "benchmark 'zzz': unknown, available: go2_"),
        (['eval', 'go2_velocity', '--episodes', '0'], '--episodes 0: at least 1'),
        (['eval', 'go2_velocity', 'terrain'], "'terrain' is not name=value"),
        (['eval', 'go2_velocity', '--quick', 'terrain'], "'terrain' is not name=value"),
        (['up', 'go2_mujoco', 'robot:=go3'], "robot 'go3': unknown, did you mean go2?"),
        (['up', 'go2_mujoco', 'world:=aren'], "world 'aren': unknown, did you mean arena?"),
    ],
)
def test_a_wrong_word_gives_one_message_and_status_2(capsys, words, message):
    status, out, err = run(capsys, *words)
    assert status == 2
    assert message in err
    assert out == ''
    assert len(err.splitlines()) == 1


def test_settings_may_stand_before_and_after_options(monkeypatch):
    asked = []
    benchmark = SimpleNamespace(run=lambda options: asked.append(options) or {})
    monkeypatch.setattr(evaluate, 'load_definition', lambda *_: benchmark)
    words = ['of=camera', '--seed', '3', 'nominal=20', '--quick', 'jobs=2']
    assert main(['eval', 'go2_novelty', *words]) == 0
    assert asked[0].values == {'of': 'camera', 'nominal': '20', 'jobs': '2'}
    assert (asked[0].seed, asked[0].quick) == (3, True)


WRONG = [[], ['fly'], ['list', 'colours'], ['up'], ['list', 'robots', 'x=y'], ['eval', 'x', '--y']]


@pytest.mark.parametrize('words', WRONG)
def test_a_wrong_verb_or_option_is_status_2(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2


def test_ctrl_c_while_it_is_being_loaded_ends_it_without_a_word():
    code = textwrap.dedent("""
        import os, signal
        from robot_policies.cli import main
        main.importlib.import_module = lambda name: os.kill(os.getpid(), signal.SIGINT)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main.main(['list'])
    """)
    ended = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, '', '')


def test_list_names_what_is_shipped(capsys):
    status, out, _ = run(capsys, 'list')
    assert status == 0
    for name in (*names('robots'), *names('stacks'), *names('worlds')):
        assert f'  {name}' in out
    assert 'robot_policies.safety.distance:Distance' in out


def test_list_of_one_kind_is_bare_so_that_a_script_can_read_it(capsys):
    _, out, _ = run(capsys, 'list', 'robots')
    assert out.split() == names('robots')


def test_show_args_lists_what_may_be_chosen_and_starts_nothing(capsys):
    status, out, _ = run(capsys, 'up', 'go2_mujoco', '--show-args')
    assert status == 0
    assert 'port:=8080' in out
    assert 'namespace:=(empty)' in out


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit):
        main(['--version'])
    assert capsys.readouterr().out.strip() == __version__


def test_help_needs_neither_torch_nor_mujoco_nor_ros():
    code = textwrap.dedent(
        """
        import sys
        from robot_policies.cli import main
        heavy = {'torch', 'mujoco', 'rclpy', 'scipy', 'matplotlib'} & set(sys.modules)
        assert not heavy, heavy
        """
    )
    subprocess.run([sys.executable, '-c', code], check=True)


def test_a_recipe_whose_library_is_missing_says_which(monkeypatch, tmp_path):
    package = tmp_path / 'some_recipes'
    package.mkdir()
    (package / '__init__.py').touch()
    (package / 'one.py').write_text('import no_such_library\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ConfigError, match='no_such_library is not installed; robot-policies doc'):
        discovery.load_definition('some_recipes', 'RECIPE', 'one')


def test_results_are_printed_nested_and_written_as_json(capsys, tmp_path):
    result = {'benchmark': 'b', 'success_rate': 0.91234, 'by_colour': {'red': 1}}
    print_result(result)
    assert '0.9123' in capsys.readouterr().out
    path = tmp_path / 'new' / 'result.json'
    write_json(result, path)
    assert json.loads(path.read_text()) == result


def test_a_json_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / 'file').touch()
    with pytest.raises(ConfigError, match='cannot be written'):
        write_json({}, tmp_path / 'file' / 'result.json')


def test_bench_resume_measures_only_what_the_file_lacks(tmp_path, monkeypatch):
    asked = []

    def run_bench(*, only, before, **_):
        asked.append((only, before))
        return before

    monkeypatch.setattr(bench, 'run_bench', run_bench)
    monkeypatch.setattr(bench, 'measurements', lambda: {'a': None, 'b': None})
    path, held = tmp_path / 'bench.json', {'measurements': {'a': {'value': 1}}}
    path.write_text(json.dumps(held))
    assert main(['bench', '--json', str(path), '--resume']) == 0
    assert asked == [(['b'], held)]
    path.write_text(json.dumps({'measurements': {'a': {}, 'b': {}}}))
    assert main(['bench', '--json', str(path), '--resume']) == 0
    assert len(asked) == 1


def test_bench_refuses_a_file_that_is_no_result_and_leaves_it(tmp_path, capsys):
    path = tmp_path / 'notes.txt'
    path.write_text('mine')
    assert main(['bench', '--json', str(path), '--only', 'supervisor_tick']) == 2
    assert 'give another FILE' in capsys.readouterr().err
    assert path.read_text() == 'mine'
