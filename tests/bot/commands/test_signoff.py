"""`python -m bot signoff`: an editor sees what is open, reads what is approved, and records it."""

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands.signoff import approve, listed
from bot.content.approvals import FILE, read_approvals
from bot.content.load import load_content
from bot.errors import Problem
from tests.bot.content.responses import Responses

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ROLE = "clinical lead"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Responses(tmp_path_factory.mktemp("signed") / "responses").root


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A sound folder of texts; a test may sign and change it."""
    return Path(shutil.copytree(template, tmp_path / "responses"))


def the_list(folder: Path) -> list[str]:
    out = io.StringIO()
    listed(load_content(folder), NOW, out)
    return out.getvalue().splitlines()


def signed(folder: Path, *names: str, role: str = ROLE, in_file: str | None = None) -> str:
    out = io.StringIO()
    approve(folder, names, role, NOW, out, whole_file=in_file)
    return out.getvalue()


def test_at_first_everything_is_a_draft(folder: Path) -> None:
    """Each with its place, and the counts at the end."""
    lines = the_list(folder)

    assert any(line.split() == ["draft", "court", "responses/topics/court.yml:5"] for line in lines)
    assert any(line.startswith("draft    service:samaritans ") for line in lines)
    assert lines[-1].endswith("draft, 0 changed, 0 expired, 0 due, 0 signed")


def test_an_approval_is_recorded_with_role_and_day(folder: Path) -> None:
    """And the item leaves the list."""
    said = signed(folder, "court", "service:samaritans")
    lines = the_list(folder)

    assert said.splitlines() == [
        "court approved by the clinical lead on 2026-11-30",
        "service:samaritans approved by the clinical lead on 2026-11-30",
    ]
    assert not any(" court " in line for line in lines)
    assert lines[-1].endswith("0 changed, 0 expired, 0 due, 2 signed")
    assert "role: 'clinical lead', on: '2026-11-30'" in (folder / FILE).read_text()


def test_what_changed_since_is_listed_as_changed(folder: Path) -> None:
    """With who approved the earlier words, and when."""
    signed(folder, "court")
    file = folder / "topics/court.yml"
    file.write_text(file.read_text().replace("You can write", "You may write"))

    assert any(
        line.startswith("changed  court ")
        and line.endswith("since the clinical lead approved it on 2026-11-30")
        for line in the_list(folder)
    )


def test_an_approval_of_what_is_gone_is_listed(folder: Path) -> None:
    """A renamed text leaves its signature behind; somebody should tidy it."""
    signed(folder, "near")
    file = folder / "topics/near.yml"
    file.write_text(file.read_text().replace("near", "nearby"))
    for path in folder.glob("topics/*.yml"):
        path.write_text(path.read_text().replace("to: near}", "to: nearby}"))

    assert any(line.startswith("gone     near ") for line in the_list(folder))


def test_everything_in_one_file_is_approved_at_once(folder: Path) -> None:
    """A whole topic that was read in one sitting."""
    said = signed(folder, in_file="responses/topics/near.yml")

    assert len(said.splitlines()) == 5  # the step and its four nations
    assert set(read_approvals(folder)[0]) >= {"near", "near.wales"}


def test_the_text_is_shown_before_it_is_approved(folder: Path) -> None:
    """As people will read it: facts in place, buttons, for whom; and no is no."""
    out, asked = io.StringIO(), []

    def no(question: str) -> bool:
        asked.append(question)
        return False

    done = approve(folder, ["technical.wrong", "near.wales"], ROLE, NOW, out, confirms=no)

    assert done == 0
    assert asked == ["Approve technical.wrong as the clinical lead?",
                     "Approve near.wales as the clinical lead?"]  # fmt: skip
    assert "You can also ring 0808 802 0300." in out.getvalue()
    assert "for wales" in out.getvalue()
    assert not (folder / FILE).exists()


def test_the_facts_of_a_line_are_shown_before_they_are_approved(folder: Path) -> None:
    """Whoever approves a number has it before their eyes, ringing it."""
    out = io.StringIO()
    approve(folder, ["service:samaritans"], ROLE, NOW, out, confirms=lambda _: True)

    assert "phone: 116 123" in out.getvalue()
    assert set(read_approvals(folder)[0]) == {"service:samaritans"}


def test_who_stops_half_way_keeps_what_was_approved(folder: Path) -> None:
    """Each approval is written when it is given."""
    answers = iter([True])
    with pytest.raises(StopIteration):
        approve(
            folder, ["court", "thanks"], ROLE, NOW, io.StringIO(), confirms=lambda _: next(answers)
        )

    assert set(read_approvals(folder)[0]) == {"court"}


def test_what_is_approved_already_is_left_alone(folder: Path) -> None:
    """Its first signature stays."""
    signed(folder, "court")

    assert signed(folder, "court", role="solicitor") == "court is approved already\n"
    assert read_approvals(folder)[0]["court"].role == ROLE


@pytest.mark.parametrize(
    "role",
    ["", " ", "Alex Example", "Alex", "Dr Example", "dr. example", "alex@example.org", "a\nb"],
)
def test_a_persons_name_is_not_a_role(folder: Path, role: str) -> None:
    """The list goes with the texts to everybody; names don't belong there."""
    with pytest.raises(Problem, match="a role is wanted"):
        signed(folder, "court", role=role)

    assert not (folder / FILE).exists()


@pytest.mark.parametrize(
    "role", ["clinical lead", "Solicitor, Scotland", "Head of Advocacy", "GP's lead"]
)
def test_a_role_is_a_role(folder: Path, role: str) -> None:
    """Written small or large."""
    assert f"by the {role} on" in signed(folder, "court", role=role)


def test_what_has_a_fault_is_refused(folder: Path) -> None:
    """With the fault, and nothing of the batch is recorded."""
    file = folder / "topics/court.yml"
    file.write_text(file.read_text().replace("You can write", "You'll be fine. You can write"))

    with pytest.raises(Problem, match="court: 'You'll be fine' is a promise we can't keep"):
        signed(folder, "thanks", "court")
    assert not (folder / FILE).exists()


def test_an_unknown_name_is_refused(folder: Path) -> None:
    """A misspelt name approves nothing."""
    with pytest.raises(Problem, match="there is no such text"):
        signed(folder, "cuort")
    with pytest.raises(Problem, match="nothing to approve is in this file"):
        signed(folder, in_file="topics/cuort.yml")
    with pytest.raises(Problem, match="nothing was named"):
        signed(folder)
