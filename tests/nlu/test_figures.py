"""Scores are what they claim to be."""

from dataclasses import replace

import pytest

from nlu.figures import Confused, score
from nlu.labelled import Share
from tests.nlu.scored import line, read


def test_a_label_that_counts_as_right_too_is_right() -> None:
    """A message about two things may be read as either."""
    figures = score([line("threats", "ex_partner")], [read("ex_partner")], 0.5)

    assert figures.macro_f1 == 1.0
    assert figures.right == Share(1, 1)
    assert figures.confused == ()


def test_rare_intents_weigh_as_much_as_common_ones() -> None:
    """Nine greetings right and one threat missed is not nine tenths of understanding."""
    figures = score([*[line("greet")] * 9, line("threats")], [read("greet")] * 10, 0.5)

    assert figures.right == Share(9, 10)
    assert figures.macro_f1 == pytest.approx((18 / 19 + 0) / 2)
    worst, best = figures.intents
    assert (worst.name, worst.recall, worst.precision) == ("threats", Share(0, 1), Share(0, 0))
    assert (best.name, best.recall, best.precision) == ("greet", Share(9, 9), Share(9, 10))


def test_confidence_that_lies_is_measured() -> None:
    """Ninety per cent sure and always wrong: an error of 0.9."""
    figures = score([line("greet")] * 4, [read("menu", "deny", "greet", sure=0.9)] * 4, 0.5)

    assert figures.calibration_error == pytest.approx(0.9)
    assert figures.near == Share(4, 4)
    assert [b.right.total for b in figures.bins] == [0] * 9 + [4]
    assert figures.bins[9].confidence == pytest.approx(0.9)
    assert figures.bins[9].right == Share(0, 4)


def test_bins_are_weighed_by_their_lines() -> None:
    """Three lines at 0.35 all right (gap 0.65), one at 1.0 wrong (gap 1.0): (3 x 0.65 + 1) / 4."""
    readings = [read("greet", sure=0.35)] * 3 + [read("menu", sure=1.0)]

    figures = score([line("greet")] * 4, readings, 0.5)

    assert figures.calibration_error == pytest.approx((3 * 0.65 + 1.0) / 4)
    assert figures.bins[9].right.total == 1


def test_the_threshold_is_judged_by_what_it_lets_through() -> None:
    """Of the wrong, what is answered all the same; of the right, what is answered outright."""
    lines = [line("greet")] * 6
    readings = [
        read("greet", sure=0.6),
        read("greet", sure=0.59),
        read("menu", sure=0.7),
        read("menu", sure=0.2),
        read("emergency", sure=0.9, urgent="emergency"),
        read("greet", sure=0.1, urgent="emergency"),
    ]

    done = score(lines, readings, 0.6).answered

    assert done.threshold == 0.6
    assert done.wrong == Share(2, 3)
    assert done.right == Share(1, 3)
    assert done.open_wrong == Share(1, 2)
    assert done.open_right == Share(1, 2)
    assert done.asked_back == Share(2, 6)


def test_a_refusal_waits_for_no_threshold() -> None:
    """Whoever asks where somebody lives is refused, however unsure the reading is."""
    readings = [replace(read("greet", sure=0.2), fishing=True), read("greet", sure=0.2)]

    assert score([line("greet")] * 2, readings, 0.6).answered.asked_back == Share(1, 2)


def test_the_worst_confusions_come_first() -> None:
    """Meant, read, how often, of how many; and every pair stands in the matrix."""
    lines = [line("threats")] * 3 + [line("evidence")] * 2
    readings = [read("ex_partner"), read("ex_partner"), read("threats")] + [read("court")] * 2

    figures = score(lines, readings, 0.5)

    assert figures.confused == (
        Confused("evidence", "court", 2, 2),
        Confused("threats", "ex_partner", 2, 3),
    )
    assert figures.matrix == (
        ("evidence", "court", 2),
        ("threats", "ex_partner", 2),
        ("threats", "threats", 1),
    )


def test_ways_of_writing_and_strange_requests_are_scored_apart() -> None:
    """The average hides who is misread."""
    lines = [line("out_of_scope", kind="noisy"), line("out_of_scope"), line("greet")]

    figures = score(lines, [read("out_of_scope"), read("menu", "greet"), read("greet")], 0.5)

    assert figures.out_of_scope == Share(1, 2)
    noisy, plain = figures.slices
    assert (noisy.name, noisy.right, noisy.near) == ("noisy", Share(1, 1), Share(1, 1))
    assert (plain.name, plain.right, plain.near) == ("plain", Share(1, 2), Share(1, 2))


def test_nothing_cannot_be_scored() -> None:
    """No line, no figure."""
    with pytest.raises(ValueError, match="nothing to score"):
        score([], [], 0.5)
