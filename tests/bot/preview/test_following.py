"""While an editor works: files that break and mend, and what differs from the last commit."""

from pathlib import Path

import pytest

from bot.content.load import load_content
from bot.preview.changes import changes, marked
from tests.bot.content.responses import Responses
from tests.bot.preview.conftest import NOON, Git, desk, repository

BROKEN = "feelings:\n  text: |\n    You can be afraid.\n   buttons: [\n"


async def test_a_saved_file_is_on_the_next_page(responses: Responses) -> None:
    """No restart: what was saved is shown, and the script learns that something changed."""
    async with desk(responses.root) as client:
        before = (await client.get("/stamp")).text
        assert before in (await client.get("/item/feelings")).text
        responses.item("feelings", "text: New words about fear.")
        assert "New words about fear." in (await client.get("/item/feelings")).text
        assert (await client.get("/stamp")).text != before


async def test_a_broken_file_is_named_and_the_last_version_stays(responses: Responses) -> None:
    """File, line and what to do; below it the old text, marked as old; mended, all is well."""
    async with desk(responses.root) as client:
        responses.item("feelings", "text: Words about fear.")
        assert "Words about fear." in (await client.get("/item/feelings")).text
        responses.write("topics/feelings.yml", BROKEN)
        answer = await client.get("/item/feelings")
        assert answer.status_code == 200
        assert "responses/topics/feelings.yml:4" in answer.text
        assert "Check the indentation, quotes and colons" in answer.text
        assert "older texts, as they could last be read, at 12:00:00" in answer.text
        assert "Words about fear." in answer.text
        responses.item("feelings", "text: Mended words about fear.")
        mended = (await client.get("/item/feelings")).text
        assert "Mended words about fear." in mended
        assert "older texts" not in mended


@pytest.mark.usefixtures("git")
async def test_broken_from_the_start_shows_the_last_commit(responses: Responses) -> None:
    """Whoever starts the preview on a broken file still sees texts."""
    responses.write("topics/feelings.yml", BROKEN)
    async with desk(responses.root) as client:
        answer = await client.get("/item/feelings")
    assert answer.status_code == 200
    assert "older texts, as they are in the last commit" in answer.text


async def test_broken_from_the_start_and_nothing_committed(responses: Responses) -> None:
    """Without any sound version the page still says what to put right."""
    responses.write("topics/feelings.yml", BROKEN)
    async with desk(responses.root) as client:
        answer = await client.get("/")
    assert answer.status_code == 503
    assert "responses/topics/feelings.yml:4" in answer.text
    assert "not in a git repository" in answer.text


async def test_old_beside_new(responses: Responses, git: Git) -> None:
    """An edited text shows what was there and what is there now; a commit settles it."""
    responses.item("feelings", "text: You can be afraid of him.")
    git("commit", "-q", "-a", "-m", "Fear")
    async with desk(responses.root) as client:
        assert "Nothing: the files read as they do" in (await client.get("/changed")).text
        responses.item("feelings", "text: You may be afraid of him.")
        for path in ("/changed", "/item/feelings"):
            html = (await client.get(path)).text
            assert "<del>can</del>" in html
            assert "<ins>may</ins>" in html
        assert "Old and new" not in (await client.get("/item/menu")).text
        git("commit", "-q", "-a", "-m", "May")
        assert "Nothing: the files read as they do" in (await client.get("/changed")).text


async def test_a_checkout_that_holds_more_than_the_texts(
    responses: Responses, tmp_path: Path
) -> None:
    """The texts are one folder of many; the others' changes are no business of an editor."""
    other = tmp_path / "notes.yml"
    other.write_text("one: 1\n")
    repository(tmp_path)
    other.write_text("two: 2\n")
    async with desk(tmp_path) as client:
        assert "Nothing: the files read as they do" in (await client.get("/changed")).text
        responses.item("feelings", "text: Other words.")
        assert "<ins>Other" in (await client.get("/changed")).text


async def test_without_git_the_page_says_so(
    responses: Responses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No repository, or no git at all: the texts are shown, the comparison says why it is empty."""
    async with desk(responses.root) as client:
        assert "not in a git repository" in (await client.get("/changed")).text
        monkeypatch.setenv("PATH", "/nonexistent")
        assert "git is not installed" in (await client.get("/changed")).text
        assert (await client.get("/item/feelings")).status_code == 200


async def test_a_folder_that_was_never_committed(responses: Responses, git: Git) -> None:
    """A repository that knows nothing of the texts has nothing to compare with."""
    git("rm", "-r", "-q", "--cached", ".")
    git("commit", "-q", "--allow-empty", "-m", "No texts")
    async with desk(responses.root) as client:
        assert "holds no texts in this folder" in (await client.get("/changed")).text


def test_a_corrected_number_is_seen_in_each_text_that_shows_it(
    responses: Responses, tmp_path: Path
) -> None:
    """Nobody edited the text, and yet people read something else."""
    old = load_content(responses.root)
    responses.change("register/services.yml", "number: 116 123", "number: 116 124")
    found = {one.name: one for one in changes(old, load_content(responses.root), NOON)}
    assert {"suicide_self_harm", "service:samaritans"} <= set(found)
    assert "feelings" not in found
    new = "".join(run.text for run in found["suicide_self_harm"].fields[0].new)
    assert "116 124" in new


def test_new_gone_and_moved_texts(responses: Responses) -> None:
    """A text that only moved to another line is no change; one that came or went is."""
    old = load_content(responses.root)
    (responses.root / "topics/feelings.yml").unlink()
    responses.item("courage", "text: Something new.")
    path = "topics/menu.yml"
    responses.write(path, "# a line more\n" + (responses.root / path).read_text())
    found = {one.name: one.what for one in changes(old, load_content(responses.root), NOON)}
    assert found == {"courage": "new", "feelings": "gone"}


def test_another_placeholder_with_the_same_fact_is_a_change(responses: Responses) -> None:
    """It reads the same today and will not tomorrow: what was typed is shown."""
    responses.item("feelings", "text: Ring {samaritans.phone} now.")
    old = load_content(responses.root)
    responses.item("feelings", "text: Ring {samaritans.phone}  now.")
    responses.item("courage", "text: x")
    new = load_content(responses.root)
    fields = {one.name: one.fields for one in changes(old, new, NOON)}["feelings"]
    assert [field.name for field in fields] == ["text, bubble 1"]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("He is outside.", "He was outside.", ["is"], ["was"]),
        ("", "All new.", [], ["All new."]),
        ("All gone.", "", ["All gone."], []),
        ("Two  spaces", "Two spaces", ["  "], [" "]),
        ("a\nb", "a\nb", [], []),
    ],
)
def test_the_words_that_differ_are_marked(
    old: str, new: str, gone: list[str], come: list[str]
) -> None:
    """Only what is on one side is marked, and each side is still whole."""
    left, right = marked(old, new)
    assert [run.text for run in left if run.marked] == gone
    assert [run.text for run in right if run.marked] == come
    assert "".join(run.text for run in left) == old
    assert "".join(run.text for run in right) == new
