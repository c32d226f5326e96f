"""Which language is a message in? A guess, to offer a rescue card; never to switch by itself.

Script first, then words. English gets the benefit of every doubt: noisy English must not be taken
for another language, so a Latin-script guess needs words of that language and few English ones.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType

from nlu.spelling import read_yaml

LANGUAGES = frozenset(
    [
        "en",
        "pl",
        "ro",
        "pa",
        "ur",
        "ar",
        "bn",
        "gu",
        "pt",
        "es",
        "fr",
        "it",
        "cy",
        "tr",
        "uk",
        "so",
        "zh",
        "pa-Latn",
        "ur-Latn",
    ]
)
"""Every tag that `language_of` may return, besides `und`."""

_READ = 2_000  # characters looked at
_SURE = 70  # per cent of the text that pycld2 must give to its language
_URDU_ONLY = re.compile("[ٹڈڑںےگپچھہیک]")
_ARABIC_ONLY = re.compile("[ةىيكأإؤئ]")
_SCRIPTS = (
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("arabic", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    (
        "other",
        re.compile(
            "[\u0370-\u03ff\u0530-\u05ff\u0900-\u097f\u0b00-\u0fff\u3040-\u30ff\uac00-\ud7af]"
        ),
    ),
)
_OTHER_CYRILLIC = re.compile("[ыъэёЫЪЭЁ]")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    english: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    cries: dict[str, str] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)


def _lexicon(path: Path = Path(__file__).parent / "languages.yml") -> _Lexicon:
    """The word lists. Empty when the file cannot be read: then scripts alone tell languages."""
    try:
        raw = read_yaml(path)
        return _Lexicon(
            english=frozenset(str(raw["english"]).split()),
            shared=frozenset(str(raw["shared"]).split()),
            cries=dict(pair.split("=", 1) for pair in str(raw["cries"]).split()),
            words={str(tag): frozenset(str(said).split()) for tag, said in raw["words"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Lexicon()


_LEXICON = _lexicon()


def _cld2() -> ModuleType | None:
    try:
        return import_module("pycld2")
    except ImportError:
        return None


_DETECTOR = _cld2()


def language_of(text: str) -> str:
    """A tag of `LANGUAGES`, or `und` when there is nothing to go by. Never raises."""
    plain = unicodedata.normalize("NFC", text[:_READ])
    if script := _by_script(plain):
        return script
    words = _words(plain)
    if not words:
        return "und"
    english = sum(1 for word in words if word in _LEXICON.english and word not in _LEXICON.shared)
    tag, hits = _by_words(words)
    others = len(words) - english
    if len(words) <= 2 and not english and (cries := _LEXICON.cries.keys() & set(words)):
        return _LEXICON.cries[min(cries)]
    if tag and hits >= 2 and hits > english and hits * 4 >= len(words):
        return _romanised(words) if tag in ("pa-Latn", "ur-Latn") else tag
    if english * 3 >= len(words) or (english and others <= 2):
        return "en"
    if len(words) >= 4 and (seen := _by_detector(plain)):
        if seen == "en":
            return "en"
        if (hits and tag == seen and english * 5 < len(words)) or (not english and len(words) > 4):
            return seen
    return "en" if english or any(word in _LEXICON.english for word in words) else "und"


def _by_script(text: str) -> str:
    """The language that a script other than Latin gives away, or an empty string."""
    letters = sum(1 for letter in text if letter.isalpha())
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    name = max(counts, key=lambda key: counts[key])
    if not counts[name] or counts[name] * 3 < letters:
        return ""
    if name == "arabic":
        urdu = len(_URDU_ONLY.findall(text)) - len(_ARABIC_ONLY.findall(text))
        return "ur" if urdu > 0 else "ar"
    if name == "cyrillic":
        return "und" if _OTHER_CYRILLIC.search(text) else "uk"
    return "und" if name == "other" else name


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("ı", "i"))
    plain = "".join(letter for letter in plain if not "\u0300" <= letter <= "\u036f").replace(
        "ł", "l"
    )
    return re.findall(r"[a-z]+(?:'[a-z]+)*", plain)


def _by_words(words: list[str]) -> tuple[str, int]:
    """The language with most of these words and how many tell it from English."""
    pieces = [piece for word in words for piece in word.split("'")]
    hits = {
        tag: sum(
            1
            for piece in pieces
            if len(piece) > 1 and piece in known and piece not in _LEXICON.shared
        )
        for tag, known in _LEXICON.words.items()
    }
    tag = max(hits, key=lambda key: hits[key], default="")
    return (tag, hits[tag]) if tag and hits[tag] else ("", 0)


def _romanised(words: list[str]) -> str:
    """Punjabi or Urdu in Latin letters: they share most words, so the telling ones decide."""
    punjabi = _LEXICON.words["pa-Latn"] - _LEXICON.words["ur-Latn"]
    urdu = _LEXICON.words["ur-Latn"] - _LEXICON.words["pa-Latn"]
    return (
        "pa-Latn"
        if sum(word in punjabi for word in words) > sum(word in urdu for word in words)
        else "ur-Latn"
    )


def _by_detector(text: str) -> str:
    """What pycld2 says, when it is installed and sure; else an empty string."""
    if _DETECTOR is None:
        return ""
    try:
        printable = "".join(letter for letter in text if letter.isprintable() and letter < "\ud800")
        reliable, _, found = _DETECTOR.detect(printable, bestEffort=False)
    except (_DETECTOR.error, UnicodeError, ValueError):
        return ""
    tag = str(found[0][1])
    return tag if reliable and int(found[0][2]) >= _SURE and tag in LANGUAGES else ""
