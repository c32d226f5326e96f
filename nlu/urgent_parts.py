"""Danger in other languages, put together from its parts: who, where, what is done, with what.

Whole phrases (nlu/urgent/other_languages.yml) hear what somebody foresaw. Here a language lists the
words of each part (nlu/urgent/parts/TAG.yml), and `scenes.yml` says which parts side by side are
danger in any language and any order: a weapon and somebody who holds it, a blow and a door. Words
for yesterday, every day, "if" or "how do I" take the alarm back. Rough on purpose: a 999 card too
many costs a message, one too few may cost a life.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nlu.lexicon import lexicon, plainer
from nlu.spelling import FOLDER, read_yaml
from nlu.urgent_phrases import Index, phrases_of
from nlu.urgent_text import bare

CUES = frozenset({"now", "again", "past", "habit", "ask", "if", "not", "not_after", "calm"})
"""Parts that are no danger themselves: they set the time, or take an alarm back."""

_DOUBTS = frozenset({"past", "habit", "ask"})
_OPENING = 1  # an "if" among the first words governs the sentence
_SILENT = CUES - {"now", "again"}  # no scene opens with one
_FREE, _STRICT = 0.4, 0.25  # how much of a sentence a language must know
_LONGEST = 400  # words of a sentence that are read: its beginning and its end
_ENDS = re.compile(r"[.!?;\n…。！？؟।۔]+")
_TWICE = re.compile(r"([^\W\d_])\1+")
_IDEOGRAM = re.compile("([\u3400-\u9fff])")
# One spelling for letters that people mix up: Arabic forms, Indian vowel length, nasal signs.
_ALIKE = str.maketrans(
    dict(zip("أإآٱىیئۓکګہھۃةؤ", "ااااييييككههههو", strict=True))
    | dict(zip("ીૂੂূেੀીઈਈঈ", "િુੁুૅਿિઇਇই", strict=True))
    | dict.fromkeys("ءـ়਼઼ًٌٍَُِّْٰँঁংੰਂੱંઁ\u200c\u200d\u200e\u200f\u0654\u0655")
    | {"ں": "ن", "ے": "ي", "ې": "ي"}
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of nlu/urgent/parts.

    card: the rescue card its speakers read. reach: words that the parts of a scene may lie apart.
    free: spelled by ear. glued: what is written together with the next word. examples and
    counter_examples are the file's, for the tests.
    """

    tag: str
    card: str
    why: str
    reach: int
    free: bool
    glued: tuple[str, ...]
    scenes: tuple[frozenset[str], ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int  # the word after the last
    part: str


@dataclass(frozen=True, slots=True)
class Parts:
    """All languages. free: the phrases of those spelled by ear. details: what is wrong."""

    tongues: dict[str, Tongue] = field(default_factory=dict)
    strict: Index = field(default_factory=Index)
    free: Index = field(default_factory=Index)
    details: tuple[str, ...] = ()


def tongues_in(text: str, known: Parts) -> Iterator[Tongue]:
    """The languages in which these words tell of danger now. Never raises for a text."""
    told = set[str]()
    for sentence in sentences(text):
        if not (words := _words(sentence)):
            continue
        found = _hits(words, known)
        for tag, hits in found.items():
            tongue = known.tongues[tag]
            if tag not in told and _danger(tongue, hits) and _its(tongue, words, found):
                told.add(tag)
                yield tongue


def doubted(tag: str, text: str, known: Parts) -> bool:
    """Whether a language's own cues take back what a whole phrase of it seemed to say.

    text: the sentence in which the phrase stood. Past, habit, a question, an opening "if", a calm
    saying; unless something is happening now.
    """
    hits = _hits(_words(text), known).get(tag, [])
    parts_there = {hit.part for hit in _serious(hits)} | {
        hit.part for hit in hits if hit.part == "calm"
    }
    if any(hit.part == "if" and hit.start <= _OPENING for hit in hits):
        return True
    return "now" not in parts_there and bool(parts_there & (_DOUBTS | {"calm"}))


def likeliest(tags: Collection[str], text: str, known: Parts) -> str:
    """Of these languages the one whose phrases cover most of the words. tags: not empty."""
    found = _hits(_words(text), known)
    return max(sorted(tags), key=lambda tag: len(_covered(found.get(tag, []))))


def sentences(text: str) -> list[str]:
    """The sentences of a message, in any script."""
    return [sentence for sentence in _ENDS.split(text) if sentence.strip()]


def _words(text: str) -> list[str]:
    """The words, folded; each Chinese sign is one."""
    words = _folded(text).split()
    half = _LONGEST // 2
    return words if len(words) <= _LONGEST else [*words[:half], *words[-half:]]


def _folded(text: str) -> str:
    if text.isascii():
        return bare(text)
    plain = bare(unicodedata.normalize("NFC", text).translate(_ALIKE)).translate(_ALIKE)
    return _IDEOGRAM.sub(r" \1 ", plain)


def _once(text: str) -> str:
    """Each letter once in a row: "pomoooc", "notte"."""
    return _TWICE.sub(r"\1", _folded(text))


def _heard(text: str) -> str:
    return " ".join(plainer(word) for word in _folded(text).split())


def _hits(words: list[str], known: Parts) -> dict[str, list[_Hit]]:
    """Per language, every phrase that stands in the words."""
    found: dict[str, list[_Hit]] = {}
    once = [_TWICE.sub(r"\1", word) for word in words]
    for (tag, part), start, end in known.strict.found(once):
        found.setdefault(tag, []).append(_Hit(start, end, part))
    for tag in [tag for tag in found if known.tongues[tag].glued]:
        loose = [_loose(word, known.tongues[tag].glued) for word in once]
        for (other, part), start, end in known.strict.found(loose):
            if other == tag:
                found[tag].append(_Hit(start, end, part))
    if any(word.isascii() for word in words):
        for (tag, part), start, end in known.free.found([plainer(word) for word in words]):
            found.setdefault(tag, []).append(_Hit(start, end, part))
    return found


def _loose(word: str, glued: tuple[str, ...]) -> str:
    """A word without the "and", "in", "the" that its script writes together with it."""
    for beginning in glued:
        if word.startswith(beginning) and len(word) - len(beginning) >= 2:
            return word[len(beginning) :]
    return word


def _danger(tongue: Tongue, hits: list[_Hit]) -> bool:
    """Whether some of the hits close together make a scene that nothing takes back."""
    hits = _serious(hits)
    there = {hit.part for hit in hits}
    meant = there | {"now"} if "again" in there else there
    if not any(scene <= meant for scene in tongue.scenes):
        return False
    if "now" not in there and there & _DOUBTS:
        return False
    doubt = min((hit.start for hit in hits if hit.part == "if"), default=None)
    hits = sorted(_undenied(hits), key=lambda hit: hit.start)
    for at, first in enumerate(hits):
        if doubt is not None and doubt <= first.start:
            return False
        if first.part not in _SILENT and _scene(tongue, first, hits[at:]):
            return True
    return False


def _scene(tongue: Tongue, first: _Hit, hits: list[_Hit]) -> bool:
    """Whether a scene opens with this hit."""
    last = first.start + tongue.reach
    starts: dict[str, set[int]] = {}
    for hit in hits:
        if hit.end <= max(last, first.end):
            starts.setdefault("now" if hit.part == "again" else hit.part, set()).add(hit.start)
    return any(
        scene <= starts.keys() and len(set().union(*(starts[part] for part in scene))) >= len(scene)
        for scene in tongue.scenes
    )


def _serious(hits: list[_Hit]) -> list[_Hit]:
    """The hits outside calm sayings ("he leaves me no peace", "now it is quiet")."""
    calm = _covered([hit for hit in hits if hit.part == "calm"])
    denied = {hit.end for hit in hits if hit.part == "not"}  # "I can not" asks nothing
    return [
        hit
        for hit in hits
        if calm.isdisjoint(range(hit.start, hit.end))
        and not (hit.part == "ask" and hit.start in denied)
    ]


def _undenied(hits: list[_Hit]) -> list[_Hit]:
    """The hits without those that a "not" beside them denies."""
    before = {hit.end + off for hit in hits if hit.part == "not" for off in (0, 1)}
    after = {hit.start - off for hit in hits if hit.part == "not_after" for off in (0, 1)}
    return [
        hit for hit in hits if hit.part in CUES or not (hit.start in before or hit.end in after)
    ]


def _its(tongue: Tongue, words: list[str], found: dict[str, list[_Hit]]) -> bool:
    """Whether the words are rather this language's than English or, spelled by ear, another's."""
    covered = {tag: _covered(hits) for tag, hits in found.items()}
    own, most = covered[tongue.tag], max(map(len, covered.values()))
    if len(own) < len(words) * (_FREE if tongue.free else _STRICT) or len(own) * 4 < most * 3:
        return False
    known = lexicon()
    english = {at for at, word in enumerate(words) if known.proves_nothing(word)}
    if tongue.free and sum(words[at] in known.english for at in english) * 2 > len(words):
        return False
    if len(words) - len(english) < min(2, len(words) - 1) and len(own) < len(words):
        return False
    return len(english - own) * 2 <= len(words)


def _covered(hits: list[_Hit]) -> frozenset[int]:
    """Which words the phrases of a language stand in."""
    return frozenset(at for hit in hits for at in range(hit.start, hit.end))


def _lines(block: Any) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(block or "").splitlines() if line.strip())


def _scenes(block: Any) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in _lines(block))


def _add(known: Parts, raw: dict[str, Any], shared: tuple[frozenset[str], ...]) -> None:
    """One file into the index. Raises ValueError, KeyError, TypeError when it cannot be read."""
    tag, free = str(raw["id"]), bool(raw.get("free", False))
    tongue = Tongue(
        tag=tag,
        card=str(raw.get("card", tag)),
        why=str(raw["why"]),
        reach=int(raw.get("reach", 11)),
        free=free,
        glued=tuple(str(raw.get("glued", "")).split()),
        scenes=(*shared, *_scenes(raw.get("scenes"))),
        examples=_lines(raw.get("examples")),
        counter_examples=_lines(raw.get("counter_examples")),
    )
    index, fold = (known.free, _heard) if free else (known.strict, _once)
    read = {str(part): phrases_of(block, fold) for part, block in raw["parts"].items()}
    for part, phrases in read.items():  # all of a file or nothing
        for phrase in phrases:
            index.add((tag, part), phrase)
    known.tongues[tag] = tongue


@cache
def parts(folder: Path = FOLDER / "parts") -> Parts:
    """A folder's languages. Never raises: a file that cannot be read is named in `details`."""
    known = Parts()
    details: list[str] = []
    try:
        shared = _scenes(read_yaml(folder / "scenes.yml")["scenes"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        return Parts(details=(f"parts/scenes.yml: {type(fault).__name__}",))
    for path in sorted(folder.glob("*.yml")):
        if path.name == "scenes.yml":
            continue
        try:
            _add(known, read_yaml(path), shared)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            reason = fault if isinstance(fault, ValueError) else type(fault).__name__
            details.append(f"parts/{path.name}: {reason}")
    return Parts(known.tongues, known.strict, known.free, tuple(details))
