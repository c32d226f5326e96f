"""Examples and configuration are read strictly: a fault is named with its line."""

from pathlib import Path

import pytest

from nlu.problem import DataProblem
from nlu.training_data import Config, Example, read_config, read_examples

INTENTS = frozenset({"greet", "threats"})

BOTH_FORMS = """\
version: "3.1"

nlu:
- intent: greet
  examples: |
    - hello
    - no
- intent: threats
  examples:
  - text: |
      he said he'll hurt me
    metadata: {slice: plain, who: victim, hand: a}
  - text: 0101
"""


def examples_of(folder: Path, text: str) -> tuple[Example, ...]:
    (folder / "some.yml").write_text(text, encoding="utf-8")
    return read_examples(folder, INTENTS)


def test_both_of_rasas_forms_are_read_as_text(tmp_path: Path) -> None:
    """A block of lines and a list with metadata; `no` and `0101` are words, not values."""
    assert examples_of(tmp_path, BOTH_FORMS) == (
        Example("hello", "greet", where="some.yml:6"),
        Example("no", "greet", where="some.yml:7"),
        Example("he said he'll hurt me", "threats", "plain", "victim", "a", "some.yml:10"),
        Example("0101", "threats", where="some.yml:13"),
    )


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("intent: greet", "intent: greeting", "not in taxonomy.yml", 4),
        ("    - no", "    no", "does not start with", 5),
        ("text: 0101", "text: ''", "no text", 13),
        ("text: 0101", "text: '[he](person) is here'", "entity", 13),
        ("text: 0101", "words: he is here", "`text` and `metadata`", 13),
        ("- intent: threats", "- intent: threats\n  intent: greet", "twice", 9),
        ("nlu:", "stories: []\nnlu:", "not known here", 3),
        ("- intent: greet", "- intent: [greet", "YAML", 5),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, what: str, line: int
) -> None:
    """Whoever edits the examples is told which line to correct, and why."""
    with pytest.raises(DataProblem, match=what) as fault:
        examples_of(tmp_path, BOTH_FORMS.replace(old, new, 1))

    place, number = fault.value.where.split(":")
    assert place == "some.yml"
    assert abs(int(number) - line) <= 1


def test_a_folder_without_examples_is_a_fault(tmp_path: Path) -> None:
    """Nobody trains an empty model by giving the wrong folder."""
    with pytest.raises(DataProblem, match="no training examples"):
        read_examples(tmp_path, INTENTS)


def test_the_projects_configuration_is_read() -> None:
    """config.yml at the root is Rasa's file and ours."""
    config = read_config()

    assert config.encoder
    assert config.folds >= 2


CONFIG = """\
recipe: default.v1
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: nlu.rasa.component.AlongsideClassifier
    seed: 7
    char_ngrams: [2, 3]
    encoder: false
"""


def test_what_the_configuration_leaves_out_has_its_default(tmp_path: Path) -> None:
    """Other components of the pipeline are Rasa's business."""
    file = tmp_path / "config.yml"
    file.write_text(CONFIG, encoding="utf-8")

    assert read_config(file) == Config(seed=7, char_ngrams=(2, 3), encoder=False)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("seed: 7", "sead: 7", "`sead` is not a parameter"),
        ("seed: 7", "seed: soon", "`seed` needs a value like"),
        ("encoder: false", "encoder: perhaps", "`encoder` needs a value like"),
        ("AlongsideClassifier", "DIETClassifier", "the pipeline has no"),
        ("pipeline:", "pipelines:", "no `pipeline`"),
    ],
)
def test_a_wrong_parameter_is_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    """A misspelt parameter never silently trains with the default."""
    file = tmp_path / "config.yml"
    file.write_text(CONFIG.replace(old, new), encoding="utf-8")

    with pytest.raises(DataProblem, match=what):
        read_config(file)
