"""Which button title was meant, when somebody types instead of tapping: near enough, never more.

A message counts as an answer only when every word of it is explained: by the title's words, give
or take a slip, or as filler ("the one about …, please"). One word too many, and it is a message.
"""

import re
from collections.abc import Sequence


def some(words: str) -> frozenset[str]:
    """A set of words, written as a person reads them."""
    return frozenset(words.split())


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FILLER = some(
    """
    the a an to 2 of about with please pls plz plss thx ta thanks thank you cheers mate ok okay
    yes yeah yep yh yea then i i'd id i'll ill like want wanna go for let's lets choose pick
    take have can could may me tell show option number button what what's whats it this that do
    your my some just more know see read one ones x hi hey
    """
)
_LEAD = some(
    """
    the a yes yeah yep yh yea ok okay um so i i'd id i'll ill like want wanna go with for let's
    lets do choose pick take have can could may option number no nr num button what what's about
    please pls plz tell me show hi hey maybe just to
    """
)
_TAIL = some("one option please pls plz ta thanks thx mate then x you thank button")
_LAST = some("last bottom")
_PLACES = {
    "first": 0, "1st": 0, "one": 0, "top": 0, "second": 1, "2nd": 1, "two": 1, "third": 2,
    "3rd": 2, "three": 2, "fourth": 3, "4th": 3, "four": 3, "fifth": 4, "5th": 4, "five": 4,
    "sixth": 5, "6th": 5, "six": 5,
}  # fmt: skip
_ALIKE = {"someone": "person", "somebody": "person", "human": "person", "ppl": "people"}
_NONE = frozenset(
    {
        "none", "none of these", "none of them", "none of those", "none of the above", "neither",
        "neither of them", "neither of these", "not any of these", "not any of them",
        "no none of these", "no none of them", "nah none of them", "not these", "not those",
    }
)  # fmt: skip
_NOT_ALONE = some(
    """
    help police call ring talk say ask tell keep stop danger now safe hurt kill knife gun
    outside who what how where when order speak something nothing
    """
)
"""Words too often a message of their own to mean a title in which they are one of several."""
_CRIES = some("help 999 police")
_NEGATIONS = some("not no never nothing don't dont can't cant won't wont nah nope naw")
_YES, _NO = frozenset({"yes"}), frozenset({"no"})
_ENDINGS = re.compile(r"(?:ings?|ions?|ives?|ed|es|e|s)$")
_MOST = 6  # words of a message that may still be a title
_PLACE_IN = re.compile(r"^(?:i(?:'?m| am| live| stay)? (?:in|from) |in |from |live in |here in )")


def words_of(text: str) -> list[str]:
    """A text's words for comparison: lower case, no punctuation but apostrophes within a word."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def place_of(text: str, count: int) -> int | None:
    """The index of the choice named by its place: "the second one", "2 pls", "last"."""
    words = words_of(text)
    at = 0
    while at < len(words) - 1 and words[at] in _LEAD:
        at += 1
    rest = words[at:]
    while len(rest) > 1 and rest[-1] in _TAIL:
        rest.pop()
    if rest == ["middle"] and count % 2:
        return count // 2
    if len(rest) != 1:
        return None
    word = rest[0]
    if word.isdecimal() and len(word) < 3:
        index: int | None = int(word) - 1
    else:
        index = count - 1 if word in _LAST else _PLACES.get(word)
    return index if index is not None and 0 <= index < count else None


def title_meant(text: str, titles: Sequence[str]) -> int | None:
    """The index of the title that these words name: in full, in part or misspelt; None: none."""
    words = words_of(text)
    every = [words_of(title) for title in titles]
    if not words or len(words) > _MOST + 4:
        return None
    if words in every:
        return every.index(words)
    if " ".join(words) in _NONE:
        return next((at for at, title in enumerate(every) if title[:1] == ["none"]), None)
    polarity = [(set(title[:1]) & (_YES | _NO)) for title in every]
    if all(polarity) and len(every) == 2:
        return _yes_or_no_title(words, every)
    if _NEGATIONS & set(words):
        return None
    return _by_words(words, every)


def names_place(text: str) -> str:
    """The words without "I live in" and the like before a place."""
    return _PLACE_IN.sub("", " ".join(words_of(text)))


def _yes_or_no_title(words: list[str], titles: list[list[str]]) -> int | None:
    """For "Yes, delete it" and "No, keep it": "keep it", or "don't delete it"."""
    negative = bool(_NEGATIONS & set(words))
    told = [word for word in words if word not in _NEGATIONS and word not in {"do", "yes", "yeah"}]
    found = _by_words(told, [title[1:] for title in titles]) if told else None
    if found is None or not negative:
        return found
    return next(at for at, title in enumerate(titles) if title[0] == "no")


def _by_words(words: list[str], titles: list[list[str]]) -> int | None:
    told = [_ALIKE.get(word, word) for word in words if word not in _FILLER]
    if not told or len(told) > _MOST:
        return None
    covered = []
    for title in titles:
        own = [word for word in title if word not in _FILLER] or title
        explained = all(any(_near(word, other) for other in own) for word in told)
        part = sum(any(_near(word, other) for word in told) for other in own) / (len(own) or 1)
        covered.append(part if explained else 0.0)
    best = max(covered, default=0.0)
    if not best or covered.count(best) > 1:
        return None
    pointed = words[-1] in {"one", "option"} or words[:3] == ["the", "one", "about"]
    if not pointed and (_CRIES if best == 1 else _NOT_ALONE).issuperset(told):
        return None
    return covered.index(best)


def _near(word: str, other: str) -> bool:
    """The same word, another form of it, or one slip away (two in a long word)."""
    if word == other or (len(word) > 3 and _stem(word) == _stem(other)):
        return True
    if min(len(word), len(other)) < 4 or max(len(word), len(other)) < 5:
        return False
    return slips(word, other) <= (2 if len(other) >= 9 else 1)


def _stem(word: str) -> str:
    return _ENDINGS.sub("", word) if len(word) > 4 else word


def slips(word: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped; 3 when it is more than 2."""
    if abs(len(word) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        earlier, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            swapped = at > 1 and to > 1 and letter == other[to - 2] and word[at - 2] == wanted
            row.append(min(cost, earlier[to - 2] + 1) if swapped else cost)
    return min(row[-1], 3)
