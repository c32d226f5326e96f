"""Whole talks, written in plain YAML, played through the real service on each channel."""

import json
import re
from pathlib import Path

import pytest

from bot.commands.talk import TalkSession, read_instant
from bot.content.faults import ContentFaults
from bot.content.shelf import Shelf
from bot.settings import load_settings
from nlu.engine import EmbeddedEngine, open_engine
from nlu.taxonomy import load_taxonomy
from nlu.training_data import read_examples
from tests.scene_files import Scene, read_scenes
from tests.scene_stage import Doubting, Stage

ROOT = Path(__file__).parents[1]
SETTINGS = load_settings({}, Path("none"))


def all_scenes() -> tuple[list[Scene], list[str]]:
    """Every scene of every file, and what is wrong with files that cannot be read."""
    scenes: list[Scene] = []
    wrong: list[str] = []
    for path in sorted((ROOT / "tests" / "scenes").glob("*.yml")):
        try:
            scenes += read_scenes(path.read_bytes(), path.name)
        except ContentFaults as faults:
            wrong += [f"{fault.where}: {fault.what}" for fault in faults.problems]
        except ValueError as fault:
            wrong.append(str(fault))
    return scenes, wrong


SCENES, WRONG = all_scenes()


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    """The engine as `run` has it. A missing or stale model fails loudly here."""
    engine = open_engine(ROOT / ".model")
    assert engine.state().ready, f"{engine.state().detail} (`make setup` builds the model)"
    return engine


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The content as `run` has it, read once."""
    return Shelf(SETTINGS.content_dir)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.name} ({scene.channel})")
async def test_the_talk_goes_as_the_scene_says(
    scene: Scene, engine: EmbeddedEngine, shelf: Shelf, tmp_path: Path
) -> None:
    """Step by step, on the real content, engine and database."""
    session = TalkSession(
        SETTINGS,
        tmp_path,
        channel=scene.channel,
        at=read_instant(scene.at),
        open_engine=lambda: Doubting(engine, scene),
        shelf=shelf,
    )
    stage = Stage(scene, session)
    wrong: list[str] = []
    for where, step in scene.steps:
        wrong += [f"{where}: {step}: {fault}" for fault in await stage.play(step)]
    await session.close()

    assert not wrong, "\n".join(["", *wrong])


def test_every_scene_file_can_be_read() -> None:
    """A file that cannot be played is named with its line, and does not hide the others."""
    assert WRONG == []
    assert len({scene.name for scene in SCENES}) >= 60


def test_no_two_scenes_have_the_same_name() -> None:
    """So that a failure names one talk."""
    seen = [(scene.name, scene.channel) for scene in SCENES]

    assert sorted(set(seen)) == sorted(seen)


def test_scenes_are_new_text() -> None:
    """What the engine was trained or tuned on proves nothing about what it understands."""
    trained = read_examples(ROOT / "nlu" / "data", frozenset(load_taxonomy().intents))
    tuned = (ROOT / "nlu" / "dev" / "nlu_dev.jsonl").read_text("utf-8").splitlines()
    known = {example.text for example in trained} | {json.loads(line)["text"] for line in tuned}
    said = {step.get("they") or "" for scene in SCENES for _, step in scene.steps}
    seen = {_letters(text) for text in known}

    assert [text for text in said if len(text.split()) > 2 and _letters(text) in seen] == []


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("scene: A\nsteps: []\n", "a.yml:1"),
        ("- steps: []\n", "a scene has `scene:`"),
        ("- scene: A\n", "a scene has `scene:`"),
        ("- {scene: A, steps: [{they: hi, bot: [hello], mood: sad}]}", "unknown ['mood']"),
        ("- {scene: A, when: now, steps: []}", "unknown ['when']"),
        ("- {scene: A, channels: [fax], steps: []}", "there is no channel “fax”"),
        ("- scene: A\n  steps:\n  - they: hi\n", "a.yml:3 scene “A”: what is expected?"),
        ("- {scene: A, steps: [{they: hi, tap: x, bot: [hello]}]}", "exactly one of they, tap"),
        ("- {scene: A, steps: [{they: hi, says: hello}]}", "says is a list"),
    ],
)
def test_a_scene_that_cannot_be_played_is_named(written: str, said: str) -> None:
    """File, line and scene, and what to write instead."""
    with pytest.raises(ValueError, match=r"a\.yml:\d") as caught:
        list(read_scenes(written.encode(), "a.yml"))

    assert said in str(caught.value)


def test_the_scenes_come_by_everything() -> None:
    """At least 150 talks; every intent, role, flow and end of a flow is answered in one of them."""
    flows = Shelf(SETTINGS.content_dir).content.flows
    steps = [step for scene in SCENES for _, step in scene.steps]
    shown = {topic for step in steps for topic in (*step.get("bot", ()), step.get("card"))}
    heads = {str(topic).partition(".")[0] for topic in shown}
    ends = {end.item for flow in flows.values() for end in flow.ends}

    assert len({scene.where for scene in SCENES}) >= 150
    assert set(load_taxonomy().intents) - heads == {"delete_my_data"}  # answered by `erase.ask`
    assert {"victim", "supporter", "own"} <= {step.get("role") for step in steps}
    assert flows.keys() <= {step.get("flow") for step in steps}
    assert ends - shown == set()
