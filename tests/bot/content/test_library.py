"""Everybody gets the words written for them, or those written for all."""

import pytest

from bot.content.library import Item, Library
from bot.messages import Kind


def item(
    name: str, role: str | None = None, nation: str | None = None, channel: str | None = None
) -> Item:
    base = None if name == "court" else "court"
    return Item(
        id=name, variant_of=base, role=role, nation=nation, channel=channel, kind=Kind.ADVICE,
        title="At court" if base is None else "", text=(name,), again=(), buttons=(), sources=(),
        reviewed_on=None, review_by=None, where=name,
    )  # fmt: skip


LIBRARY = Library(
    [
        item("court"),
        item("court.web", channel="web"),
        item("court.own", role="own"),
        item("court.victim.wales", role="victim", nation="wales"),
        item("court.scotland", nation="scotland"),
        item("court.scotland.whatsapp", nation="scotland", channel="whatsapp"),
    ],
    ["court"],
)


@pytest.mark.parametrize(
    ("role", "nation", "channel", "expected"),
    [
        (None, None, "telegram", "court"),
        ("supporter", "england", "telegram", "court"),
        (None, None, "web", "court.web"),
        ("own", "scotland", "whatsapp", "court.own"),
        ("own", None, "web", "court.own"),
        (None, "wales", "web", "court.victim.wales"),
        ("victim", "wales", "web", "court.victim.wales"),
        ("supporter", "wales", "web", "court.web"),
        (None, "scotland", "web", "court.scotland"),
        ("victim", "scotland", "whatsapp", "court.scotland.whatsapp"),
    ],
)
def test_the_most_specific_variant_is_found(
    role: str | None, nation: str | None, channel: str, expected: str
) -> None:
    """Role before nation before channel; who has not said is read as the person stalked."""
    found = LIBRARY.find("court", role, nation, channel)

    assert found is not None
    assert found.id == expected


def test_nothing_is_found_for_an_unknown_id_or_a_variants() -> None:
    """A variant is reached through its base only."""
    assert LIBRARY.find("nowhere", None, None, "web") is None
    assert LIBRARY.find("court.own", None, None, "web") is None


def test_ids_are_those_that_others_may_name() -> None:
    """Base ids, without variants."""
    assert LIBRARY.ids == {"court"}
    assert LIBRARY.intents == {"court"}
    assert LIBRARY.title("court") == "At court"
    assert LIBRARY.title("nowhere") is None
