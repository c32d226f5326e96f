"""Which next steps stand under an answer: at most three, ranked from what is known.

What the answer's own text leads to comes first, then what this person's case calls for, then what
is left of the topic. Nothing that was taken already; always a way to a person.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.actions import Action, parse_action
from bot.conversation import Conversation, Facts
from bot.dialogue.decision import Decision, Say
from bot.dialogue.flows import ASKING
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.messages import Kind

MOST = 3
ADVOCATE, HELPLINE = "ask:advocate", "ask:helpline"
PEOPLE = (ADVOCATE, HELPLINE)
A_PERSON = ("advocate", "helpline", "what_is_an_advocate")  # answers that lead to one themselves
OWN, WAITING, REST, FAMILY = 10.0, 12.0, 11.0, 5.0
"""Where a button of the answer itself begins (each next one counts one less); a flow that waits; a
thing that was told and not answered yet; what the topic's first answer also led to."""
ASK_NATION, WHERE = "question:nation", 8.5  # behind the first two, where the answer depends on it
EX = frozenset({"ex", "partner"})


def fitted(decision: Decision, heard: Heard, known: Known) -> Decision:
    """The decision with the best next steps under its last answer, where that is advice."""
    if not decision.says or decision.effects:
        return decision
    say = decision.says[-1]
    if say.choices is not None or say.kind not in {None, Kind.ADVICE}:
        return decision
    own = known.leads(say.item, decision.talk.facts, heard.channel)
    if own is None:
        return decision
    best = steps(decision.talk, say, own, heard.channel, known)
    return replace(decision, says=(*decision.says[:-1], replace(say, choices=best)))


def steps(
    talk: Conversation, say: Say, own: tuple[str, ...], channel: str, known: Known
) -> tuple[str, ...]:
    """The action ids offered, best first, the way to a person last."""
    scores: dict[str, float] = {}
    family = _family(say.item, talk.facts, channel, known)
    for offer, score in (
        *((offer, OWN - place) for place, offer in enumerate(own)),
        *_waiting(talk),
        *((f"ask:{intent}", REST - place) for place, intent in enumerate(talk.rest)),
        *_called_for(talk.facts),
        *(((ASK_NATION, WHERE),) if ASK_NATION in own else ()),
        *((offer, FAMILY - place) for place, offer in enumerate(family)),
    ):
        scores[offer] = max(score, scores.get(offer, 0.0))
    open_ = [o for o in scores if o not in PEOPLE and not _taken(o, talk, say.item, known)]
    ranked = sorted(open_, key=lambda offer: -scores[offer])  # stable: else as listed
    if say.item.partition(".")[0] in A_PERSON:
        return tuple(ranked[:MOST])
    return (*ranked[: MOST - 1], _person(talk, own))


def _person(talk: Conversation, own: tuple[str, ...]) -> str:
    """An advocate or a helpline: what the text speaks of, else the one not shown yet."""
    for offer in own:
        if offer in PEOPLE:
            return offer
    if talk.facts.role == "own" or ("advocate" in talk.given and "helpline" not in talk.given):
        return HELPLINE
    return ADVOCATE


def _taken(offer: str, talk: Conversation, shown: str, known: Known) -> bool:
    """Whether it leads to what was shown already, or asks what is known."""
    action = parse_action(offer)
    if action is None:
        return True
    match action.verb:
        case "show" | "ask":
            there = action.value in known
            return not there or action.value == shown or action.value in talk.given
        case "flow":
            return _flow_taken(action, talk, known)
        case "question":
            return _fact(talk, action.value) is not None
        case "set":
            fact, _, value = action.value.partition(":")
            return _fact(talk, fact) == value
        case _:
            return False


def _fact(talk: Conversation, name: str) -> str | None:
    return {"role": talk.facts.role, "nation": talk.facts.nation}[name]


def _flow_taken(action: Action, talk: Conversation, known: Known) -> bool:
    name, _, on = action.value.partition(":")
    flow = known.flows.get(name)
    if flow is None or (talk.facts.role or "victim") not in flow.roles:
        return True
    if talk.flow is not None and talk.flow.flow == name:
        return not on  # under way: only "go on" makes sense
    return bool(on) or any(end.item in talk.given for end in flow.ends)


def _waiting(talk: Conversation) -> Iterator[tuple[str, float]]:
    if talk.flow is not None and talk.question != ASKING:
        yield f"flow:{talk.flow.flow}:on", WAITING


def _family(item: str, facts: Facts, channel: str, known: Known) -> tuple[str, ...]:
    """What the answers above this one lead to, nearest first (`threats` for `threats.keep`)."""
    found: list[str] = []
    above = item.rpartition(".")[0]
    while above:
        found += known.leads(above, facts, channel) or ()
        above = above.rpartition(".")[0]
    return tuple(found)


def _called_for(facts: Facts) -> Iterator[tuple[str, float]]:
    """What the facts call for. 10 and more stands before the answer's own first button."""
    if facts.role == "own":
        yield from _for_own(facts)
    elif facts.role == "supporter":
        yield from _for_supporters(facts)
    else:
        yield from _for_victims(facts)


def _for_victims(facts: Facts) -> Iterator[tuple[str, float]]:
    told = set(facts.told)
    several = len(told) > 1
    calls = (
        (facts.age == "under_18", "ask:under_18", 9.6),
        (facts.orders, "ask:order_breached", 9.5),
        ("tracking_device" in told, "show:tracking_device.found", 10.5),
        (facts.children and facts.relationship in EX, "ask:children_and_contact", 9.4),
        (_grave(facts), "flow:what_worries", 9.3),
        (several and not facts.police, "ask:report_to_police", 8.5),
        (several and not facts.police, "ask:evidence", 7.5),
        (facts.police, "ask:police_not_helping", 6.0),
        (facts.police, "ask:victims_rights", 4.5),
        *((device in facts.devices, offer, 8.2) for device, offer in _BY_DEVICE.items()),
        (several, "flow:safety_plan", 7.0),
        (True, "flow:safety_plan", 3.0),
        (True, "ask:evidence", 2.5),
        (True, "ask:feelings", 1.0),
    )
    return ((offer, score) for called, offer, score in calls if called)


def _grave(facts: Facts) -> bool:
    """What is known calls for a closer look at the danger."""
    risks = set(facts.risks)
    return len(risks) > 1 or bool(risks & {"threats", "weapons", "suicidal_talk"})


def _for_supporters(facts: Facts) -> Iterator[tuple[str, float]]:
    if facts.age == "under_18":
        yield "ask:help_my_child", 9.6
    if facts.orders:
        yield "ask:order_breached", 8.5
    if len(facts.risks) > 1:
        yield "flow:what_worries", 8.4
    if facts.police is False:
        yield "show:help_someone.wont_report", 8.3
    yield from (
        ("ask:help_someone", 6.0),
        ("show:help_someone.say", 4.0),
        ("show:help_someone.do", 3.5),
        ("show:help_someone.avoid", 3.0),
        ("flow:safety_plan", 2.5),
        ("show:help_someone.yourself", 1.0),
    )


def _for_own(facts: Facts) -> Iterator[tuple[str, float]]:
    if facts.orders or facts.police:
        yield "ask:accused", 8.5
    yield from (
        ("ask:worried_about_own_behaviour", 6.0),
        ("show:worried_about_own_behaviour.urge", 4.0),
        ("show:worried_about_own_behaviour.checking", 3.5),
        ("show:worried_about_own_behaviour.talk", 3.0),
        ("show:accused.legal", 1.0),
    )


_BY_DEVICE = {
    "tracker": "ask:tracking_device",
    "phone": "ask:phone_monitored",
    "accounts": "ask:accounts_hacked",
    "camera": "ask:cameras_and_smart_home",
}
