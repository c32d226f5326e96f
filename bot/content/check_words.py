"""Faults in the wording of a text: typed numbers and links, promises, blame, noise, length."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import phonenumbers

from bot.actions import NATIONS
from bot.content.answering import Person
from bot.content.check_fault import Fault, Look
from bot.content.library import Item
from bot.content.placeholders import fill, keys_in, without_placeholders
from bot.content.reading_age import can_measure, reading_age
from bot.content.system_items import WORDINGS

BUBBLE, BUBBLES, TITLE, BUTTONS = 600, 3, 20, 8  # characters, bubbles, characters, buttons (ours)
MAX_AGE = 11  # years, reading age (ours)
MEASURABLE = 15  # words; in a shorter text one long word decides

ALL_SHUT = datetime(2026, 12, 25, 3, tzinfo=UTC)  # Christmas night: a line that answers is added

SHORT_NUMBER = re.compile(r"(?<![\d.,£-])(999|112|1800[012]|116\s?123|0800\s?1111)(?![\d%])")
SPOKEN_NUMBER = re.compile(
    r"\b(?:call|ring|phone|dial|text|press|on|to|number|or)\s+(101|105|111|55|\d{5})\b(?!\s*%)",
    re.IGNORECASE,
)
PRESSED = re.compile(r"\b(?:press|option)\s+(\d{1,2})\b", re.IGNORECASE)
LONG_NUMBER = re.compile(r"(?<!\d)(?:\+\d|0\d)(?:[\s()-]?\d){6,}(?!\d)")
LINK = re.compile(
    r"https?://\S*|\bwww\.\S*|[\w.+-]+@[\w-]+\.\w+"
    r"|\b[\w-]+\.(?:uk|org|com|net|wales|scot|cymru|info|io|app)\b",
    re.IGNORECASE,
)
MARKUP = re.compile(r"\*\*|__|`|</?[a-z]+>|\]\(|^#", re.MULTILINE | re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d]")
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x09\x0b-\x1f]")

PROMISES = (  # what nobody can keep; fine in a sentence that says no
    r"(?:completely|totally|fully|entirely|100 ?%|absolutely) (?:anonymous|safe|secure)",
    r"(?:completely|totally|fully|entirely|100 ?%|absolutely) (?:private|confidential|secret)",
    r"untraceable",
    r"keep you safe",
    r"you(?:'re| are) (?:now )?safe(?: now)?(?=[.,;]|$)",
    r"help is (?:on its way|on the way|coming)",
    r"(?:police|officers) (?:are|is) (?:on their way|on the way|coming)",
    r"you(?:'ll| will) be (?:fine|ok|okay|all right|alright|safe)",
    r"(?:everything|it)(?:'ll| will| is going to) be (?:fine|ok|okay|all right|alright)",
    r"(?:we|i) (?:can )?(?:promise|guarantee)",
    r"guaranteed",
    r"low risk",
    r"(?:is|it's) (?:probably )?harmless",
    r"this is(?:n't| not) stalking",
    r"police will (?:arrest|charge|believe|protect|sort)",
)
FLAT_PROMISES = (  # they say no themselves
    r"(?:can't|cannot|can not|never) be (?:traced|tracked|read by anyone)",
    r"(?:nobody|no one|no-one) (?:will|can) (?:ever )?(?:know|find out|see|read|find|trace)",
    r"nothing to worry about",
    r"don't worry",
    r"not in (?:any )?danger",
)
BLAME = (
    r"you (?:should|could|ought to) have(?! to)",
    r"you should(?:n't| not) have(?! to)",
    r"overreact\w*",
    r"your (?:own )?fault",
    r"(?:being |are |you're )?paranoid",
    r"why did(?:n't| not) you",
    r"you (?:provoked|encouraged|led (?:him|her|them) on|let (?:him|her|them))",
    r"calm down",
)
NO = re.compile(
    r"\b(?:not|no|never|nobody|cannot|none|neither|nor|without)\b|n['’]t\b", re.IGNORECASE
)
SENTENCE = re.compile(r"[^.?\n]+[.?]?")


def typed_numbers(look: Look) -> Iterator[Fault]:
    """A phone number that does not come from the register would not be corrected with it."""
    for item in look.items:
        found = dict.fromkeys(n for text in item_texts(item) for n in numbers_in(text))
        for number in found:
            yield Fault(
                item.where,
                f"the number {number} is typed in",
                "Name it from the register, as in {emergency_999.phone}",
            )


def numbers_in(text: str) -> list[str]:
    """The phone numbers somebody typed into a text (placeholders apart), as typed."""
    typed = _plain_digits(without_placeholders(text, "…"))
    found = [
        m.group(1) for rule in (SHORT_NUMBER, SPOKEN_NUMBER, PRESSED) for m in rule.finditer(typed)
    ]
    found += [m.raw_string for m in phonenumbers.PhoneNumberMatcher(typed, "GB")]
    found += [m.group() for m in LONG_NUMBER.finditer(typed)]
    return list(dict.fromkeys(n.strip() for n in found))


def _plain_digits(text: str) -> str:
    """Digits of every script as 0-9: a number typed in Arabic or Bengali digits is one too."""
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def typed_links(look: Look) -> Iterator[Fault]:
    """A link or address that is not in the register."""
    for item in look.items:
        for text in item_texts(item):
            link = LINK.search(without_placeholders(text, " "))
            if link:
                what = f"the link or address '{link.group()}' is typed in"
                yield Fault(item.where, what, "Name it from the register, as in {samaritans.url}")


def promises(look: Look) -> Iterator[Fault]:
    """Promises that nobody can keep."""
    for item in look.english:
        for words in _said(item, PROMISES, unless_no=True):
            yield Fault(item.where, f"'{words}' is a promise we can't keep", "Say what is true")
        for words in _said(item, FLAT_PROMISES, unless_no=False):
            yield Fault(item.where, f"'{words}' is a promise we can't keep", "Say what is true")


def blame(look: Look) -> Iterator[Fault]:
    """Words that put it on the person."""
    for item in look.english:
        for words in _said(item, BLAME, unless_no=True):
            what = f"'{words}' can be read as blame or as a verdict"
            yield Fault(item.where, what, "Say what could help from now on")


def _said(item: Item, rules: tuple[str, ...], *, unless_no: bool) -> Iterator[str]:
    rule = re.compile(r"(?<!\w)(?:" + "|".join(rules) + r")(?!\w)", re.IGNORECASE)
    for text in (*item_texts(item), *titles(item)):
        for sentence in SENTENCE.findall(text.replace("’", "'")):
            for match in rule.finditer(sentence):
                if not (unless_no and NO.search(sentence[: match.start()])):
                    yield match.group()


def noise(look: Look) -> Iterator[Fault]:
    """Exclamation marks, emoji, markup and characters that nobody sees."""
    for item in look.items:
        texts = "\n".join(item_texts(item))
        every = "\n".join((texts, *titles(item)))
        if "!" in every:
            yield Fault(item.where, "there is an exclamation mark", "Use a full stop")
        if EMOJI.search(texts):
            yield Fault(item.where, "there is an emoji", "Say it in words")
        if MARKUP.search(every):
            what = f"there is markup ('{MARKUP.search(every).group()}')"  # type: ignore[union-attr]
            yield Fault(item.where, what, "Write plain text")
        if item in look.english and HIDDEN.search(every):
            yield Fault(item.where, "there is a character that nobody sees", "Type the line again")


def too_long(look: Look) -> Iterator[Fault]:
    """What does not fit on a small phone. Texts are measured with their facts filled in."""
    for item in look.items:
        opening = max(item.acknowledge, key=len, default="")
        longest = (f"{opening} {item.text[0]}".lstrip(), *item.text[1:])
        for name, bubbles in (("text", longest), ("again", item.again)):
            if len(bubbles) > BUBBLES and item.base not in WORDINGS:
                what = f"'{name}' has {len(bubbles)} bubbles, {BUBBLES} is the most"
                yield Fault(item.where, what, "Move some of it to another entry")
            for bubble in bubbles:
                length = _longest(bubble, item, look)
                if length > BUBBLE:
                    what = f"a bubble of '{name}' has {length} characters, {BUBBLE} is the most"
                    yield Fault(item.where, what, "Shorten it, or make it two bubbles")
        yield from _long_titles(item)


def _longest(bubble: str, item: Item, look: Look) -> int:
    """Characters at the wordiest hour of the week, for the reader with the longest names."""
    registers, plain = look.content.registers, bubble.replace(".now}", ".open}")
    hours = _instants(look.now) if ".open}" in plain else (look.now,)
    longest = max(len(fill(plain, registers, at).text) for at in hours)
    if plain == bubble:
        return longest
    nations = (item.nation,) if item.nation else (None, *NATIONS)
    people = (Person(n, item.role, relationship=r) for n in nations for r in (None, "ex"))
    told = max(len(fill(bubble, registers, ALL_SHUT, person).text) for person in people)
    return longest + told - len(fill(plain, registers, ALL_SHUT).text)


def _instants(now: datetime) -> Iterator[datetime]:
    """A week in steps of five hours: "opens Monday at 9.30am" is longer than "open now"."""
    return (now + timedelta(hours=hours) for hours in range(0, 7 * 24, 5))


def _long_titles(item: Item) -> Iterator[Fault]:
    for title in dict.fromkeys(titles(item)):
        if len(title) > TITLE:
            what = f"the title '{title}' has {len(title)} characters, {TITLE} is the most"
            yield Fault(item.where, what, "Shorten it")
        if set("{}") & set(title):
            yield Fault(item.where, f"the title '{title}' has a placeholder", "Use plain words")
    if len(item.buttons) > BUTTONS:
        what = f"there are {len(item.buttons)} buttons, {BUTTONS} is the most"
        yield Fault(item.where, what, "Keep the most useful ones")


def hard_to_read(look: Look) -> Iterator[Fault]:
    """Texts above the reading age, names and facts of the registers apart. Needs pyphen."""
    if not can_measure():
        return
    names = re.compile("|".join(sorted(map(re.escape, look.names), key=len, reverse=True)))
    for item in look.english:
        text = without_placeholders("\n".join((*item.acknowledge, *item.text)), "it")
        age = reading_age(names.sub("it", text) if look.names else text)
        if len(text.split()) >= MEASURABLE and round(age, 1) > MAX_AGE:
            what = f"the reading age is {age:.1f}, {MAX_AGE} is the most"
            yield Fault(item.where, what, "Use shorter sentences and shorter words")


def same_text(look: Look) -> Iterator[Fault]:
    """The same words in two places: one of them will be forgotten at the next correction."""
    seen: dict[str, Item] = {}
    for item in look.items:
        for words in dict.fromkeys(" ".join(t.split()) for t in (*item.text, *item.again)):
            first = seen.setdefault(words, item)
            if first is not item and (len(words) >= SAME or len(item.text) == 1):
                what = f"the same text is at {first.where}"
                yield Fault(item.where, what, "Lead there with a button, or write it for this case")
        if item.again and item.again == item.text:
            yield Fault(item.where, "'again' says the same as 'text'", "Make it shorter")


SAME = 60  # characters from which one equal bubble among several counts


def item_texts(item: Item) -> tuple[str, ...]:
    """All bubbles a person may read."""
    return (*item.text, *item.again, *item.acknowledge)


def titles(item: Item) -> tuple[str, ...]:
    """The item's own title, where it has one, and those of its buttons."""
    return (*((item.title,) if item.title else ()), *(button.title for button in item.buttons))


def keys_of(item: Item) -> frozenset[str]:
    """All placeholders of the item's texts."""
    return frozenset(key for text in item_texts(item) for key in keys_in(text))
