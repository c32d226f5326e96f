"""A person's words as the danger rules read them: plain tokens, spelling mended.

Two readings of one text. `mended` is for the English rules: lower case, "he's" and "hes" both
"he is", "rn" is "right now", "outisde" is "outside", "helpme" is "help me", one string per
sentence, commas as tokens of their own. `bare` is for other languages: the person's own
letters, lower case, accents and punctuation gone.
Nothing a person wrote is kept: there is no cache of words here.
"""

import re
import unicodedata
from dataclasses import dataclass

from nlu.spelling import Spelling, right_word, spelling, taken_apart

HEAD, TAIL = 9_000, 3_000  # characters read of a very long text: its beginning and its end
_PORTION = 60  # words after which an endless sentence is cut at its next clause
_GUESSES = 24  # words per message that may be taken apart; a wall of gibberish stays cheap

_EMOJI = {
    "🆘": " sos ",
    "🔪": " knife ",
    "🗡": " knife ",
    "🔫": " gun ",
    "🚨": " emergency ",
    "🚔": " police ",
    "🚓": " police ",
    "👮": " police ",
    "🚪": " door ",
    "😂": " lol ",
    "🤣": " lol ",
    "😹": " lol ",
    "🎬": " film ",
    "🎮": " game ",
}
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′ʹ＇‛", "'"))
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*'?|[.!?\n]+|[,;:()\[\]…–—|/]|(?<=\s)-+(?=\s)")
_ENDS = re.compile(r"\.?[!?\n]|\.$")  # a sentence ends; ".." is only a pause
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_DOUBLE = re.compile(r"([a-z])\1")
_SPELT_OUT = re.compile(r"\b(?:[a-z][ .\-*_]){3,}[a-z]\b")
_NT = {"can't": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not"}
_ENDINGS = {"re": "are", "ll": "will", "ve": "have", "m": "am", "d": "would"}
_SUBJECT = frozenset({"he", "she", "they", "i", "we", "someone", "somebody", "there"})
_FINITE = frozenset(
    {"is", "are", "am", "has", "have", "was", "will", "keeps", "came", "just", "can", "got", "want"}
)


@dataclass(frozen=True, slots=True)
class Mended:
    """Sentences with a space at both ends, ready for patterns; tokens: how many words in all."""

    sentences: tuple[str, ...]
    tokens: int

    @property
    def whole(self) -> str:
        """All sentences as one string."""
        return " .".join(self.sentences)


def _open(word: str, known: Spelling) -> str:
    """One token, contraction opened."""
    if word in known.short:
        return known.short[word]
    if "'" not in word:
        return word
    if word in _NT:
        return _NT[word]
    stem, _, ending = word.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        return f"{known.short.get(stem[:-1], stem[:-1])} not"
    if ending in _ENDINGS and stem:
        return f"{known.short.get(stem, stem)} {_ENDINGS[ending]}"
    if ending == "s":
        return f"{stem} is" if stem in known["pronouns"] else f"{stem} 's"
    return (stem + ending).replace("'", "") or "'"


def _squeezed(word: str, known: Spelling) -> str:
    """Without drawn-out letters: "helpppp", "nooow"."""
    if not _LONG_RUN.search(word):
        return word
    twice = _LONG_RUN.sub(r"\1\1", word)
    if twice in known["words"] or twice in known["glue"] or twice in known.short:
        return twice
    once = _DOUBLE.sub(r"\1", twice)
    fit = once in known["words"] or once in known["glue"] or once in known.short
    return once if fit or len(once) <= 4 else twice


def _mend(token: str, known: Spelling, guesses: list[int]) -> str:
    word = _squeezed(token, known)
    opened = _open(word, known)
    if opened != word or word in known["words"] or word in known["glue"]:
        return opened
    if (right := right_word(word, known)) is not None:
        return right
    if guesses[0] and len(word) > 5 and (apart := taken_apart(word, known)) is not None:
        guesses[0] -= 1
        return apart
    return word


def _clauses(words: list[str], known: Spelling) -> list[str]:
    """The words with a comma wherever a new clause starts."""
    out: list[str] = []
    for at, word in enumerate(words):
        last = out[-1] if out else ","
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in ("but", "because") and last != ",":
            out.append(",")
        elif word in ("and", "so", "then", "now") and after in _SUBJECT and last != ",":
            out += [] if word == "now" else [","]
        elif word in _SUBJECT and after in _FINITE and last not in known["joining"]:
            out.append(",")
        joined = known.split_words.get((last, word))
        if joined and out:
            out[-1] = joined
        else:
            out.append(word)
    return out


def _portions(words: list[str]) -> list[str]:
    """A sentence without end in portions, cut where a clause ends, so that no rule reads far."""
    portions: list[str] = []
    start = 0
    for at, word in enumerate(words):
        length = at - start
        if (word == "," and length >= _PORTION) or length >= 2 * _PORTION:
            portions.append(f" {' '.join(words[start:at])} ")
            start = at + (word == ",")
    return [*portions, f" {' '.join(words[start:])} "]


def _possessives(words: list[str], known: Spelling) -> list[str]:
    """Decides each 's by the next word: "creep's following" is "is", "sister's ex" is "of"."""
    out: list[str] = []
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        noun = bool(out) and out[-1] in known["nouns"]
        if word in ("'s", "is") and noun and after in known["owned"] and out:
            out[-1] += "s"
        elif word != "'s":
            out.append(word)
        elif noun or after in known["after_is"] or (after.endswith("ing") and len(after) > 5):
            out.append("is")
        elif out:
            out[-1] += "s"
    return out


def _numerals(words: list[str], known: Spelling) -> list[str]:
    """Reads "2" as "to" and "4" as "for" where they stand for those words."""
    meant = {"2": "to", "4": "for"}
    return [
        meant[word]
        if word in meant and after[:1].isalpha() and after not in known["units"]
        else word
        for word, after in zip(words, [*words[1:], ""], strict=True)
    ]


def _folded(text: str) -> str:
    """Lower case, one kind of apostrophe, accents of Latin letters and Arabic vowel marks gone."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    return "".join(
        letter
        for letter in plain
        if not ("\u0300" <= letter <= "\u036f" or "\u064b" <= letter <= "\u0652")
    ).translate(_LETTERS)


def mended(text: str) -> Mended:
    """The text's sentences for the English rules. Never raises."""
    known, guesses = spelling(), [_GUESSES]
    plain = text.translate(_APOSTROPHES) if text.isascii() else _folded(text)
    if len(plain) > HEAD + TAIL:
        plain = f"{plain[:HEAD]}\n{plain[-TAIL:]}"
    plain = plain.lower()
    for sign, word in _EMOJI.items():
        if sign in plain:
            plain = plain.replace(sign, word)
    plain = _SPELT_OUT.sub(lambda found: re.sub(r"[^a-z]", "", found[0]), plain)
    sentences: list[str] = []
    words: list[str] = []
    count = 0
    for token in [*_TOKEN.findall(plain), "\n"]:
        if _ENDS.match(token):
            if words:
                sentences += _portions(
                    _clauses(_numerals(_possessives(words, known), known), known)
                )
                words = []
        elif not token[0].isalnum():
            words += [","] if words and words[-1] != "," else []
        else:
            count += 1
            words += _mend(token, known, guesses).split()
    return Mended(tuple(dict.fromkeys(sentences)), count)


def bare(text: str) -> str:
    """The person's own letters, lower case, without accents or punctuation, spaces at both ends."""
    plain = unicodedata.normalize("NFC", _folded(text))
    letters = (letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    return f" {' '.join(''.join(letters).split())} "
