"""What editors write is read as it stands, or refused with its line."""

from pathlib import Path

import pytest

from bot.content.faults import ContentFaults
from bot.content.yaml_file import parse_yaml, read_yaml


def complaint(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(ContentFaults) as caught:
        parse_yaml(raw, "a.yml")
    assert len(caught.value.problems) == 1
    return str(caught.value.problems[0])


def test_every_scalar_is_text() -> None:
    """`no`, `0101`, dates and numbers stay what the editor typed."""
    file = parse_yaml(b"a: no\nb: 0101\nc: 2026-11-24\nd: 1e3\ne: 'null'\n", "a.yml")

    assert file.data == {"a": "no", "b": "0101", "c": "2026-11-24", "d": "1e3", "e": "null"}


def test_nothing_is_nothing() -> None:
    """An unquoted null, ~ or empty value is no text."""
    assert parse_yaml(b"a: null\nb: ~\nc:\nd: ''\n", "a.yml").data == {
        "a": None,
        "b": None,
        "c": None,
        "d": "",
    }


def test_a_value_knows_its_line() -> None:
    """Complaints point to the line, also inside lists, and else to what is around."""
    file = parse_yaml(b"\xef\xbb\xbfa:\n  - b: 1\n  - c: 2\n", "a.yml")

    assert file.where(("a", 1, "c"), label="x") == "a.yml:3 x"
    assert file.where(("a", 7, "z")) == "a.yml:1"
    assert file.where(("q",)) == "a.yml:1"


def test_an_empty_file_holds_nothing() -> None:
    """A new file is no fault yet."""
    assert parse_yaml(b"# to be written\n", "a.yml").data is None


TRAPS = {
    "two equal keys": (
        "a: 1\nb: 2\na: 3\n",
        "a.yml:3: 'a' is already given in line 1. Keep one of the two.",
    ),
    "an anchor": ("a: &x 1\n", "a.yml:1: `&x` is not allowed. Remove it."),
    "an anchor on a list": ("a: &x [1]\n", "a.yml:1: `&x` is not allowed. Remove it."),
    "an alias": ("a: *x\n", "a.yml:1: `*x` is not allowed. Write the text out."),
    "an alias as key": ("*x : 1\n", "a.yml:1: `*x` is not allowed. Write the text out."),
    "a tag": ("b: 1\na: !!int 1\n", "a.yml:2: the tag `tag:yaml.org,2002:int` is not allowed."),
    "a merge": ("<<: 1\n", "a.yml:1: `<<` merges are not allowed. Write the lines out."),
    "a list as key": ("? [a]\n: 1\n", "a.yml:1: a key must be plain text."),
    "a tab": ("a: 1\nb:\t2\n", "a.yml:2: there is a tab. Use spaces instead."),
    "two documents": ("a: 1\n---\nb: 1\n", "a.yml:2: a second document begins here."),
    "no YAML": ("a: [\n", "a.yml:2: this is not valid YAML: "),
    "a colon in a text": ("a: b: c\n", "a.yml:1: this is not valid YAML: "),
    "a control character": (
        "a: \x01\n",
        "a.yml:1: the file holds a character that text never has.",
    ),
    "too deep": ("a: " + "[" * 14 + "]" * 14, "a.yml:1: more than 12 levels. Use fewer levels."),
    "too large": ("a" * 1_000_001, "a.yml:1: the file is larger than 1,000,000 bytes. Split it."),
}


@pytest.mark.parametrize(("text", "start"), TRAPS.values(), ids=TRAPS)
def test_a_trap_is_refused_with_its_line(text: str, start: str) -> None:
    """Everything that ordinary YAML loading would accept or guess."""
    assert complaint(text).startswith(start)


def test_another_encoding_is_refused() -> None:
    """A file saved by an old word processor."""
    assert complaint(b"a: 1\nb: \xa3\n") == "a.yml:2: the file is not UTF-8 text. Save it as UTF-8."


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(ContentFaults, match="the file can't be read"):
        read_yaml(tmp_path / "none.yml", "none.yml")


def test_several_faults_are_told_as_one_error_with_the_rest_counted() -> None:
    """Whoever prints only the error still learns that there is more."""
    one = parse_fault("a: &x 1")
    both = ContentFaults([*one.problems, *one.problems])

    assert str(both) == "a.yml:1: `&x` is not allowed (and 1 more). Remove it."
    assert str(one) == "a.yml:1: `&x` is not allowed. Remove it."


def parse_fault(text: str) -> ContentFaults:
    with pytest.raises(ContentFaults) as caught:
        parse_yaml(text.encode(), "a.yml")
    return caught.value
