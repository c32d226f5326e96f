"""Each number, hour and law comes from the registers, or is not said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.content.facts import FIELDS, Registers, refusal, shown
from bot.content.load import Content
from bot.content.placeholders import fill
from bot.content.register_shapes import LawFact, Service

NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)


def service(**changes: Any) -> Service:
    """A sound service of the register with these fields changed."""
    fields: dict[str, Any] = {
        "id": "a_line",
        "name": "A Line",
        "group": "crisis",
        "run_by": "A Charity",
        "what_for": "Somebody to talk to.",
        "who": ["anyone"],
        "nations": ["england"],
        "phone": [],
        "sms": [],
        "whatsapp": [],
        "email": None,
        "url": "https://a-line.example/",
        "webchat": None,
        "hours": {
            "always_open": "true",
            "slots": [],
            "bank_holidays": "open",
            "confidence": "high",
            "note": None,
        },
        "cost": "free",
        "access": {},
        "sources": [{"url": "x", "seen": None, "says": "y"}],
        "confidence": "high",
        "check": "None.",
    }
    return Service.model_validate(fields | changes)


def registers(*services: Service, laws: tuple[LawFact, ...] = ()) -> Registers:
    return Registers(
        {s.id: s for s in services},
        {fact.id: fact for fact in laws},
        {"name": "the Test Charity"},
        frozenset({"a_hidden_line"}),
        {},
    )


def law(nation: str, statement: str, confidence: str = "high") -> LawFact:
    return LawFact.model_validate(
        {
            "id": "a_law",
            "nation": nation,
            "topic": "offence",
            "statement": statement,
            "detail": "x",
            "source": {"title": "x", "url": "y", "seen": None},
            "as_of": "2026-11-24",
            "confidence": confidence,
            "check": "None.",
            "review_by": "2027-05-24",
        }
    )


def test_every_entry_of_the_registers_is_read(real: Content) -> None:
    """Without an exception list."""
    assert len(real.registers.services) == 74
    assert len(real.registers.laws) == 166
    assert len(real.registers.hidden) == 18


VALUES = {
    "emergency_999.phone": "999",
    "emergency_999.phone2": "112",
    "silent_solution_55.press": "55",
    "nhs_111_wales_press_2.press": "2",
    "police_101.phone": "101",
    "relay_uk_18000.phone": "18000",
    "shout.sms": "text SHOUT to 85258",
    "shout.sms_to": "85258",
    "shout.sms_keyword": "SHOUT",
    "emergency_sms.sms": "text register to 999",
    "emergency_sms.sms2": "text 999",
    "emergency_sms.sms2_to": "999",
    "scotland_dafmh.whatsapp": "07401 288595",
    "samaritans.email": "jo@samaritans.org",
    "samaritans.run_by": "Samaritans (charity)",
    "childline.webchat": "https://www.childline.org.uk/get-support/1-2-1-counsellor-chat/",
    "national_stalking_helpline.phone": "0808 802 0300",
    "national_stalking_helpline.open": "opens Wednesday at 9.30am",
    "samaritans.hours": "24 hours a day, every day",
    "samaritans.cost": "free",
    "galop.hours": "check its website for opening hours",
    "mankind_initiative.open": "check its website for opening hours",
}


@pytest.mark.parametrize(("key", "value"), VALUES.items())
def test_a_fact_as_it_is_shown(real: Content, key: str, value: str) -> None:
    """Written as the register writes it."""
    assert refusal(real.registers, key, NOW) is None
    fact = shown(real.registers, key, NOW, "Ring them, ")
    if not key.endswith(("run_by", "webchat")):
        assert fact.text == value
    assert fact.ref == f"service:{key.partition('.')[0]}"


REFUSED = {
    "nonsense": "'{nonsense}' is not a placeholder such as {samaritans.phone}",
    "law.no_such": "the law register has no fact 'no_such'",
    "law.sc_dapn": "the law fact 'sc_dapn' is not certain enough to show",
    "operator.shoe_size": "operator.yml has no line 'shoe_size'",
    "the_mix.phone": "the service 'the_mix' is unverified and must not be shown",
    "no_such.phone": "the register has no service 'no_such'",
    "samaritans.to_confirm": f"a service has no field 'to_confirm' ({', '.join(FIELDS)})",
    "suzy_lamplugh_trust.phone": "the service 'suzy_lamplugh_trust' has no phone",
    "suzy_lamplugh_trust.open": "the service 'suzy_lamplugh_trust' has no open",
    "suzy_lamplugh_trust.hours": "the service 'suzy_lamplugh_trust' has no hours",
    "suzy_lamplugh_trust.press": "the service 'suzy_lamplugh_trust' has no press",
    "live_fear_free.whatsapp": "the service 'live_fear_free' has no whatsapp",
    "paladin.email": "the service 'paladin' has no email",
    "forced_marriage_unit.email": "the service 'forced_marriage_unit' has no email",
    "samaritans.sms_keyword": "the service 'samaritans' has no sms_keyword",
    "british_transport_police.sms_keyword": "the service 'british_transport_police' has no "
    "sms_keyword",
    "hollie_guard.cost": "the cost of 'hollie_guard' is not confirmed",
}


@pytest.mark.parametrize(("key", "why"), REFUSED.items())
def test_what_is_not_certain_has_no_placeholder(real: Content, key: str, why: str) -> None:
    """Unverified services, contacts to be confirmed, low confidence: refused by name."""
    assert refusal(real.registers, key, NOW) == why


def test_a_service_of_low_confidence_is_refused() -> None:
    """Whatever part of the register it stands in."""
    facts = registers(service(confidence="low"))

    assert refusal(facts, "a_line.name", NOW) == (
        "the service 'a_line' is not certain enough to show"
    )


LAW_TEXTS = [
    ("uk", "It is a crime.", "{law.a_law}", "It is a crime."),
    ("scotland", "It is a crime.", "{law.a_law}", "In Scotland: It is a crime."),
    ("scotland", "Scots law says so.", "{law.a_law}", "In Scotland: Scots law says so."),
    ("scotland", "In Scotland it is.", "{law.a_law}", "In Scotland it is."),
    ("england_wales", "It is.", "{law.a_law}", "In England and Wales: It is."),
    ("northern_ireland", "It is.", "{law.a_law}", "In Northern Ireland: It is."),
    ("scotland", "It is.", "In Scotland the law says: {law.a_law}", None),
    ("scotland", "It is.", "You live in Scotland. {law.a_law}", "In Scotland: It is."),
    ("scotland", "It is.", "Scotland\n{law.a_law}", "In Scotland: It is."),
]


@pytest.mark.parametrize(("nation", "statement", "text", "expected"), LAW_TEXTS)
def test_a_law_is_never_shown_without_its_nation(
    nation: str, statement: str, text: str, expected: str | None
) -> None:
    """Named in the statement, or in the same sentence before it, or put in front."""
    filled = fill(text, registers(laws=(law(nation, statement),)), NOW)

    assert filled.text == text.replace("{law.a_law}", expected or statement)
    assert [span.ref for span in filled.spans] == ["law:a_law"]


def test_a_nation_is_put_in_front_once_and_not_before_each_statement() -> None:
    """Three statements in a row that all begin "In Scotland:" read like a form."""
    facts = registers(laws=(law("scotland", "It is."),))

    assert fill("{law.a_law}\n{law.a_law} {law.a_law}", facts, NOW).text == (
        "In Scotland: It is.\nIt is. It is."
    )


def test_another_nation_named_in_between_is_never_left_standing_for_it() -> None:
    """After a word on England and Wales, the Scottish statement says Scotland again."""
    facts = registers(laws=(law("scotland", "It is."),))

    assert fill("{law.a_law} In England and Wales: No. {law.a_law}", facts, NOW).text == (
        "In Scotland: It is. In England and Wales: No. In Scotland: It is."
    )


def test_a_statement_brings_its_own_full_stop() -> None:
    """No double one when the editor typed one too."""
    assert fill("{law.a_law}. Yes.", registers(laws=(law("uk", "It is."),)), NOW).text == (
        "It is. Yes."
    )


def test_a_phrase_gets_a_capital_at_a_sentences_start() -> None:
    """And none inside a sentence; the operator's name is no reference to a register."""
    facts = registers(service())
    filled = fill("{a_line.open}. {operator.name} is {a_line.open}.", facts, NOW)

    assert filled.text == "Open 24 hours. the Test Charity is open 24 hours."
    assert [span.ref for span in filled.spans] == ["service:a_line", "service:a_line"]
    assert [filled.text[span.start : span.end] for span in filled.spans] == [
        "Open 24 hours",
        "open 24 hours",
    ]
