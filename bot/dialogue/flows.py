"""Plays the flows of the content: one question at a time, each may be passed over or left.

While a question of a flow is the open one, words are taken as its answer where they can be. Danger,
privacy and commands come before it, and so does any other question that is plainly asked: the flow
then waits, and is offered again under the next answers.
"""

from dataclasses import replace

from bot.actions import Action
from bot.conversation import Conversation, Place
from bot.dialogue import topics
from bot.dialogue.acknowledging import STORIES
from bot.dialogue.choosing import plain, yes_or_no
from bot.dialogue.decision import Decision, Say, said_again
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.flow import DONE, SKIP, Flow, Option, Step, marks_of
from bot.messages import Kind
from nlu.reading import Reading

ASKING = "flow"  # `Conversation.question` while a step is the open question
PATIENCE = 3  # answers about other things after which a flow is let go
HEARD, NOT_GOT, LEFT = "flow.heard", "flow.not_got", "flow.left"
STOP_WORDS = frozenset({
    "stop", "stop asking", "stop it", "stop this", "stop these questions", "stop the questions",
    "no more questions", "no more", "enough", "enough questions", "cancel", "cancel that",
    "too many questions", "leave it", "forget it", "end this", "i want to stop", "can we stop",
    "can we stop this", "im done", "i'm done", "quit this", "back", "go back",
})  # fmt: skip
SKIP_WORDS = frozenset({
    "skip", "skip this", "skip it", "skip this one", "next", "next one", "next question", "pass",
    "not sure", "im not sure", "i'm not sure", "dont know", "don't know", "i dont know",
    "i don't know", "idk", "dunno", "no idea", "maybe", "rather not say", "prefer not to say",
    "id rather not say", "i'd rather not say", "move on", "hard to say", "can't say", "cant say",
})  # fmt: skip
DONE_WORDS = frozenset({
    "that's all", "thats all", "that's it", "thats it", "done", "all done", "nothing else",
    "none", "finished", "no more of them", "that is all", "no", "nope", "nah", "no thats all",
    "no that's all", "no thats it", "no that's it",
})  # fmt: skip
_TALK = frozenset({"affirm", "deny", "greet", "thanks", "out_of_scope", "not_helpful"})
"""Readings too weak to be a question of their own while ours is open."""


def tapped(talk: Conversation, act: Action | None, known: Known) -> Decision | None:
    """A button that starts a flow, takes it up again, or answers one of its steps."""
    if act is None or act.verb not in {"flow", "pick"}:
        return None
    place, _, rest = act.value.partition(":")
    name, _, at = place.partition(".")
    flow = known.flows.get(name)
    if flow is None:
        return None
    if act.verb == "flow":
        return _go_on(talk, flow) if _is_open(talk, flow) else start(talk, flow)
    step = flow.at(at)
    option = step.option(rest) if step else None
    if step is None or option is None:
        return None
    if not _is_open(talk, flow):  # an old button, or a second tap on the last one
        talk = replace(talk, flow=Place(flow.id, step.id))
    return _picked(talk, flow, step, option)


def start(talk: Conversation, flow: Flow) -> Decision:
    """The first question that is not answered already."""
    if (talk.facts.role or "victim") not in flow.roles:
        after = replace(talk.giving(flow.instead), question=None, unsure=0)
        return Decision((Say(flow.instead, again=flow.instead in talk.given),), after)
    fresh = replace(talk, flow=Place(flow.id, flow.steps[0].id))
    return _from(fresh, flow, flow.steps)


def answer(talk: Conversation, heard: Heard, known: Known) -> Decision | None:
    """What words mean for the step that is asked; None when they are about something else."""
    asked = _asked(talk, known)
    reading = heard.reading
    if asked is None or reading is None or reading.language not in {"en", "und"}:
        return None
    flow, step = asked
    words = plain(heard.words).replace("\u2019", "'")
    if words in STOP_WORDS:
        return _left(talk)
    option = _meant(step, words, heard)
    if option:
        return _picked(talk, flow, step, option)
    if _asks_else(reading):
        return None
    after, told = _learned(talk, reading)
    if step.hears:
        return _opened(_from(after, flow, flow.after(step.id)), told, talk)
    marked = _marked(step, reading)
    if not marked and not told:
        return _not_got(talk, flow, step)
    for option in marked:
        after = _set(after, option)
    rest = (step, *flow.after(step.id)) if step.many else flow.after(step.id)
    return _opened(_from(after, flow, rest), told, talk)


def waiting(before: Conversation, after: Conversation) -> Conversation:
    """The talk after an answer: a flow that nobody takes up again is let go in the end."""
    if after.flow is None or after.question == ASKING:
        return after
    waited = after.flow.waited + 1 if before.flow else 0
    return replace(after, flow=None if waited > PATIENCE else replace(after.flow, waited=waited))


def _is_open(talk: Conversation, flow: Flow) -> bool:
    return talk.flow is not None and talk.flow.flow == flow.id


def _asked(talk: Conversation, known: Known) -> tuple[Flow, Step] | None:
    """The step whose question is open."""
    if talk.question != ASKING or talk.flow is None:
        return None
    flow = known.flows.get(talk.flow.flow)
    step = flow.at(talk.flow.step) if flow else None  # content may have changed meanwhile
    return (flow, step) if flow and step else None


def _go_on(talk: Conversation, flow: Flow) -> Decision:
    assert talk.flow is not None
    step = flow.at(talk.flow.step) or flow.steps[0]
    return _from(talk, flow, (step, *flow.after(step.id)))


def _meant(step: Step, words: str, heard: Heard) -> Option | None:
    """The option that short words stand for. (Its title was looked for before.)"""
    if words in SKIP_WORDS:
        return step.option(SKIP) or step.option(DONE)
    if step.many and words in DONE_WORDS:
        return step.option(DONE)
    said = yes_or_no(heard)
    return None if said is None else step.option("yes" if said else "no")


def _asks_else(reading: Reading) -> bool:
    """True for a plain question or wish of its own; what happened to somebody is an answer."""
    other = reading.intent not in STORIES and reading.intent not in _TALK
    return other and reading.confidence >= topics.ANSWER and not reading.degraded


def _learned(talk: Conversation, reading: Reading) -> tuple[Conversation, tuple[str, ...]]:
    """The talk with what was told, and the topics that were told, most telling first."""
    told = topics.stories_in(reading)
    after = topics.learned(talk, reading)
    for intent in reversed(told):
        after = after.telling(intent)
    return replace(after, unsure=0), told if told or after.facts != talk.facts else ()


def _marked(step: Step, reading: Reading) -> tuple[Option, ...]:
    """The options that the words speak of."""
    said = {f"sign:{sign}" for sign in reading.signs} | {f"risk:{risk}" for risk in reading.risks}
    return tuple(option for option in step.options if said.intersection(option.sets))


def _set(talk: Conversation, option: Option) -> Conversation:
    """The talk with what the option says."""
    signs = [mark.removeprefix("sign:") for mark in option.sets if mark.startswith("sign:")]
    risks = [mark.removeprefix("risk:") for mark in option.sets if mark.startswith("risk:")]
    picks = [mark.removeprefix("pick:") for mark in option.sets if mark.startswith("pick:")]
    place = talk.flow
    assert place is not None
    place = replace(place, picks=tuple(dict.fromkeys((*place.picks, *picks))), waited=0)
    return replace(talk.hearing(signs=signs, risks=risks), flow=place, unsure=0)


def _picked(talk: Conversation, flow: Flow, step: Step, option: Option) -> Decision:
    """An answer is taken. One to an earlier step changes nothing in which question is open."""
    after = _set(talk, option)
    assert after.flow is not None
    now = flow.at(after.flow.step)
    if now is not None and now is not step and now in flow.after(step.id):
        return _from(after, flow, (now, *flow.after(now.id)))
    if step.many and option.id != DONE:
        return _from(after, flow, (step, *flow.after(step.id)))
    ahead = flow.after(step.id)
    if option.next is not None:
        target = flow.at(option.next)
        assert target is not None  # seen to when content is read
        ahead = (target, *flow.after(target.id))
    return _from(after, flow, ahead)


def _from(talk: Conversation, flow: Flow, steps: tuple[Step, ...]) -> Decision:
    """The first of these steps that is still to be answered, or the end."""
    assert talk.flow is not None
    marks = marks_of(talk.facts, talk.flow.picks)
    for step in steps:
        if step.unless & marks:
            continue
        left = _open_options(step, marks)
        if step.many and not any(option.sets for option in left):
            continue
        return _ask(talk, flow, step, left)
    end = flow.end(marks)
    sections = tuple(f"{flow.id}.for_{pick}" for pick in talk.flow.picks) if end.sections else ()
    say = Say(end.item, again=end.item in talk.given and not sections, sections=sections)
    after = replace(talk.giving(end.item), flow=None, question=None, unsure=0)
    return Decision((say,), after)


def _open_options(step: Step, marks: frozenset[str]) -> tuple[Option, ...]:
    """Of a choice of many, what is not known yet."""
    if not step.many:
        return step.options
    return tuple(o for o in step.options if not o.sets or not marks.issuperset(o.sets))


def _ask(talk: Conversation, flow: Flow, step: Step, options: tuple[Option, ...]) -> Decision:
    item = f"step.{flow.id}.{step.id}"
    choices = tuple(f"pick:{flow.id}.{step.id}:{option.id}" for option in options)
    asked = item in talk.given
    wording = len(step.options) - len(options)
    say = Say(item, kind=Kind.QUESTION, choices=choices, again=asked, wording=max(wording - 1, 0))
    place = replace(talk.flow or Place(flow.id, step.id), step=step.id, waited=0)
    return Decision((say,), replace(talk.giving(item), flow=place, question=ASKING))


def _opened(decision: Decision, told: tuple[str, ...], before: Conversation) -> Decision:
    """The next question, with a word on what was just told before it."""
    say, *others = decision.says
    if not told:
        return decision
    wording = before.voice + before.turns
    opened = replace(say, lead=HEARD, wording=wording) if not say.again else say
    return replace(decision, says=(opened, *others))


def _not_got(talk: Conversation, flow: Flow, step: Step) -> Decision | None:
    """Asked once more in other words; the second time it is our failing, with a way to a person."""
    if talk.unsure:
        return None
    asked = _from(talk, flow, (step,))
    note, after = said_again(asked.talk, NOT_GOT, Kind.NOTICE, choices=())
    return Decision((note, *asked.says), replace(after, unsure=talk.unsure + 1))


def _left(talk: Conversation) -> Decision:
    say, after = said_again(talk, LEFT, Kind.NOTICE)
    return Decision((say,), replace(after, flow=None, question=None, unsure=0))
