"""Which language is a message in? A guess, to offer a rescue card; never to switch by itself.

Script first, then words. English gets the benefit of every doubt: noisy English must not be taken
for another language, so a Latin-script guess needs words that only the other language has, and
few English ones. The word lists are data (languages.yml, english.yml).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from nlu.lexicon import CARDS, Lexicon, lexicon

LANGUAGES = frozenset({"en", *CARDS})
"""The tags that have a rescue card, and English. `language_of` may return others, or `und`."""

_READ = 2_000  # characters looked at
_SURE = 70  # per cent of the text that pycld2 must give to its language
_LONG = 6  # letters from which one word alone may tell its language
_FEW = 4  # words of a message that one telling word may decide
_COVERED = 3  # words of a message that may tell its language because nearly all are of it
_KIN = frozenset({"pa-Latn", "ur-Latn"})  # share most words: one that both have tells them too
_HINT = 0.1  # what a word that proves nothing adds to the choice between languages
_SCRIPTS = (
    ("pa", "\u0a00-\u0a7f"),
    ("bn", "\u0980-\u09ff"),
    ("gu", "\u0a80-\u0aff"),
    ("ja", "\u3040-\u30ff"),
    ("zh", "\u3400-\u9fff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
    ("cyrillic", "\u0400-\u04ff"),
    ("hi", "\u0900-\u097f"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("ml", "\u0d00-\u0d7f"),
    ("si", "\u0d80-\u0dff"),
    ("th", "\u0e00-\u0e7f"),
    ("am", "\u1200-\u139f"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("hy", "\u0530-\u058f"),
    ("ka", "\u10a0-\u10ff"),
    ("ko", "\uac00-\ud7af"),
    ("und", "\u0b00-\u0b7f\u0c80-\u0cff\u0e80-\u109f\u1780-\u17ff"),
)
_COUNTED = tuple((name, re.compile(f"[{letters}]")) for name, letters in _SCRIPTS)
_ANY_SCRIPT = re.compile(f"[{''.join(letters for _, letters in _SCRIPTS)}]")
# Letters that only one language of a script has, the most telling first.
_ARABIC_SCRIPT = (
    ("ps", re.compile("[ټډړږښځڅېۍګڼۀ]")),
    ("ckb", re.compile("[ێۆڕڵەڤ]")),
    ("ur", re.compile("[ٹڈڑںےہھ]")),
)
_ARABIC_ONLY = re.compile("[ةىيكأإؤئ]")
_PERSIAN_TOO = re.compile("[گپچژکی]")
_CYRILLIC = (
    ("be", re.compile("[ўЎ]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[ыэёЫЭЁ]")),
    ("sr", re.compile("[јљњћђџЈЉЊЋЂЏ]")),
)


def _cld2() -> ModuleType | None:
    try:
        return import_module("pycld2")
    except ImportError:
        return None


_DETECTOR = _cld2()


def language_of(text: str) -> str:
    """A BCP 47 tag (`pa-Latn` is romanised Punjabi), or `und` when there is nothing to go by.

    The tags with a rescue card are `LANGUAGES`; others may be named, so that their speakers can be
    told where interpreters are. Never raises.
    """
    plain = unicodedata.normalize("NFC", text[:_READ])
    if script := _by_script(plain):
        return script
    words = _words(plain)
    return _by_words(plain, words, lexicon()) if words else "und"


def _by_words(plain: str, words: list[str], known: Lexicon) -> str:
    folded = [_folded(word) for word in words]
    if len(words) <= 2 and (cries := known.cries.keys() & set(folded)):
        return known.cries[min(cries)]
    found = _likeliest(words, folded, known)
    if found.is_it():
        return found.tag
    count = sum(word in known.english for word in folded)
    if count * 3 >= len(words) or (count and len(words) - count <= 2):
        return "en"
    seen = _by_detector(plain) if len(words) >= 4 else ""
    if seen and seen != "en" and (found.hits if count else len(words) > 4):
        return found.tag or seen
    return "en" if count else "und"


@dataclass(frozen=True, slots=True)
class _Found:
    """What speaks for a language. All counts are of words."""

    tag: str = ""
    hits: int = 0  # different words that it has and that are not English
    soft: int = 0  # different words that it has and that are slang or a name too
    english: int = 0  # English words that it does not have
    own: int = 0  # all words that it has, also those that prove nothing
    words: int = 0  # of the message, loans left out
    longest: int = 0  # letters of the longest of `hits`
    telling: bool = False  # a long word that is no other language's

    def is_it(self) -> bool:
        """Whether it is this language, rather than English typed in a hurry."""
        if self.hits >= 2 and self.hits > self.english and self.hits * 4 >= self.words:
            return True
        if self.english:
            return False
        if self.hits and self.telling and self.words <= _FEW:
            return True
        if self.words < _COVERED:
            return self.words == self.own == 2 and self.longest >= 4
        return (self.hits > 0 and self.own * 5 >= self.words * 3) or (
            self.soft >= _COVERED and self.own * 4 >= self.words * 3
        )


def _likeliest(words: list[str], folded: list[str], known: Lexicon) -> _Found:
    """The language that has most of these words.

    A word that several languages have, or that proves nothing, counts less in the choice.
    """
    scores: dict[str, float] = {}
    hits: dict[str, set[str]] = {}
    soft: dict[str, set[str]] = {}
    own: Counter[str] = Counter()
    told: set[str] = set()
    pieces = _pieces(words, folded, known)
    for piece, whole, proof in pieces:
        having = known.owners(piece, whole, guess=proof)
        for tag in having:
            scores[tag] = scores.get(tag, 0.0) + (1 if proof else _HINT) / len(having)
            if proof:
                hits.setdefault(tag, set()).add(piece)
            elif piece not in known.english:
                soft.setdefault(tag, set()).add(piece)
        own.update(having)
        if proof and len(piece) >= _LONG - (len(pieces) > 1) and _alone(having):
            told |= set(having)
    if not scores:
        return _Found()
    tag = max(hits or soft or scores, key=lambda name: scores[name])
    return _Found(
        tag=tag,
        hits=len(hits.get(tag, ())),
        soft=len(soft.get(tag, ())),
        longest=max((len(piece) for piece in hits.get(tag, ())), default=0),
        english=sum(
            known.is_against(tag, word)
            for word, written in zip(folded, words, strict=True)
            if word == written
        ),
        own=own[tag],
        words=len(pieces),
        telling=tag in told,
    )


def _pieces(words: list[str], folded: list[str], known: Lexicon) -> list[tuple[str, str, bool]]:
    """(folded, as written, may it prove a language?) of each word and half of a word."""
    found = []
    for accented, word in zip(words, folded, strict=True):
        foreign = accented != word and word not in known.shared  # English has no accents
        if word in known.loans and not foreign:
            continue
        for piece, whole in zip(word.split("'"), accented.split("'"), strict=True):
            proof = len(piece) > 1 and (foreign or not known.proves_nothing(piece, word))
            found.append((piece, whole, proof))
    return found


def _alone(having: tuple[str, ...]) -> bool:
    return len(having) == 1 or _KIN.issuperset(having)


def _by_script(text: str) -> str:
    """The language that a script other than Latin gives away, or an empty string."""
    if text.isascii() or not _ANY_SCRIPT.search(text):
        return ""
    letters = sum(1 for letter in text if letter.isalpha())
    counts = {name: len(pattern.findall(text)) for name, pattern in _COUNTED}
    name = max(counts, key=lambda key: counts[key])
    if not counts[name] or counts[name] * 3 < letters:
        return ""
    if name in ("zh", "ja"):
        return "ja" if counts["ja"] else "zh"
    if name == "arabic":
        return _arabic_script(text)
    return _cyrillic(text) if name == "cyrillic" else name


def _arabic_script(text: str) -> str:
    """Arabic, Urdu, Persian, Pashto or Kurdish: by letters, and by words where they have none."""
    arabic = len(_ARABIC_ONLY.findall(text))
    for tag, letters in _ARABIC_SCRIPT:
        if len(letters.findall(text)) > arabic:
            return tag
    words = re.findall(r"\w+", text)
    urdu, persian = (_count(words, tag) for tag in ("ur", "fa"))
    if urdu > persian and not arabic:
        return "ur"
    persian += 2 * (len(_PERSIAN_TOO.findall(text)) > arabic)
    return "fa" if persian >= 2 else "ar"


def _cyrillic(text: str) -> str:
    """Ukrainian, or another language in the same script, by letters and then by words."""
    counts = {tag: len(letters.findall(text)) for tag, letters in _CYRILLIC}
    tag = max(counts, key=lambda name: counts[name])
    if counts[tag]:
        return tag
    words = re.findall(r"\w+", text.casefold())
    russian, bulgarian, ukrainian = (_count(words, tag) for tag in ("ru", "bg", "uk"))
    if bulgarian > max(russian, ukrainian):
        return "bg"
    return "ru" if russian > ukrainian else "uk"


def _count(words: Iterable[str], tag: str) -> int:
    own = lexicon().own_script.get(tag, frozenset())
    return sum(word in own for word in words)


def _words(plain: str) -> list[str]:
    """The words, accents kept, of a text that is mostly in Latin letters."""
    return re.findall(
        r"[^\W\d_]+(?:'[^\W\d_]+)*", plain.lower().replace("’", "'").replace("`", "'")
    )


def _folded(word: str) -> str:
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.replace("ı", "i").replace("ł", "l"))
    return "".join(letter for letter in plain if not "\u0300" <= letter <= "\u036f")


def _by_detector(text: str) -> str:
    """What pycld2 says, when it is installed and sure; else an empty string."""
    if _DETECTOR is None:
        return ""
    try:
        printable = "".join(letter for letter in text if letter.isprintable() and letter < "\ud800")
        reliable, _, found = _DETECTOR.detect(printable, bestEffort=False)
    except (_DETECTOR.error, UnicodeError, ValueError):
        return ""
    return str(found[0][1]) if reliable and int(found[0][2]) >= _SURE else ""
