"""Danger told in another language, put together from its parts: nlu/urgent/parts."""

import shutil
import statistics
import time
from pathlib import Path

import pytest

from nlu.engine import reading_of
from nlu.lexicon import CARDS
from nlu.spelling import FOLDER
from nlu.urgent_parts import CUES, Tongue, parts, tongues_in
from nlu.urgent_phrases import Index, Phrase, phrases_of
from nlu.urgent_words import tongue_of, urgent_in

TONGUES = list(parts().tongues.values())
TOLD = [(tongue, text) for tongue in TONGUES for text in tongue.examples]
CALM = [(tongue, text) for tongue in TONGUES for text in tongue.counter_examples]


def test_every_language_with_a_rescue_card_has_its_parts() -> None:
    """Nobody who could read the card is left out; all files are read."""
    assert not parts().details
    assert set(CARDS) <= set(parts().tongues)
    assert {tongue.card for tongue in TONGUES} == set(CARDS)


@pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.tag)
def test_a_language_shows_what_it_means(tongue: Tongue) -> None:
    """A speaker can judge a file by its examples."""
    assert tongue.why
    assert len(tongue.examples) >= 5
    assert len(tongue.counter_examples) >= 4


@pytest.mark.parametrize(("tongue", "text"), TOLD, ids=lambda one: getattr(one, "tag", one))
def test_a_person_in_danger_is_heard_in_their_language(tongue: Tongue, text: str) -> None:
    """Each file's examples raise the card by that file's words."""
    assert tongue.tag in {found.tag for found in tongues_in(text, parts())}
    assert "emergency" in urgent_in(text)


@pytest.mark.parametrize(("tongue", "text"), CALM, ids=lambda one: getattr(one, "tag", one))
def test_past_habit_if_and_questions_stay_calm(tongue: Tongue, text: str) -> None:
    """In no language of the folder, whatever words they share."""
    assert {found.tag for found in tongues_in(text, parts())} == set()


@pytest.mark.parametrize(
    ("danger", "calm"),
    [
        ("il est devant ma porte", "hier il était devant ma porte"),
        ("está en la puerta ahora", "si está en la puerta, qué hago"),
        ("on stoi pod moim blokiem", "on często stoi pod moim blokiem"),
        ("non posso uscire, è fuori dalla porta adesso", "posso chiamare la polizia?"),
        ("他刚在门口拿着刀", "昨天他在门口"),
    ],
)
def test_the_same_words_are_danger_only_now(danger: str, calm: str) -> None:
    """Time, habit, "if", "not" and "can I" turn one into the other."""
    assert "emergency" in urgent_in(danger)
    assert urgent_in(calm) == frozenset()


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("trzyma noz", "pl"),
        ("koi darwaze pe hai abhi", "ur-Latn"),
        ("oh buhe te khada hai hune", "pa-Latn"),
        ("se dorjay lathi marche", "bn"),
        ("ma3o sekkin barra 3al bab", "ar"),
        ("he is outside my door", None),
        ("thank you", None),
        ("HELP", None),
    ],
)
def test_a_cry_tells_whose_rescue_card_helps(text: str, tag: str | None) -> None:
    """Also spelled by ear, and not where English tells the danger itself."""
    assert tongue_of(text) == tag


def test_the_rescue_card_of_the_cry_follows_where_the_language_was_not_known() -> None:
    """The reading carries it; English danger stays English."""
    assert reading_of("amar shami amake marche", None).language == "bn"
    assert reading_of("he has a knife and he is here", None).language in {"en", "und"}
    calm = reading_of("amar bon thik ache", None)
    assert calm.ruled == frozenset()


def test_english_is_never_taken_for_a_cry_in_another_language() -> None:
    """Short, misspelt, full of words that others have too."""
    for text in ("allow it", "me mate sal says to ring", "pan it", "la la la", "son is a man"):
        assert list(tongues_in(text, parts())) == []


@pytest.mark.parametrize("damage", ["(he|she", "[he", "he)"])
def test_a_slip_of_an_editor_is_named_and_the_other_languages_stay(
    tmp_path: Path, damage: str
) -> None:
    """A bracket that is missing must not silence anybody else."""
    folder = tmp_path / "parts"
    shutil.copytree(FOLDER / "parts", folder)
    file = folder / "pl.yml"
    file.write_text(file.read_text().replace("  who: |\n", f"  who: |\n    {damage}\n", 1))
    damaged = parts(folder)
    assert [detail for detail in damaged.details if detail.startswith("parts/pl.yml")]
    assert [found.tag for found in tongues_in("il a un couteau", damaged)] == ["fr"]


def test_lost_scenes_are_named(tmp_path: Path) -> None:
    """Without them no part means anything."""
    assert parts(tmp_path / "nowhere").details == ("parts/scenes.yml: FileNotFoundError",)


def test_a_scene_names_only_parts_that_some_language_has() -> None:
    """A slip in a scene would hide it from everybody."""
    known = {phrase.label[1] for phrase in _phrases()}
    for tongue in TONGUES:
        for scene in tongue.scenes:
            assert scene <= known | CUES


def _phrases() -> list[Phrase]:
    found: list[Phrase] = []
    for index in (parts().strict, parts().free):
        for phrases in (*index._whole.values(), *index._starts.values()):
            found += phrases
    return found


def test_a_phrase_is_found_with_what_may_be_missing_and_any_ending() -> None:
    """`(a|b) [c] d~`, as the files are written."""
    index = Index()
    for steps in phrases_of("(knocks|bangs) [hard|very hard] on door~", str):
        index.add(("xx", "do"), steps)
    found = {
        text: [hit[1:] for hit in index.found(text.split())]
        for text in (
            "he knocks on doors",
            "he bangs very hard on door now",
            "he bangs on",
            "knocks off doors",
        )
    }
    assert found == {
        "he knocks on doors": [(1, 4)],
        "he bangs very hard on door now": [(1, 6)],
        "he bangs on": [],
        "knocks off doors": [],
    }


def test_a_message_is_read_for_all_languages_in_half_a_millisecond() -> None:
    """Median of this process; four times that when the machine is busy."""
    taken = []
    for _, text in TOLD:
        start = time.process_time()
        list(tongues_in(text, parts()))
        taken.append(time.process_time() - start)
    assert statistics.median(taken) < 0.002


@pytest.mark.parametrize("words", ["la porta ", "il est devant ", "wo ghar ke bahar ", "他在门口"])
def test_a_wall_of_foreign_words_cannot_hold_up_the_card(words: str) -> None:
    """No message runs away: best of three, five times what a quiet machine takes."""
    wall = (words * 3_000)[:5_000]
    taken = []
    for _ in range(3):
        start = time.process_time()
        urgent_in(wall)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.25
