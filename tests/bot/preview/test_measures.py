"""The preview's figures are those by which `bot check` complains."""

from bot.content.check_fault import Look
from bot.content.check_words import hard_to_read
from bot.content.load import load_content
from bot.preview.measures import age_of, lengths
from tests.bot.content.responses import Responses
from tests.bot.preview.conftest import NOON

HARD = (
    "Notwithstanding considerable institutional complications, contemporaneous documentation "
    "demonstrates unambiguously that intimidation deteriorates psychological resilience "
    "particularly significantly."
)


def test_the_reading_age_is_the_one_check_complains_of(responses: Responses) -> None:
    """One formula, one way of leaving out names: an editor must not see two figures."""
    responses.item("feelings", f"text: {HARD}")
    content = load_content(responses.root)
    look = Look(content, NOON)
    item = content.library.find("feelings", None, None, "web")
    assert item
    age = age_of(item, look.names)
    said = [fault.what for fault in hard_to_read(look) if fault.where == item.where]
    assert said == [f"the reading age is {age}, 11 is the most"]


def test_a_text_too_short_to_measure_has_no_age(responses: Responses) -> None:
    """One long word decides in a line of three: no figure is better than that one."""
    responses.item("feelings", "text: Unquestionably intimidating.")
    content = load_content(responses.root)
    item = content.library.find("feelings", None, None, "web")
    assert item
    assert age_of(item, frozenset()) is None


def test_lengths_count_the_facts_and_name_who_must_cut(responses: Responses) -> None:
    """Placeholders are counted as what they show; WhatsApp cuts a long text that has buttons."""
    long = " ".join(["word"] * 190)  # 949 characters
    buttons = "buttons: [{title: Menu, to: menu}]"
    responses.item("feelings", f"text:\n  - Ring {{samaritans.phone}}.\n  - {long}\n{buttons}")
    content = load_content(responses.root)
    item = content.library.find("feelings", None, None, "web")
    assert item
    first, second = lengths(item, content.registers, NOON)
    assert (first.characters, first.fits, first.cut_on) == (len("Ring 116 123."), True, ())
    assert (second.characters, second.fits, second.cut_on) == (949, False, ("whatsapp",))
