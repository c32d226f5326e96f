"""Danger is scored by what people get to see: cards."""

from nlu.alarms import score_alarms
from nlu.labelled import Share
from tests.nlu.scored import line

NONE: frozenset[str] = frozenset()
EMERGENCY = frozenset({"emergency"})
HARM = frozenset({"harm_to_others"})
BOTH = EMERGENCY | HARM


def test_any_card_saves_and_the_own_card_is_right() -> None:
    """Two ways to hear the same emergency, counted apart."""
    alarms = score_alarms([line("emergency")] * 3, [EMERGENCY, HARM, NONE])

    first = alarms.each[0]
    assert first.intent == "emergency"
    assert first.any_card == Share(2, 3)
    assert first.own_card == Share(1, 3)


def test_the_card_of_another_danger_is_no_false_alarm() -> None:
    """Someone who means to hurt another and gets the 999 card was not alarmed for nothing."""
    lines = [line("harm_to_others"), line("evidence"), line("emergency")]

    alarms = score_alarms(lines, [EMERGENCY, EMERGENCY, NONE])

    assert alarms.each[0].called_for == Share(1, 2)
    assert alarms.called_for == Share(1, 2)


def test_false_alarms_are_counted_among_calm_lines_only() -> None:
    """A line with an urgent label beside another one is not calm, so its card is not false."""
    lines = [line("evidence"), line("greet"), line("threats", "emergency"), line("cannot_speak")]

    alarms = score_alarms(lines, [BOTH, NONE, EMERGENCY, NONE])

    assert {alarm.intent: alarm.false for alarm in alarms.each} == {
        "emergency": Share(1, 2),
        "suicide_self_harm": Share(0, 2),
        "harm_to_others": Share(1, 2),
        "cannot_speak": Share(0, 2),
    }
    assert alarms.false == Share(1, 2)
    assert alarms.each[0].called_for == Share(1, 2)
    assert alarms.any_card == Share(0, 1)


def test_a_way_of_writing_that_goes_unheard_is_flagged() -> None:
    """From twenty lines on; fewer prove too little to accuse."""
    lines = [line("emergency", kind="esl")] * 10 + [line("cannot_speak", kind="esl")] * 10
    few = [line("emergency", kind="slang")] * 19
    calm = [line("greet", kind="plain")]

    heard = [EMERGENCY] * 17 + [NONE] * 3
    alarms = score_alarms(lines + few + calm, heard + [NONE] * 20)

    esl, slang = alarms.slices
    assert (esl.slice, esl.any_card, esl.own_card) == ("esl", Share(17, 20), Share(10, 20))
    assert esl.weak
    assert slang.any_card == Share(0, 19)
    assert not slang.weak


def test_a_way_of_writing_that_is_heard_is_not_flagged() -> None:
    """Eighteen of twenty is above the mark."""
    alarms = score_alarms([line("emergency")] * 20, [EMERGENCY] * 18 + [NONE] * 2)

    assert not alarms.slices[0].weak
