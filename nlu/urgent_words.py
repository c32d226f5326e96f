"""The danger rules: which urgent intents do these words raise?

Deterministic, no model, no network: they run first and everywhere, also when all else has failed.
The rules are data (nlu/urgent/*.yml); this module decides whether a match counts, looking at
what stands around it: time, negation, "if", habit, fiction.
"""

import re
from collections.abc import Iterator

from nlu.reading import EngineState
from nlu.spelling import spelling
from nlu.urgent_parts import doubted, likeliest, parts, sentences, tongues_in
from nlu.urgent_rules import Rule, Rules, rules
from nlu.urgent_text import Mended, bare, mended

_SHORT = 9  # words: a message this brief is taken at its word
_NEGATION_REACH = 4  # words before a match in which a "not" undoes it
_TURNS = (["and"], ["but"], ["now"], ["then"], ["so"])
_ANYWHERE = frozenset({"lol", "concern"})  # vetoes that look at the whole message
_SUBJECT = frozenset({"he", "she", "they", "i", "it", "this", "we", "now"})
_ASKED = ("help", "Help")  # how people ask a chatbot what it can do
_SHOUT = re.compile(r"[^\w/]*(?:h+e+l+p+[^\w/]*)+")


def urgent_in(text: str) -> frozenset[str]:
    """The urgent intents that these words raise; empty when none. Never raises.

    A subset of emergency, suicide_self_harm, harm_to_others, cannot_speak (nlu/taxonomy.yml).
    """
    return frozenset(rule.intent for rule in fired(text))


def fired(text: str) -> tuple[Rule, ...]:
    """The rules that raised an alarm, one for each intent at most; for tests and tuning."""
    known = rules()
    found: dict[str, Rule] = {}
    message = Message(mended(text), known)
    for rule in known.english:
        if rule.intent not in found and message.raises(rule):
            found[rule.intent] = rule
    for rule in _others(text, known):
        found.setdefault(rule.intent, rule)
    return tuple(found.values())


def tongue_of(text: str) -> str | None:
    """The rescue card's language in which danger is told; None where English tells it, or nothing.

    For messages too short or too oddly spelled for their language to be known otherwise.
    """
    known = rules()
    message = Message(mended(text), known)
    if any(message.raises(rule) for rule in known.english):
        return None
    tags = {tag for rule in _others(text, known) for tag in _tags(rule)}
    if not tags:
        return None
    best = likeliest(tags, text, parts())
    tongue = parts().tongues.get(best)
    return tongue.card if tongue else best


def rules_state() -> EngineState:
    """Whether every rule file was read. `detail` names the broken ones."""
    wrong = [
        *rules().details,
        *parts().details,
        *([spelling().detail] if spelling().detail else []),
    ]
    if not wrong:
        return EngineState(ready=True)
    return EngineState(
        ready=False,
        detail=f"Danger rules run on their built-in minimum. Repair nlu/urgent: {'; '.join(wrong)}",
    )


_ROMANISED = "language_romanised"  # Urdu and Punjabi in Latin letters in one rule
_LATIN = ("ur-Latn", "pa-Latn")
_NOTHING = re.compile("(?!)")  # a rule of parts has no pattern of its own
_SHOUTED = Rule("shouted_help", "emergency", "HELP, help!!, helpppp alone", re.compile("help"))


def _others(text: str, known: Rules) -> Iterator[Rule]:
    """A shouted help, and what is cried or confided in another language."""
    if len(text) < 40 and _SHOUT.fullmatch(text.lower()) and text.strip(" .,?") not in _ASKED:
        yield _SHOUTED
    own = bare(text)
    ascii_only = own.isascii()
    for rule in known.foreign:
        if ascii_only and not rule.pattern.pattern.isascii():
            continue
        if rule.pattern.search(own) and not _over(rule, own) and not _doubted(rule, text):
            yield rule
    for tongue in tongues_in(text, parts()):
        yield Rule(f"parts_{tongue.tag}", "emergency", tongue.why, _NOTHING)


def _over(rule: Rule, own: str) -> bool:
    """Whether a foreign cry tells of something past, with no word that it is happening again."""
    past = rule.unless is not None and rule.unless.search(own) is not None
    return past and not (rule.now is not None and rule.now.search(own) is not None)


def _doubted(rule: Rule, text: str) -> bool:
    """Whether each sentence in which a foreign cry stands is told as past, habit, "if" or calm."""
    if rule.intent != "emergency":
        return False
    said = [sentence for sentence in sentences(text) if rule.pattern.search(bare(sentence))]
    return bool(said) and all(
        any(doubted(tag, sentence, parts()) for tag in _tags(rule)) for sentence in said
    )


def _tags(rule: Rule) -> tuple[str, ...]:
    """The languages a rule is in; empty for a shout."""
    kind, _, tag = rule.id.partition("_")
    if kind not in ("language", "parts"):
        return ()
    return _LATIN if rule.id == _ROMANISED else (tag,)


class Message:
    """One mended message while its rules are tried. Knows which cues it carries.

    Shared with nlu/fishing.py; `raises` is what both ask.
    """

    def __init__(self, words: Mended, known: Rules) -> None:
        self.known = known
        self.tokens = words.tokens
        sayings = known.sayings
        self.sentences = [
            sayings.sub(" ,", sentence) if sayings else sentence for sentence in words.sentences
        ]
        self.whole = " . ".join(self.sentences)
        self._cues: dict[str, bool] = {}

    def has(self, cue: str) -> bool:
        """Whether the cue is anywhere in the message."""
        if cue not in self._cues:
            if cue == "short":
                self._cues[cue] = self.tokens <= _SHORT
            else:
                pattern = self.known.cues.get(cue)
                self._cues[cue] = bool(
                    pattern and any(pattern.search(sentence) for sentence in self.sentences)
                )
        return self._cues[cue]

    def raises(self, rule: Rule) -> bool:
        """Whether some match of the rule counts."""
        if rule.needs and not any(self.has(cue) for cue in rule.needs):
            return False
        for sentence in self.sentences:
            at = 0
            while (match := rule.pattern.search(sentence, at)) is not None:
                if self._counts(rule, sentence, match.start(), match.end()):
                    return True
                at = max(match.end() - 1, match.start() + 1)
        return False

    def _counts(self, rule: Rule, sentence: str, start: int, end: int) -> bool:
        first = sentence.rfind(",", 0, start + 1) + 1
        after = sentence.find(",", end)
        last = len(sentence) if after < 0 else after
        clause = f"{sentence[first:last].rstrip()} "
        if rule.unless and rule.unless.search(clause):
            return False
        scopes = _Scopes(sentence, self.whole, first=first, start=start, end=end, last=last)
        for veto in rule.vetoes:
            cue = self.known.cues.get(veto)
            if cue is None or not scopes.undoes(veto, cue):
                continue
            if not any(self.has(lifting) for lifting in rule.lifted_by.get(veto, ())):
                return False
        return True


class _Scopes:
    """Where each veto looks, relative to a match at sentence[start:end] in clause [first:last]."""

    def __init__(
        self, sentence: str, whole: str, *, first: int, start: int, end: int, last: int
    ) -> None:
        self.before = f"{sentence[first:start]} "
        self.clause = sentence[first:last] + " "
        self.earlier = sentence[:first]
        self.sentence = sentence
        self.opens = first == 0
        self.until_here = f"{sentence[:start]} "
        self.after = f"{sentence[end:last]} "
        self.rest = sentence[last:]
        self.whole = whole

    def undoes(self, veto: str, cue: re.Pattern[str]) -> bool:
        """Whether the cue stands where it undoes the match."""
        if veto in ("worry", "conditional"):
            if cue.search(self.before):
                return True
            lead = self.earlier.rstrip(" ,").rpartition(",")[2] + " "
            return veto == "conditional" and cue.match(lead) is not None
        if veto == "negated":
            near = self.before.replace(" do not know ", " ").split()[-_NEGATION_REACH:]
            return bool(cue.search(f" {' '.join(near)} "))
        if veto == "frequent":
            return bool(cue.search(self.clause) or cue.search(self._around()))
        if veto == "past" and self.before.split()[-1:] in (["was"], ["were"], ["had"]):
            return True
        if veto == "habitual":
            return bool(cue.search(self.until_here) or cue.search(self.after))
        if veto == "question":
            return self.opens and cue.match(self.sentence) is not None
        if veto in _ANYWHERE:
            return cue.search(self.whole) is not None
        if veto == "fiction":
            return cue.search(self.sentence) is not None
        return cue.search(self.clause) is not None

    def _around(self) -> str:
        """The clause before, unless a new turn ("and", "but", "now") starts here; and what follows
        without a subject of its own (", three times this week").
        """
        opening = self.clause.split()[:1]
        lead = self.earlier.rstrip(" ,").rpartition(",")[2] if opening not in _TURNS else ""
        following = self.rest.lstrip(" ,").partition(",")[0]
        if _SUBJECT & set(following.split()):
            following = ""
        return f" {lead.strip()} , {following.strip()} "
