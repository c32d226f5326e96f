"""What a person sees on one channel."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.fit import cut_title, fit_choices, split
from bot.content.last_resort import NUMBERS, emergency_card, wrong_on_our_side
from bot.content.library import Button, Item, Library
from bot.content.limits import BY_CHANNEL, TELEGRAM, WEB, WHATSAPP
from bot.content.load import Content
from bot.content.render import Renderer
from bot.content.system_items import WORDINGS
from bot.conversation import Facts
from bot.messages import Choice, Kind, Limits, Part
from nlu.reading import URGENT_INTENTS
from tests.bot.content.test_facts import law, registers, service

NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
LINE = service(
    phone=[{"label": "x", "number": "0800 1", "e164": None, "dial": "08001", "cost": "free"}]
)
COURT = Item(
    id="court", variant_of=None, role=None, nation=None, channel=None, kind=Kind.ADVICE,
    title="At court", text=("Ring {a_line.phone}. They are {a_line.open}.", "{law.a_law} Go on?"),
    again=("Ring {a_line.name}.",),
    buttons=(Button("More", "court.more"), Button("Ask", "ask:helpline"), Button("?", "jump:high")),
    sources=(), reviewed_on=None, review_by=None, where="court",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    item: str = "court"
    kind: Kind | None = None
    choices: tuple[str, ...] | None = None
    again: bool = False
    since: Facts | None = None
    acknowledge: int | None = None
    naming: tuple[str, ...] = ()
    lead: str | None = None
    wording: int = 0
    sections: tuple[str, ...] = ()


def render(item: Item = COURT, limits: Limits = WEB, say: Shown | None = None) -> tuple[Part, ...]:
    facts = registers(LINE, laws=(law("scotland", "It is a crime."),))
    own = replace(item, id="court.own", variant_of="court", role="own", text=("For you.",))
    renderer = Renderer(Content(Library([item, own], ["court"]), facts, {}, "0"))
    return renderer.render(say or Shown(), Facts(), NOW, limits, "web")


def test_bubbles_carry_their_facts_and_the_last_one_the_choices() -> None:
    """Each bubble names the register entries whose facts it shows."""
    first, last = render()

    assert first == Part(
        "Ring 0800 1. They are open 24 hours.", Kind.ADVICE, "court", refs=("service:a_line",)
    )
    assert last == Part(
        "In Scotland: It is a crime. Go on?",
        Kind.ADVICE,
        "court",
        (Choice("show:court.more", "More"), Choice("ask:helpline", "Ask")),
        ("law:a_law",),
    )


def test_the_person_gets_their_variant() -> None:
    """Under the id of the item, not of the variant."""
    facts = registers(LINE)
    own = replace(COURT, id="court.own", variant_of="court", role="own", text=("For you.",))
    renderer = Renderer(Content(Library([COURT, own], ["court"]), facts, {}, "0"))
    (part,) = renderer.render(Shown(), Facts(role="own"), NOW, WEB, "web")

    assert (part.text, part.topic) == ("For you.", "court")


def test_the_decision_may_change_kind_and_choices() -> None:
    """No choices is a decision too."""
    chosen = ("ask:court", "show:court", "ask:nowhere", "jump:high")

    assert render(say=Shown(kind=Kind.QUESTION, choices=chosen))[-1].choices == (
        Choice("ask:court", "At court"),
        Choice("show:court", "At court 2"),
    )
    assert render(say=Shown(kind=Kind.QUESTION))[0].kind is Kind.QUESTION
    assert render(say=Shown(choices=()))[-1].choices == ()


def test_the_second_time_is_shorter() -> None:
    """With the same choices; an item without shorter words is shown in full."""
    (part,) = render(say=Shown(again=True))

    assert part.text == "Ring A Line."
    assert len(part.choices) == 2
    assert len(render(replace(COURT, again=()), say=Shown(again=True))) == 2


def test_an_unknown_item_is_our_fault_and_still_shows_999() -> None:
    """It can't happen with checked content; if it does, the person is not left alone."""
    assert render(say=Shown("nowhere")) == (wrong_on_our_side(WEB),)


def test_a_long_bubble_is_split_at_a_sentence_and_each_piece_has_its_own_facts() -> None:
    """The choices stay under the last piece."""
    text = "{law.a_law} " + "It goes on and on. " * 3 + "Ring {a_line.phone}."
    small = replace(WHATSAPP, text_with_choices=70)
    first, last = render(replace(COURT, text=(text,)), small)

    assert first.text == "In Scotland: It is a crime. It goes on and on. It goes on and on."
    assert last.text == "It goes on and on. Ring 0800 1."
    assert (first.refs, last.refs) == (("law:a_law",), ("service:a_line",))
    assert (first.choices, len(last.choices)) == ((), 2)


def test_a_choice_that_fits_nowhere_else_goes_to_a_list() -> None:
    """WhatsApp: three buttons, or a list of ten with longer titles."""
    buttons = tuple(Choice(f"show:a{n}", f"A title of 23 letters {n}") for n in range(4))

    assert [c.title for c in fit_choices(buttons[:3], WHATSAPP)] == [
        "A title of 23…", "A title of 23… 2", "A title of 23… 3",
    ]  # fmt: skip
    assert [c.title for c in fit_choices(buttons, WHATSAPP)] == [b.title for b in buttons]


def test_more_choices_than_the_channel_carries_end_in_the_menu() -> None:
    """Nothing is lost: the menu leads to the rest."""
    many = tuple(Choice(f"show:a{n}", f"Title {n}") for n in range(12))
    with_menu = (Choice("menu", "All topics"), *many)

    assert [c.id for c in fit_choices(many, TELEGRAM)] == [
        *(f"show:a{n}" for n in range(7)), "menu",
    ]  # fmt: skip
    assert len(fit_choices(many, WHATSAPP)) == 10
    assert fit_choices(with_menu, TELEGRAM)[-1] == Choice("menu", "All topics")
    assert len(fit_choices(with_menu, TELEGRAM)) == 8


@pytest.mark.parametrize(
    ("title", "limit", "expected"),
    [
        ("Short", 20, "Short"),
        ("  Two   spaces ", 20, "Two spaces"),
        ("A title that is too long", 20, "A title that is too…"),
        ("A title that is much too long", 20, "A title that is…"),
        ("Donaudampfschifffahrtsgesellschaft", 20, "Donaudampfschifffah…"),
        ("I Donaudampfschifffahrt", 20, "I Donaudampfschifff…"),
    ],
)
def test_a_title_is_cut_after_a_word(title: str, limit: int, expected: str) -> None:
    """Unless a word is as long as the button."""
    assert cut_title(title, limit) == expected
    assert len(cut_title(title, limit)) <= limit


@given(st.text(alphabet=st.sampled_from("ab .!\n"), max_size=200), st.integers(1, 40))
def test_splitting_loses_no_letter_and_keeps_every_limit(text: str, limit: int) -> None:
    """Whatever the text: pieces fit, are in order, and hold every letter."""
    pieces = [text[start:end] for start, end in split(text, limit)]

    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=8), min_size=1, max_size=40))
def test_splitting_never_cuts_a_word(words: list[str]) -> None:
    """As long as each word is shorter than the limit."""
    text = " ".join(words)
    pieces = [text[start:end] for start, end in split(text, 10)]

    assert [word for piece in pieces for word in piece.split()] == words


def test_splitting_prefers_paragraphs_then_sentences_then_words() -> None:
    """The first break that fits, of the best kind."""
    assert _split("One. Two.\n\nThree. Four.", 18) == ["One. Two.", "Three. Four."]
    assert _split("One two. Three four.", 12) == ["One two.", "Three four."]
    assert _split("one two three", 8) == ["one two", "three"]
    assert _split("abcdef", 4) == ["abcd", "ef"]
    assert _split("   ", 4) == []


def _split(text: str, limit: int) -> list[str]:
    return [text[start:end] for start, end in split(text, limit)]


@pytest.mark.parametrize("channel", BY_CHANNEL)
@pytest.mark.parametrize("intent", [*URGENT_INTENTS, "anything_else"])
def test_the_built_in_cards_fit_every_channel(channel: str, intent: str) -> None:
    """With everything else gone, 999 is still said, in one bubble."""
    card = emergency_card(intent, BY_CHANNEL[channel])

    assert "999" in card.text
    assert card.kind is Kind.EMERGENCY
    assert card.topic == (intent if intent in URGENT_INTENTS else "emergency")
    assert "service:emergency_999" in card.refs
    assert len(card.text) <= min(600, BY_CHANNEL[channel].text_with_choices)


def test_the_built_in_numbers_are_the_registers(real: Content) -> None:
    """The code and the register never tell different numbers."""
    for name, number in NUMBERS.items():
        entry = real.registers.services[name]
        assert number in {*(p.number for p in entry.phone), *(s.to for s in entry.sms)}
    wrong = wrong_on_our_side(WHATSAPP)
    assert NUMBERS["national_stalking_helpline"] in wrong.text
    assert wrong.refs == ("service:emergency_999", "service:national_stalking_helpline")


@pytest.mark.parametrize("intent", URGENT_INTENTS)
def test_a_built_in_card_shows_the_facts_it_refers_to(real: Content, intent: str) -> None:
    """Every reference stands for a number in the text, and every number for a reference."""
    card = emergency_card(intent, WEB)
    numbers = {"silent_solution_55": "55"} | NUMBERS
    for name, number in numbers.items():
        assert (number in card.text) == (f"service:{name}" in card.refs)
    assert {ref.removeprefix("service:") for ref in card.refs} <= set(real.registers.services)


def test_everything_in_the_library_can_be_rendered_everywhere(real: Content) -> None:
    """For every role, nation and channel, by day and by night, first and second time."""
    renderer = Renderer(real)
    for name in sorted(real.library.ids - WORDINGS):
        for channel, limits in BY_CHANNEL.items():
            for role in (None, "supporter", "own"):
                for nation in (None, "scotland"):
                    say = Shown(name, again=role is None)
                    parts = renderer.render(say, Facts(role, nation), NOW, limits, channel)
                    assert parts
                    assert all(0 < len(part.text) <= limits.text for part in parts)
                    assert len(parts[-1].choices) <= max(limits.buttons, limits.rows)
                    assert not any("{" in part.text for part in parts)


def test_a_text_that_stays_the_same_for_a_new_fact_is_said_shorter() -> None:
    """Telling us a nation must not bring the same block again; another variant comes whole."""
    in_wales = replace(COURT, id="court.wales", variant_of="court", nation="wales")
    facts = registers(LINE, laws=(law("scotland", "It is a crime."),))
    render = Renderer(Content(Library([COURT, in_wales], ["court"]), facts, {}, "0")).render
    here, wales, scotland = Facts(), Facts(nation="wales"), Facts(nation="scotland")
    plain, short = Shown(), Shown(again=True)

    assert render(Shown(since=here), scotland, NOW, WEB, "web") == render(
        short, scotland, NOW, WEB, "web"
    )
    assert render(Shown(since=here), wales, NOW, WEB, "web") == render(
        plain, wales, NOW, WEB, "web"
    )
