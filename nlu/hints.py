"""Facts said in passing: who is speaking, where they live, who it is about, age, police.

Conservative: None when the words do not say it. A wrong guess sends someone the wrong law, so
place names count only where they are places ("in Glasgow", not "Scottish terrier"), and a role
only where it is plain who does what to whom.
"""

import re
from collections.abc import Callable

from nlu.reading import Hints
from nlu.urgent_text import mended

_KIN = (
    r"(?:(?:best|close|good|old|little|big|younger|older|elderly|dear|poor|own|step|teenage|"
    r"grown up) ){0,2}"
    r"(?:friend|mate|bestie|sister|sis|mum|mam|mom|mother|daughter|brother|dad|father|son|gran|nan|"
    r"grandma|niece|nephew|cousin|auntie|aunt|uncle|colleague|coworker|flatmate|housemate|roommate|"
    r"neighbour|wife|husband|partner|girlfriend|boyfriend|employee|student|pupil|client|tenant|"
    r"stepdaughter|stepson|goddaughter|kid|child|granddaughter|grandson|sister in law)"
)
_DONE = (
    r"(?:stalked|followed|harassed|watched|threatened|blackmailed|bombarded|hounded|targeted|"
    r"tracked|"
    r"hacked|pestered|bothered|attacked|messaged|monitored|controlled)"
)
_DOES = (
    r"(?:follow(?:s|ed|ing)?|stalk(?:s|ed|ing)?|harass(?:es|ed|ing)?|watch(?:es|ed|ing)?|"
    r"threaten(?:s|ed|ing)?|message[sd]?|messaging|text(?:s|ed|ing)?|call(?:s|ed|ing)|ring(?:s|"
    r"ing)?|"
    r"contact(?:s|ed|ing)?|bother(?:s|ed|ing)?|track(?:s|ed|ing)?|hound(?:s|ed|ing)?)"
)
_OWN = re.compile(
    r" i (?:can not|could not|do not know how to|am struggling to|want to|need to|try to|have to) "
    r"(?:seem to |just )?stop (?:myself |from )?"
    r"(?:checking|following|messaging|texting|calling|ringing|watching|looking at|stalking|"
    r"driving past|"
    r"going (?:past|to|round)|thinking about (?:her|him|my ex)|contacting|tracking|emailing|"
    r"searching|"
    r"turning up|obsessing|monitoring|googling)"
    r"| i (?:have been|was|got|am being|am|just got|have just been) (?:just )?(?:arrested|"
    r"accused|charged|served|"
    r"cautioned|interviewed|reported|convicted|bailed|warned|given)(?: by the police|"
    r" under caution)? "
    r"(?:for|of|with|about|over) (?:\w+ ){0,2}(?:stalking|harassment|harassing|following|"
    r"a stalking|an spo|"
    r"a restraining|a non molestation|an order|contacting|messaging|breaching)"
    r"| i (?:keep|kept) (?:checking|following|messaging|texting|calling|driving past|going past|"
    r"looking at|"
    r"turning up|ringing|watching|stalking) (?:\w+ ){0,2}(?:her|his|their|my ex|him|ex|them|"
    r"at her|at his)"
    r"| i (?:am|was|have been|think i am|think i might be|might be|may be|"
    r"am worried i am) (?:a stalker|"
    r"stalking (?:someone|her|him|my|a)|harassing (?:someone|her|him|my)|obsessed with (?:her|"
    r"him|my ex|a|someone|this))"
    r"| (?:stalking|harassment|restraining|protection|non molestation) (?:order |notice |charge )?"
    r"(?:against me|taken out on me|has been served on me)"
    r"| (?:she|he|they|my ex|ex) (?:says|said|thinks|claims|told the police|is saying|"
    r"has accused me|accused me|accuses me)"
    r"(?: that| of)? (?:i am |i have been |i was )?(?:stalking|harassing|following) (?:her|him|"
    r"them)"
    r"| am i (?:a stalker|stalking|harassing)"
    r"| i (?:follow|followed|have been following|am following|am watching|"
    r"have been watching) (?:her|him|my ex)"
    r"(?= (?:home|everywhere|to|around|on|from|and|again| |$))"
)
_SUPPORTER = re.compile(
    rf" (?:my|our|a) (?:{_KIN}) (?:is|has been|was|gets|keeps getting|keeps being|who is|"
    rf"is still|is now|has|"
    rf"thinks she is|thinks he is|says she is|says he is) (?:being |getting |been )?{_DONE}"
    rf"| (?:someone|a man|a woman|some man|some bloke|some guy|he|she|her ex|his ex|an ex|"
    rf"this man|this guy|a stalker|"
    rf"(?:my|our) {_KIN}s ex(?: (?:husband|wife|partner|boyfriend|"
    rf"girlfriend))?) (?:\w+ ){{0,3}}{_DOES} "
    rf"(?:my|our) {_KIN}(?! is | has )"
    rf"| (?:my|our) {_KIN}s (?:ex|stalker|ex (?:husband|wife|partner|boyfriend|"
    rf"girlfriend)) (?!is my |and i )"
    rf"| (?:my|our) {_KIN} has (?:a|got a) stalker"
    rf"| how (?:can|do|should|could) (?:i|we) (?:best )?(?:help|support) (?:my|a|our|someone|her|"
    rf"him)"
    rf"(?: {_KIN})?(?! (?:stop|with (?:my|homework)))"
    rf"| (?:i am|it is) (?:asking|worried|here|writing|scared|frightened) (?:about|for|"
    rf"on behalf of) (?:my|our|a) {_KIN}"
    rf"| (?:asking|writing) (?:this )?for (?:my|a) (?:friend|mate|sister|daughter|mum)"
    rf"| (?:a|one of (?:my|our)) (?:staff|students?|pupils?|employees?|tenants?|team|clients?|"
    rf"patients?) (?:\w+ )?"
    rf"(?:is|has been|are) being {_DONE}"
)
_VICTIM = re.compile(
    rf" i (?:am|have been|was|keep|think i am|am still|am now) (?:being |"
    rf"getting )?(?:constantly |always )?{_DONE}"
    r"(?! by accident)"
    r"| i have (?:got )?a stalker| my stalker"
    r"| (?:my (?:ex|x)|he|she|someone|they|(?:a|some|this) (?:man|guy|bloke|woman|stranger)|"
    r"neighbour)"
    r"(?: (?:husband|wife|partner|boyfriend|girlfriend))? "
    r"(?:is|has been|keeps|will not stop|kept|started|constantly|always|still) "
    r"(?:stalking|following|harassing|threatening|watching|bombarding|hounding|messaging|"
    r"texting|calling|"
    r"ringing|turning up at|tracking) (?:me|my (?:house|work|phone|car|flat|home))\b"
)

_TOWNS = {
    "england": """london birmingham leeds manchester liverpool sheffield bristol newcastle nottingham
    leicester coventry bradford hull stoke wolverhampton derby southampton portsmouth
    plymouth brighton sunderland norwich luton preston blackpool middlesbrough bolton
    bournemouth peterborough york exeter oxford cambridge gloucester ipswich cornwall devon
    kent essex yorkshire lancashire cumbria surrey sussex norfolk suffolk merseyside
    northumberland tyneside croydon milton\\ keynes england""",
    "scotland": """glasgow edinburgh aberdeen dundee inverness paisley stirling falkirk perth ayr
    kilmarnock dunfermline greenock livingston motherwell fife orkney shetland lanarkshire
    scotland""",
    "wales": """cardiff swansea newport wrexham barry bangor aberystwyth llanelli merthyr rhyl
    caerphilly bridgend carmarthen llandudno neath pontypridd cymru wales""",
    "northern_ireland": """belfast derry londonderry lisburn newry armagh omagh coleraine ballymena craigavon
    enniskillen antrim tyrone fermanagh northern\\ ireland ulster""",
}
_AMBIGUOUS = frozenset(
    ["perth", "bangor", "newport", "barry", "derry", "newcastle", "hull", "york", "derby"]
)
_BEFORE = (
    r" (?:i am|we are|i live|we live|live|lives|living|based|moved|move|here|from|flat|house|"
    r"home|staying|"
    r"student|uni|university|work|working|someone|anyone|help|services|support|am|is|are|"
    r"currently|up|down|over) "
    r"(?:here |back |up |down |over |just |now |to |based |living )?"
)
_POLICE_OF = {
    "scotland": r" police scotland | procurator fiscal | sheriff court | non harassment order ",
    "northern_ireland": r" psni ",
    "england": r" met police | metropolitan police | greater manchester police | west midlands police ",
    "wales": r" (?:south|north) wales police | gwent police | dyfed powys ",
}


def _places() -> dict[str, re.Pattern[str]]:
    made: dict[str, re.Pattern[str]] = {}
    for nation, block in _TOWNS.items():
        names = block.replace("\\ ", "_").split()
        sure = "|".join(name.replace("_", " ") for name in names if name not in _AMBIGUOUS)
        unsure = "|".join(name for name in names if name in _AMBIGUOUS) or "(?!)"
        made[nation] = re.compile(
            rf" (?:in|near|around|outside of|living in|from) (?:south |north |east |west |"
            rf"central |greater )?"
            rf"(?:{sure})(?= (?!terrier|university hospital of|road|street))"
            rf"|{_BEFORE}in (?:{unsure})(?= )"
            rf"|^ (?:{sure}) (?=$)"
            rf"|{_POLICE_OF[nation]}"
        )
    return made


_PLACES = _places()
_NOT_HOME = re.compile(
    r" (?:he|she|they|ex) (?:is|lives|live|moved|was|used to live|is living|works|is from|"
    r"comes from) (?:now |back )?"
    r"(?:to |in |from )+(?:\w+ )?$"
    r"| (?:holiday|weekend|used to live|used to be|lived|originally|born|met|grew up|trip|"
    r"moved away|moved) "
    r"(?:\w+ )?$"
)

_RELATIONS: tuple[tuple[str, str], ...] = (
    (
        "ex",
        r" (?:my|me|the|an) (?:abusive |crazy |horrible )?ex(?: |$)| (?:my|our) (?:kids|"
        r"childrens|sons|daughters|babys) (?:dad|father)"
        r"| ex (?:husband|wife|partner|boyfriend|girlfriend|fiance)| we (?:broke up|split up|"
        r"separated|divorced)"
        r"| i (?:left him|left her|broke up with|split (?:up )?(?:with|from)|dumped|"
        r"ended it with|finished with)"
        r"| since (?:we|i) (?:split|broke up|separated|left)| baby (?:daddy|dad)",
    ),
    (
        "partner",
        r" my (?:current )?(?:husband|wife|partner|boyfriend|girlfriend|fiance) (?:is|has|keeps|"
        r"will not|"
        r"checks|tracks|follows|watches|controls|goes through|reads|put|puts|monitors|"
        r"does not let)",
    ),
    (
        "colleague",
        r" (?:my|a|this|an|another) (?:colleague|coworker|boss|manager|customer|patient|"
        r"supervisor|workmate|"
        r"ex colleague|former colleague) (?:\w+ )?(?:is|has|keeps|who|will not|at|from|follows|"
        r"sends|messages)"
        r"| (?:man|guy|woman|bloke|someone|person|lad) (?:at|from) (?:my )?work",
    ),
    (
        "neighbour",
        r" (?:my|our|a|the) (?:next door |upstairs |downstairs )?neighbour (?:is|has|keeps|"
        r"will not|watches|who|follows|stares)| (?:man|guy|woman|bloke|lad) next door",
    ),
    (
        "family",
        r" my (?:own |step )?(?:dad|father|mum|mother|brother|uncle|cousin|stepdad|son|daughter|"
        r"sister|nephew|aunt|"
        r"in laws|family|brother in law|father in law|stepfather) (?:is|has|keeps|"
        r"will not) (?:been )?"
        r"(?:stalking|following|harassing|threatening|watching|tracking|hounding|turning up|"
        r"messaging|looking for|"
        r"hunting)",
    ),
    (
        "stranger",
        r" (?:a|some|this|complete|total|random) (?:complete |total |random )?stranger|"
        r" do not know (?:who|him from|her from)"
        r" (?:it is|he is|she is|they are|is doing|adam|is sending|keeps)| no idea who (?:it is|"
        r"he is|she is|they are|is)"
        r"| (?:never met|do not know) (?:him|her|them) (?: |$)",
    ),
    (
        "online",
        r" (?:someone|man|guy|woman|person|bloke|girl|boy) (?:i (?:met|know|talked to|"
        r"spoke to) )?(?:online|on (?:tinder|hinge|bumble|discord|"
        r"instagram|insta|snapchat|reddit|tiktok|facebook|grindr|a dating app|the internet|"
        r"a game))| (?:i )?met "
        r"(?:him|her|them) (?:online|on (?:tinder|hinge|bumble|grindr|discord|a dating app|"
        r"facebook|instagram))",
    ),
    (
        "acquaintance",
        r" (?:a|my|this|some|someone|guy|man|woman|bloke|girl) (?:old |former |ex )?(?:friend|"
        r"classmate|friend of a friend) "
        r"(?:who|of mine|is|has|keeps|will not) (?:\w+ )?(?:keeps|stalking|following|harassing|"
        r"will not leave|obsessed)"
        r"| (?:man|guy|woman|bloke|someone|lad|person) (?:at|from|in) my (?:gym|church|mosque|"
        r"club|class|course|uni|choir)",
    ),
)
_RELATION = tuple((name, re.compile(pattern)) for name, pattern in _RELATIONS)

_UNDER_18 = re.compile(
    r" (?:i am|im|am|me|i turn|i turned|just turned|only|we are) (?:only |just |like |nearly |"
    r"almost |about |a )?"
    r"(?:1[0-7]|8|9|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
    r"(?: (?:years?|yrs?|yr|yo|y|and|f|m|btw|so|but|next|in|soon|girl|boy|now|he|she|my|,)(?= )|"
    r"(?= ,| $))"
    r"(?! (?:pounds|minutes|weeks|months|hours|miles|days))"
    r"| i am (?:a )?(?:1[0-7]) year old| i am in (?:year (?:[7-9]|10|11)|s[1-4]|"
    r"secondary school|primary school)"
    r"| (?:i am|im) under (?:18|eighteen|16)"
    r"| i am (?:a )?(?:minor|kid|child|schoolgirl|schoolboy)(?= )"
    r"| my gcses(?= )"
)
_NOT_AGE = re.compile(
    r" (?:when i was|i was|since i was|back when|my (?:son|daughter|sister|brother|niece|friend|"
    r"kid|child|mate)) "
)
_ADULT = re.compile(
    r" (?:i am|im) (?:a |only |just |nearly )?(?:1[89]|[2-9][0-9])(?: (?:years?|yrs?|yo|and|f|m|"
    r"year old)(?= )|(?= ,| $))"
    r"| (?:i am|im) (?:over 18|an adult|a pensioner|retired|a grandmother|a grandad|a mum of|"
    r"a mother of)"
)
_POLICE_YES = re.compile(
    r" (?:i|we|she|he|my (?:sister|friend|mum|daughter)) (?:have |has )?(?:already |just |also |"
    r"even )?(?:reported|told|called|phoned|rang|rung|"
    r"contacted|spoke to|spoken to|been to|went to|gone to|informed|notified) (?:it |this |him |"
    r"her |them |everything |all of it |that |the |my ex )?"
    r"(?:to |with )?(?:the )?(?:police|101|cops|psni)(?= )"
    r"| (?:the )?police (?:have been|has been|were|are|was|is)? ?(?:told|informed|involved|"
    r"called|aware|investigating|came|know|said|"
    r"did nothing|have done nothing|arrested|gave me|will not do|are not|have not|"
    r"took a statement|dropped|do not care|are useless)"
    r"| (?:crime|incident|reference) (?:reference|number)(?= )| my (?:oic|police officer|"
    r"officer in the case)(?= )"
    r"| he (?:is|has been|was|got) (?:arrested|on bail|charged|"
    r"cautioned)(?! for stalking (?:someone|another))"
)
_POLICE_NO = re.compile(
    r" (?:i|we|she|he) (?:have|has|had|did) (?:not|never) (?:yet )?(?:told|reported|called|"
    r"gone to|been to|contacted|rung|tell|report|"
    r"call|go to|spoken to|informed) (?:it |this |him |her |anything |any of it )?(?:to |"
    r"with )?(?:the )?police"
    r"| (?:too )?(?:scared|afraid|frightened|worried|embarrassed|nervous) to (?:go to|tell|call|"
    r"report (?:it |this |him )?to|ring|involve) the police"
    r"| do not want (?:to (?:go to|tell|involve|call|report (?:it |this |him )?to)|"
    r"the) (?:the )?police"
    r"| (?:should|shall|can|could) (?:i|we) (?:tell|call|go to|report (?:it|this|him|her)? ?to|"
    r"contact|ring|phone) the police"
)


def hints_in(text: str) -> Hints:
    """What the words say in passing. Every field None unless plainly said. Never raises."""
    words = mended(text)
    sentences = [f"{sentence.rstrip()} " for sentence in words.sentences]
    return Hints(
        role=_role(sentences),
        nation=_nation(sentences),
        relationship=_first(sentences, _RELATION),
        age=_age(sentences),
        police=_police(sentences),
    )


def _seen(sentences: list[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(sentence) for sentence in sentences)


def _first(sentences: list[str], patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    return next((name for name, pattern in patterns if _seen(sentences, pattern)), None)


def _role(sentences: list[str]) -> str | None:
    """Own before supporter before victim: the rarer and plainer first. Two at once: none."""
    own = _seen(sentences, _OWN)
    supporter = _seen(sentences, _SUPPORTER)
    if own and supporter:
        return None
    if own:
        return "own"
    if supporter:
        return "supporter"
    return "victim" if _seen(sentences, _VICTIM) else None


def _nation(sentences: list[str]) -> str | None:
    """The one nation named as home. Two nations, or one where another person lives: none."""
    found = {
        nation
        for nation, pattern in _PLACES.items()
        for sentence in sentences
        for match in pattern.finditer(sentence)
        if not _NOT_HOME.search(f"{sentence[: match.end()].rpartition(' in ')[0]} in ")
        and not _NOT_HOME.search(sentence[: match.start() + 1])
    }
    return found.pop() if len(found) == 1 else None


def _age(sentences: list[str]) -> str | None:
    own = [sentence for sentence in sentences if not _NOT_AGE.search(sentence)]
    answers: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("under_18", _UNDER_18.search),
        ("adult", _ADULT.search),
    )
    return next((age for age, says in answers if any(says(sentence) for sentence in own)), None)


def _police(sentences: list[str]) -> bool | None:
    if _seen(sentences, _POLICE_NO):
        return False
    return True if _seen(sentences, _POLICE_YES) else None
