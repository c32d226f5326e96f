"""What a typed answer to "Is it happening now?" means, said in more than a yes or a no."""

import re

from bot.dialogue.choosing import YES, plain

_THEY = r"(?:he|she|they|it)(?:(?:'|’)?(?:s|ve)| is| has| have| are| was| were)?"
_GONE_ONLY = re.compile(
    rf"(?:(?:no|nah|nope|naw|ok|okay|phew),? )?{_THEY}(?: just)?"
    r" (?:gone|left|stopped|over|driven off|drove off|walked off|ran off)"
    r"(?: (?:now|away|again|already|thanks|thank you|thank god))*"
    r"|(?:it(?:'|’)?s |sorry,? )?(?:a )?false alarm(?:,? sorry)?"
)
_NO = re.compile(rf"(?:no|nah|nope|naw),? (?:{_THEY}|not|that(?:'|’)?s)\b")
_DOUBT = re.compile(
    r"\b(?:not (?:really )?sure|unsure|(?:don(?:'|’)?t|do not) (?:really )?know|dunno|idk|no idea"
    r"|can(?:'|’)?t (?:tell|see)|cannot (?:tell|see)|maybe|perhaps|might|may be|possibly"
    r"|still|yet|won(?:'|’)?t|will not|hasn(?:'|’)?t|haven(?:'|’)?t|back|again|coming)\b"
)
_UNSURE = re.compile(
    r"(?:i(?:'|’)?m )?not (?:really )?sure\b.*|unsure|(?:i )?(?:don(?:'|’)?t|do not) know\b.*"
    r"|(?:i )?dunno\b.*|idk|no idea\b.*|(?:i )?can(?:'|’)?t (?:tell|see)\b.*|maybe|possibly|perhaps"
)


def plainly_gone(words: str) -> bool:
    """The whole message says that it is over ("he's gone now"), and nothing else."""
    return bool(_GONE_ONLY.fullmatch(plain(words)))


def plainly_yes(words: str) -> bool:
    """It begins with a yes: "yes he's still here"."""
    return plain(words).partition(" ")[0].rstrip(",") in YES - {"ok", "okay", "please", "sure"}


def now_or_gone(words: str) -> bool | None:
    """True: it is, or may be. False: it is over. None: the words alone do not say.

    Someone who does not know is answered as if it were happening.
    """
    said = plain(words)
    if plainly_gone(said):
        return False
    if _UNSURE.fullmatch(said):
        return True
    return False if _NO.match(said) and not _DOUBT.search(said) else None


def doubtful(words: str) -> bool:
    """It must not be taken for "it is over", however it was read."""
    return bool(_DOUBT.search(plain(words)))
