"""One spelling for what is written in many: the form that the model is trained on and reads."""

import re
import unicodedata

_QUOTES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...",
        "\u200b": None, "\u200c": None, "\u200d": None, "\ufe0f": None, "\u2060": None,
        "\ufeff": None, "\u00ad": None,
    }
)  # fmt: skip

# What a symbol says, where it says something. Anything else that is not a letter stays as it is.
_EMOJI = {
    "😭": "crying", "😢": "crying", "😞": "sad", "😔": "sad", "😰": "scared", "😨": "scared",
    "😱": "scared", "😡": "angry", "🤬": "angry", "👍": "yes ok", "👎": "no", "🙏": "please thanks",
    "👋": "hello", "🔪": "knife", "🔫": "gun", "🆘": "help emergency", "🚨": "emergency",
    "🚓": "police", "👮": "police", "💔": "heartbroken", "💐": "flowers", "🌹": "rose flowers",
    "🎁": "gift", "📱": "phone", "📷": "camera", "🏠": "house", "🚪": "door", "🚗": "car",
}  # fmt: skip

# Text-speak that a reader expands without thinking. Only words that mean one thing here.
_SHORT = {
    "u": "you", "ur": "your", "ure": "you're", "r": "are", "y": "why", "n": "and", "nd": "and",
    "b4": "before", "2day": "today", "2nite": "tonight", "2night": "tonight", "2moro": "tomorrow",
    "tmrw": "tomorrow", "tmoz": "tomorrow", "gr8": "great", "m8": "mate", "wat": "what",
    "wot": "what", "wht": "what", "wen": "when", "wer": "where", "wiv": "with", "dat": "that",
    "dis": "this", "da": "the", "de": "the", "dont": "don't", "cant": "can't", "wont": "won't",
    "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't", "wasnt": "wasn't",
    "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "havent": "haven't",
    "hasnt": "hasn't", "arent": "aren't", "im": "i'm", "ive": "i've", "hes": "he's",
    "shes": "she's", "theyre": "they're", "thats": "that's", "whats": "what's", "theres": "there's",
    "wheres": "where's", "whos": "who's", "youre": "you're", "bc": "because", "bcoz": "because",
    "cos": "because", "coz": "because", "cuz": "because", "plz": "please", "pls": "please",
    "thx": "thanks", "ty": "thank you", "tysm": "thank you so much", "ppl": "people",
    "sum1": "someone", "some1": "someone", "any1": "anyone", "no1": "no one", "msg": "message",
    "msgs": "messages", "txt": "text", "txts": "texts", "fb": "facebook", "insta": "instagram",
    "snap": "snapchat", "wa": "whatsapp", "bf": "boyfriend", "gf": "girlfriend", "hse": "house",
    "hs": "has", "gona": "going to", "gonna": "going to", "gunna": "going to", "gna": "going to",
    "wanna": "want to", "gotta": "got to", "tho": "though", "thru": "through", "rn": "right now",
    "idk": "i don't know", "dno": "don't know", "dunno": "don't know", "abt": "about",
    "smth": "something", "sth": "something", "nuffin": "nothing", "nothin": "nothing",
    "kno": "know", "knos": "knows", "shud": "should", "cud": "could", "wud": "would",
    "luv": "love", "iz": "is", "wuz": "was", "bin": "been", "evry": "every", "evn": "even",
    "2": "to", "4": "for",
}  # fmt: skip
_NOT_SHORT = frozenset({"2", "4", "bin", "de", "da", "hs", "y", "r", "snap"})
"""Ordinary words or numbers too: expanded only where the message is text-speak elsewhere."""

_STRETCHED = re.compile(r"(.)\1{2,}")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[\w']+")


def normalise(text: str) -> str:
    """The same words in one spelling.

    Lower case, straight quotes, single spaces, known text-speak written out, emoji that say
    something turned into their word.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    for sign, word in _EMOJI.items():
        if sign in plain:
            plain = plain.replace(sign, f" {word} ")
    lowered = _STRETCHED.sub(r"\1\1", plain.lower())
    return _SPACE.sub(" ", _written_out(lowered)).strip()


def _written_out(text: str) -> str:
    """Text-speak expanded; ambiguous short forms only beside an unambiguous one."""
    words = _WORD.findall(text)
    speaks_text = any(word in _SHORT and word not in _NOT_SHORT for word in words)

    def full(match: re.Match[str]) -> str:
        word = match.group()
        if word in _NOT_SHORT and not speaks_text:
            return word
        return _SHORT.get(word, word)

    return _WORD.sub(full, text)
