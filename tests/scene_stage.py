"""Plays a scene through the real service and says what was not as expected."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.commands.talk import TalkSession, read_instant
from bot.content.library import Item
from bot.conversation import Conversation
from bot.messages import Address
from bot.ports import Engine
from nlu.reading import Context, EngineState, Reading
from tests.channel_limits import beyond
from tests.scene_files import Scene


class Doubting:
    """The engine, but for words whose scene says between which readings it is torn (`read:`)."""

    name = "embedded"

    def __init__(self, engine: Engine, scene: Scene) -> None:
        self._engine = engine
        self._torn = {step["they"]: step["read"] for _, step in scene.steps if "read" in step}

    async def read(self, text: str, context: Context) -> Reading:
        """Even shares of a half for the readings named; nothing urgent."""
        if text not in self._torn:
            return await self._engine.read(text, context)
        torn = self._torn[text]
        return Reading(tuple((intent, 0.5 / len(torn)) for intent in torn), language="en")

    def state(self) -> EngineState:
        """The engine's."""
        return self._engine.state()


@dataclass
class Stage:
    """Plays one scene's steps and says what was not as expected."""

    scene: Scene
    session: TalkSession
    clock: float = 0.0  # hours since the scene's start
    offered: dict[str, str] = field(default_factory=dict)  # id by title, newest wins
    shown: set[str] = field(default_factory=set)  # every text so far

    async def play(self, step: dict[str, Any]) -> list[str]:
        """The complaints about one step; empty when all is as the scene says."""
        if "they" in step:
            return await self._said(step, text=(step["they"] or "") * int(step.get("times", 1)))
        if "tap" in step:
            if step["tap"] not in self.offered:
                return [f"no such button was offered; there were {sorted(self.offered)}"]
            return await self._said(step, tap=self.offered[step["tap"]])
        if "old_button" in step:
            return await self._said(step, tap=step["old_button"])
        if "media" in step:
            return await self._said(step, media=step["media"])
        event: dict[str, Any] = {"restart": True}
        if "later" in step:
            self.clock += float(step["later"])
            moved = read_instant(self.scene.at) + timedelta(hours=self.clock)
            event = {"at": moved.isoformat()}
        answer = await self.session.handle(json.dumps(event))
        return [] if answer.get("ok") and not answer["deliveries"] else [str(answer)]

    async def _said(self, step: dict[str, Any], **event: str) -> list[str]:
        answer = await self.session.handle(json.dumps({"chat": "c1", **event}))
        replies = answer.get("replies")
        if not replies:
            return [f"no answer: {answer}"]
        complaints = _compare(step, replies, answer["state"])
        complaints += filter(None, (beyond(reply, self.scene.channel) for reply in replies))
        texts = [reply["text"] for reply in replies]
        if self.scene.nothing_twice:
            complaints += [f"word for word again: {text}" for text in texts if text in self.shown]
        self.shown.update(texts)
        self.offered |= {b["title"]: b["id"] for reply in replies for b in reply["buttons"]}
        app = await self.session.app()
        complaints += _opening(step, texts, app.shelf.content.library.items)
        kept = await app.conversation(Address(self.scene.channel, "c1"))
        if step.get("erased") and kept != Conversation():
            complaints.append("something is still kept")
        return complaints


def _opening(step: dict[str, Any], texts: list[str], items: Iterable[Item]) -> list[str]:
    """What is wrong with how the answer begins, if the scene says (`opens:`)."""
    if "opens" not in step:
        return []
    opened = {
        item.id
        for item in items
        for line in item.acknowledge
        if any(text.startswith(f"{line} ") for text in texts)
    }
    wanted = step["opens"]
    right = wanted in opened if wanted != "none" else not opened
    return [] if right else [f"opened as {sorted(opened) or 'none'}, not {wanted}"]


def _compare(
    step: dict[str, Any], replies: list[dict[str, Any]], state: dict[str, Any]
) -> list[str]:
    """What differs between a step's expectations and the answer."""
    topics = [str(reply["topic"]) for reply in replies]
    said = "\n".join(reply["text"] for reply in replies)
    titles = [button["title"] for reply in replies for button in reply["buttons"]]
    wanted = step.get("bot")
    if wanted and wanted[0] != "hello.short" and topics[0].startswith("hello.short"):
        topics = topics[1:]  # the line or two before a first answer need not be listed
    heads = [topic for i, topic in enumerate(topics) if i == 0 or topic != topics[i - 1]]
    wrong = []
    if wanted and not (
        len(wanted) == len(heads)
        and all(h == w or h.startswith(f"{w}.") for h, w in zip(heads, wanted, strict=True))
    ):
        wrong.append(f"answered {heads}, not {wanted}")
    urgent = [reply["topic"] for reply in replies if reply["kind"] == "emergency"]
    if "card" in step and [step["card"]] != (urgent[:1] or ["none"]):
        wrong.append(f"the card is {urgent[:1]}, not {step['card']}")
    if urgent and replies[0]["kind"] != "emergency":
        wrong.append("something stands before the card")
    wrong += [f"did not say “{text}”" for text in step.get("says", ()) if text not in said]
    wrong += [f"said “{text}”" for text in step.get("not", ()) if text in said]
    wrong += [f"no button “{title}”" for title in step.get("buttons", ()) if title not in titles]
    for fact in ("role", "nation"):
        if fact in step and (state[fact] or "unknown") != step[fact]:
            wrong.append(f"{fact} is {state[fact]}, not {step[fact]}")
    if "flow" in step and (state["flow"] or "none") != step["flow"]:
        wrong.append(f"the open flow is {state['flow']}, not {step['flow']}")
    return wrong
