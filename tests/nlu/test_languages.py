"""Which language a person writes in, so that they can be offered words they read."""

import statistics
import time
from pathlib import Path

import pytest

from nlu.languages import LANGUAGES, language_of
from nlu.lexicon import Lexicon, lexicon

WRITTEN = {
    "pl": [
        "Mój były chłopak wystaje pod moim domem",
        "on do mnie ciagle dzwoni nie wiem co robic",
        "Pomocy",
    ],
    "ro": ["Fostul meu iubit mă urmărește peste tot", "nu stiu ce sa fac, ma suna mereu"],
    "pa": ["ਉਹ ਮੇਰਾ ਪਿੱਛਾ ਕਰਦਾ ਹੈ"],
    "ur": ["وہ میرا پیچھا کرتا ہے", "مجھے ڈر لگتا ہے، وہ باہر ہے"],
    "ar": ["هو يلاحقني كل يوم", "زوجي السابق يراقبني"],
    "bn": ["সে আমাকে অনুসরণ করে"],
    "gu": ["તે મારો પીછો કરે છે"],
    "pt": ["O meu ex está a seguir-me e tenho medo", "ele nao para de me mandar mensagens"],
    "es": ["Mi ex novio me sigue a todas partes", "no se que hacer, me llama siempre"],
    "fr": [
        "Mon ex me suit partout et j'ai peur",
        "il m'appelle tout le temps je ne sais pas quoi faire",
    ],
    "it": ["Il mio ex mi segue dappertutto", "non so cosa fare mi chiama sempre"],
    "cy": ["Mae fy nghyn-gariad yn fy nilyn i", "dwi angen help, mae rhywun yn dilyn fi"],
    "tr": ["Eski sevgilim beni takip ediyor", "cok korkuyorum ne yapmaliyim"],
    "uk": ["Мій колишній переслідує мене", "він стоїть під домом"],
    "so": ["Ninkii hore ayaa i daba socda waan cabsanayaa", "fadlan i caawi"],
    "zh": ["我的前男友一直跟踪我", "他在门外"],
    "pa-Latn": [
        "mera pehla gharwala mera picha karda hai menu dar lagda",
        "oh mainu har roz phone karda",
    ],
    "ur-Latn": [
        "mera pehla shohar mera peecha karta hai mujhe dar lagta hai",
        "mujhe madad chahiye",
    ],
}


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag in WRITTEN for text in WRITTEN[tag]])
def test_a_person_who_writes_in_another_language_is_recognised(tag: str, text: str) -> None:
    """So that the rescue card in that language can be offered."""
    assert language_of(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "he keeps turning up at my work",
        "omg hes here rn pls",
        "wot do i do hes txtin me agen",
        "my ex wont leav me alne",
        "aye he's no stopped, ma hoose is bein watched",
        "im sik of him comin round man",
        "the police are no help",
        "Mi ex is outside",
        "ok",
        "hi",
        "my ex Ahmed sends me messages in Urdu",
        "she is from Polska and keeps calling",
        "c u l8r",
    ],
)
def test_noisy_english_stays_english(text: str) -> None:
    """Someone who writes English badly is not answered in another language."""
    assert language_of(text) in {"en", "und"}


@pytest.mark.parametrize("text", ["", "👍", "???", "123", "\ud800", "\x00", "ok", "sdfkjh kjsdf"])
def test_what_gives_nothing_away_is_left_open(text: str) -> None:
    """No letters, or no word of any language: nobody guesses."""
    assert language_of(text) in {"und", "en"}
    assert language_of(text) == "und" or text == "ok"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("こんにちは", "ja"),
        ("я боюсь его, он ждёт, мы", "ru"),
        ("он следит за мной", "ru"),
        ("من کمک می‌خواهم", "fa"),
        ("زه مرستې ته اړتیا لرم", "ps"),
        ("मुझे मदद चाहिए", "hi"),
        ("ich brauche hilfe", "de"),
        ("ami ki korbo", "bn-Latn"),
    ],
)
def test_a_neighbour_is_not_taken_for_a_language_with_a_card(text: str, tag: str) -> None:
    """Russian is not Ukrainian, Persian is not Urdu: they are told where interpreters are."""
    assert language_of(text) == tag
    assert tag not in LANGUAGES


def test_every_rescue_language_has_an_example_here() -> None:
    """A language that is added must be tried."""
    assert set(WRITTEN) | {"en"} == LANGUAGES


def test_without_the_detector_library_languages_are_still_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """pycld2 has no wheel on some machines; the word lists carry it alone."""
    monkeypatch.setattr("nlu.languages._DETECTOR", None)
    right = [language_of(text) == tag for tag in WRITTEN for text in WRITTEN[tag]]
    assert sum(right) >= len(right) - 1


EXAMPLES = [(tag, text) for tag, texts in lexicon().examples.items() for text in texts]


@pytest.mark.parametrize(("tag", "text"), EXAMPLES)
def test_each_list_of_words_shows_what_it_is_for(tag: str, text: str) -> None:
    """Who edits a list sees at once what it must still hear, and what is English (`en`)."""
    assert language_of(text) == tag or (tag == "en" and language_of(text) == "und")


def test_every_list_of_words_has_examples() -> None:
    """And English has counter-examples."""
    assert set(lexicon().words) | {"en"} <= set(lexicon().examples)


def test_a_lost_word_list_leaves_the_scripts(tmp_path: Path) -> None:
    """An editor's slip must not stop the service; words in Latin letters are then left open."""
    (tmp_path / "languages.yml").write_text("words: [")
    assert lexicon(tmp_path / "languages.yml") == Lexicon()


def test_a_message_is_told_in_less_than_a_millisecond() -> None:
    """It is asked of every message. Median; ten times that when the machine is busy."""
    taken = []
    language_of("warm")
    for _, text in EXAMPLES:
        start = time.process_time()
        language_of(text)
        taken.append(time.process_time() - start)
    assert statistics.median(taken) < 0.001
