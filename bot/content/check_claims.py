"""Faults in what a text claims: secrecy without its limits, device steps without their warning."""

import re
from collections.abc import Iterator

from bot.content.check_fault import Fault, Look
from bot.content.check_words import SENTENCE, item_texts, titles
from bot.content.placeholders import without_placeholders

SECRECY = re.compile(
    r"(?<!\w)(?:anonymous(?! registration)(?:ly)?|anonymity|confidential(?:ly|ity)?|"
    r"in confidence)(?!\w)",
    re.IGNORECASE,
)
LIMITS = re.compile(
    r"\b(?:not|no|nobody|unless|but|except|limits?|may|might|could|cannot|depends|ask (?:them )?"
    r"(?:first|what)|without (?:a|your) name)\b|n['’]t\b",
    re.IGNORECASE,
)

DEVICES = frozenset({
    "accounts_hacked", "cameras_and_smart_home", "online_safety_check", "phone_monitored",
    "social_media", "tracking_device",
})  # fmt: skip
STEPS = re.compile(
    r"(?<!\w)(?:"
    r"(?:change|reset) (?:your |the |all |every |each )*(?:passwords?|passcodes?|pins?|codes?)|"
    r"(?:turn|switch) (?:it |them |the \w+ |your \w+ |location |sharing |bluetooth )?off|"
    r"(?:remove|delete|uninstall|unpair|disconnect|unplug|reset|wipe|block|unfollow|unfriend)"
    r" (?:it|them|the|that|any|every|each|an?|your|old|strange|unknown)\b|"
    r"(?:log|sign) (?:it |them |everyone |every \w+ |all \w+ )?out\b|"
    r"stop sharing|factory reset|check (?:who|which|what) \w+ (?:has|have|is|are)"
    r")",
    re.IGNORECASE,
)
WARNS = re.compile(
    r"\b(?:notice|notices|noticed|realise|find out|finds out|know you|knows you|tell them|"
    r"tells them|alert|alerts|warn|warns|warning|another (?:phone|device|computer)|"
    r"different (?:phone|device)|safer (?:phone|device)|they (?:may|might|can|could) "
    r"(?:see|know|get|react)|get worse|escalate|first save|save (?:it|them|what)|"
    r"evidence|wait|don't .{0,40}yet|not .{0,20}yet|before you)\b",
    re.IGNORECASE,
)


def secrecy_without_limits(look: Look) -> Iterator[Fault]:
    """Words such as "anonymous" and "confidential", and nothing on who may still see it."""
    for item in look.english:
        for text in (*item_texts(item), *titles(item)):
            sentences = SENTENCE.findall(without_placeholders(text, "it").replace("’", "'"))
            for at, sentence in enumerate(sentences):
                claim = SECRECY.search(sentence)
                around = " ".join(sentences[at : at + 2])
                if claim and not LIMITS.search(around):
                    what = f"'{claim.group()}' stands without its limits"
                    do = "Say in the same breath who may still see it, or when it is told on"
                    yield Fault(item.where, what, do)


def device_step_without_warning(look: Look) -> Iterator[Fault]:
    """A change to a phone or account that whoever watches it may notice, and nothing says so."""
    for item in look.english:
        if item.base.partition(".")[0] not in DEVICES or item.role == "own":
            continue
        for name, bubbles in (("text", item.text), ("again", item.again)):
            said = " ".join(bubbles).replace("’", "'")
            step = _advised(said)
            if step and not WARNS.search(said):
                what = f"'{name}' says '{step}' without a warning"
                do = "Say first that they may notice, to use another device, or what it may start"
                yield Fault(item.where, what, do)


def _advised(said: str) -> str | None:
    """The first step that a sentence does not advise against."""
    for sentence in SENTENCE.findall(said):
        match = STEPS.search(sentence)
        if match and not re.search(r"n't\b|\bnot\b|\bnever\b", sentence[: match.start()]):
            return match.group()
    return None
