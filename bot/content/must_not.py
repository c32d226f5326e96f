"""What texts must not say, topic by topic, as patterns: the part of that list a machine can hold.

From the *must not say* lists that the texts were written by. A rule is broken by a sentence that
says the words, not by one that warns against them ("Don't just block them"). What needs judgement
(shaming, guessing, a text that is merely too long for the moment) stays with whoever approves.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing not to say. families: intents it holds for, none: everywhere. words: a regex."""

    name: str
    words: str
    why: str  # ends "'…' …", so it begins with a verb
    families: tuple[str, ...] = ()
    flat: bool = False  # wrong even in a sentence with a no in it


THEM = r"(?:them|him|her|it)"
DEVICES = (
    "phone_monitored", "accounts_hacked", "cameras_and_smart_home", "tracking_device",
    "online_safety_check",
)  # fmt: skip
POLICE = ("report_to_police", "police_not_helping", "court", "law_and_penalties")

RULES = (
    # danger
    Rule("score", r"(?<!people at )(?:low|medium|high|standard) risk|risk (?:score|level)|"
         r"out of (?:ten|10)|\d+ ?(?:%|per cent)|(?:red|amber|green) (?:flag|light)",
         "puts a score on danger"),
    Rule("statistics", r"(?:are|is|were|was|get) (?:killed|murdered)|"
         r"(?:one|two|three|1|2|3) in (?:\w+|\d+) (?:women|men|people|victims|cases)",
         "frightens with figures"),
    Rule("over", r"(?<!if )(?:it|this|the stalking) (?:is|must be|will be) over\b|(?:they|he|she) "
         r"(?:has|have|must have) (?:given up|moved on|lost interest)", "says that it is over"),
    Rule("not meant", r"(?:they|he|she) (?:don't|doesn't|do not|does not) mean it|just words|"
         r"(?:empty|idle) threats?|unlikely to", "plays a threat down", flat=True),
    Rule("silent call", r"55 (?:\w+ ){0,3}(?:shows?|tells?|gives?|sends?) (?:\w+ ){0,4}"
         r"(?:where you are|location|police)|(?:stay(?:ing)? silent|hang(?:ing)? up) is enough",
         "promises what a silent call can't do"),
    Rule("going out", r"go (?:out|outside|down) (?:and|to) (?:look|check|see)|"
         rf"(?:confront|film|photograph|chase|block) {THEM}(?: now| yourself)?\b",
         "sends the person towards danger", ("emergency", "cannot_speak", "followed_or_watched")),
    Rule("weapons", r"(?:carry|keep|use|buy|get|have) (?:a |an |some )?(?:knife|weapon|bat|"
         r"pepper spray|taser)|pepper spray|set (?:a |up a )?traps?|lie in wait",
         "suggests a weapon or a trap"),
    Rule("follow back", rf"(?:follow|track|stalk|tail) {THEM}(?: back)?\b|put (?:a|your) tracker|"
         rf"hack (?:into )?(?:{THEM}|their)|log (?:in )?to their", "tells to follow or hack back"),
    Rule("look up", r"(?:find out|look up|search for|work out|guess) (?:who|where) (?:they|he|she) "
         r"(?:are|is|lives?)|reverse (?:image )?search", "helps to find a person"),
    # life
    Rule("suicide words", r"commit(?:ted|ting)? suicide|cry for help|attention[- ]seeking",
         "is said to nobody in despair", flat=True),
    Rule("despair", r"think of your (?:family|children|kids)|it (?:will|'ll) pass|promise me",
         "is said to nobody in despair", ("suicide_self_harm",), flat=True),
    Rule("secret", r"(?:keep|stay) (?:it |this |that |your )?(?:a )?secret(?: between us)?|"
         r"your secret is safe|between (?:us|you and me)", "promises secrecy",
         ("suicide_self_harm", "harm_to_others", "under_18", "privacy", "advocate")),
    # minimising and matching
    Rule("romance", r"flatter(?:ed|ing)|a compliment|romantic|(?<!say )how sweet|lovesick|"
         r"puppy love|(?:just|only|probably) (?:a crush|a phase|lonely|kids)|secret admirer|"
         r"(?:likes?|fancies|fancy) you", "makes light of it"),
    Rule("private", r"private matter|normal after a (?:break-?up|split)|neighbour dispute|"
         r"between the two of you|six of one", "calls it a private matter"),
    Rule("imagination", r"(?:only |just |all )?(?:in )?your (?:imagination|head)|imagining (?:it|"
         r"things)|(?:just|only) (?:a )?coincidence|(?:is|was|be) by chance", "doubts the person"),
    Rule("soothing", r"be strong|try to forget|forget (?:about )?it|others have it worse|"
         r"could be worse|cheer up|look on the bright side|stay positive|calm down",
         "tells how to feel"),
    Rule("empty sympathy", r"i (?:understand|know) (?:exactly )?how you feel|"
         r"(?:i'm|i am|we're|we are) sorry to hear", "is said by rote", flat=True),
    Rule("patching up", r"mediation|couples? counselling|clear the air|hear (?:them|him|her) out|"
         r"let (?:them|him|her) down gently|sort it out between|talk it (?:through|over) with "
         r"(?:them|him|her)|be kind to (?:them|him|her)|explain (?:it )?to (?:them|him|her)|"
         r"meet (?:them|him|her) one last", "brings the person back to whoever stalks them"),
    Rule("led on", r"lead (?:them|him|her) on|led (?:them|him|her) on|why did you (?:send|reply|go|"
         r"stay)|(?:what|something) you did (?:to|that)|your own fault", "blames"),
    # what to do
    Rule("just block", r"just (?:block|ignore|delete|come off|change your)|simply (?:block|ignore)|"
         r"ignore (?:them|him|her|it) and|block (?:them|him|her) first", "acts before evidence"),
    Rule("destroy", r"(?<!is to )throw (?:it|them) (?:away|out)|smash|return to sender|"
         r"send (?:it|them) back|take (?:out the battery|the battery out)|"
         r"post (?:it|them) (?:back )?to|(?:delete|erase) (?:the |all |your |their )?"
         r"(?:messages|texts|emails|posts|chat|evidence)",
         "destroys evidence or warns whoever did it",
         ("gifts_and_deliveries", "tracking_device", "evidence", "unwanted_contact", "threats",
          "reply_or_block", "social_media", "intimate_images")),
    Rule("decoy", r"on (?:another|someone else's|a different) (?:car|bus|lorry)|"
         r"to fool (?:them|him|her)|"
         r"(?:make|use|open|create|set up) (?:a |some )?(?:fake|bait|decoy) (?:account|profile)s?|"
         r"pretend to be", "sets a bait",
         ("tracking_device", "social_media", "evidence", "stranger", "followed_or_watched")),
    Rule("device cure", r"(?:is|are|you're|you are) (?:now )?(?:secure|clean|protected)\b|"
         r"(?:finds?|detects?|shows?|stops?) (?:every|all) (?:camera|tracker|spy|bug)\w*|"
         r"factory reset (?:it|the phone|your phone|now)|no alert means|"
         r"unplug everything|rip (?:it|them) out", "promises a cure, or starts it too soon",
         DEVICES),
    Rule("pay", r"pay (?:them|him|her|the money|up)\b|bargain with|offer (?:them|him|her)",
         "bargains", ("intimate_images", "threats")),
    Rule("pictures", r"(?:send|show|share|upload|describe) (?:me|us) (?:the |a |your )?(?:picture|"
         r"image|photo|video)s?", "asks for a picture"),
    Rule("all removed", r"(?:every copy|all of (?:it|them)|everything) (?:will|can) (?:be )?(?:go|"
         r"gone|removed|taken down|deleted|erased)|(?:everything|all) is gone|gone for ever",
         "promises that all of it goes"),
    Rule("order safe", r"(?:an? )?(?:order|app|alarm|tag|course|programme|refuge|move|moving) "
         r"(?:will |can )?(?:keeps?|makes?|made) (?:you|anyone|someone|them) safe|"
         r"moving (?:house |away )?(?:will )?(?:ends?|stops?) it",
         "says that one thing makes safe"),
    Rule("outcome", r"(?:you|they|he|she) (?:will|'ll) (?:get|win|be given) (?:an? )?(?:order|"
         r"advocate|compensation|payment|conviction|sentence|justice)|will (?:go to|end up in) "
         r"prison|(?:complaint|case) will (?:work|succeed)", "promises an outcome"),
    Rule("must", r"(?<![\"“])you (?:must|have to|need to) (?:report|go to the police|"
         r"give evidence|leave|move|tell the police)|your duty to report",
         "gives an order about a choice"),
    Rule("pointless", r"(?:is|it's) pointless|no point (?:in )?(?:reporting|telling|trying)|"
         r"police (?:are|is) (?:useless|hopeless|lazy)|stop reporting|take it into your own hands|"
         r"without (?:evidence|proof),? there is no case", "closes the way to the police"),
    Rule("wait", r"wait and see|let (?:this|it) one go|save (?:them|the breaches) up|"
         r"wait (?:until|till) (?:they|he|she) (?:hurts?|does)|has to hurt you", "waits for worse",
         ("order_breached", *POLICE, "threats", "work_or_study")),
    Rule("warn them", r"(?:warn|tell) (?:them|him|her) (?:that )?you(?:'ll| will|'re going to) "
         r"(?:report|go to)|get (?:some )?(?:friends|people|mates|a friend) (?:round|to warn|"
         r"to have)",
         "warns whoever stalks"),
    Rule("house arrest", r"never go (?:out )?(?:anywhere )?alone|stay (?:in|at home) (?:until|"
         r"from now)|you should (?:move|resign|quit|leave your job)", "shrinks the person's life"),
    Rule("enough times", r"(?:only|not) (?:count|be stalking|stalking) (?:if|until|unless)|"
         r"at least \w+ (?:times|incidents)", "sets a number of times", ("what_is_stalking",
         "is_this_stalking"), flat=True),
    Rule("diagnosis", r"(?:they|he|she|you) (?:are|is|have|has|suffers?) (?:a )?(?:psychopath|"
         r"narcissist\w*|mentally ill|personality disorder|erotomani\w*|delusional|obsessed "
         r"with you)", "gives a diagnosis"),
    Rule("loopholes", r"(?:only|just) (?:a )?civil|one (?:message|call|look) (?:is|won't|doesn't)|"
         r"within the (?:law|order)|technically (?:allowed|legal)|get away with",
         "shows the way round a rule", ("accused", "worried_about_own_behaviour",
         "law_and_penalties", "protective_orders", "order_breached", "harm_to_others")),
    Rule("coaching", r"(?:tell|say to) the (?:court|judge|jury|police) that (?:you|they) (?:never|"
         r"didn't)|what to say in court", "coaches a witness", ("court", "accused")),
    # the bot
    Rule("human", r"i(?:'m| am) (?:a )?(?:person|human|real|counsellor|police officer|charity)|"
         r"(?<!don't )i (?:care about|feel|love|worry about) (?:you|for you)",
         "claims to be what it is not"),
    Rule("encrypted", r"end[- ]to[- ]end|encrypted|untraceable|completely private",
         "claims what nobody here can hold", ("privacy", "delete_my_data", "cover_tracks",
         "about_the_bot")),
    Rule("connecting", r"(?:connecting|putting|passing|transferring) you (?:through|to|over|now)|"
         r"(?<!how )(?:someone|they) will (?:call|ring|write|get back to) (?:you|back)",
         "promises a person", ("advocate", "helpline", "what_is_an_advocate")),
)  # fmt: skip
"""Every rule, each with a name that its test uses."""
