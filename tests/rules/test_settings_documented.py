"""The settings in the code, in docs/settings.md and in .env.example are the same."""

import re
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
IN_CODE = {"BOT_" + name.upper() for name in Settings.model_fields}


def test_every_setting_has_a_row_in_the_settings_page() -> None:
    """An operator finds each setting, and no setting that is not there."""
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(BOT_\w+)` \|", page, flags=re.MULTILINE)) == IN_CODE


def test_the_example_file_lists_every_setting() -> None:
    """Copying the example shows all there is."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?(BOT_\w+)=", example, flags=re.MULTILINE)) == IN_CODE


def test_the_example_file_as_it_stands_changes_nothing() -> None:
    """Copied unchanged it gives the defaults."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [line for line in example.splitlines() if line and not line.startswith("#")] == []


def test_each_setting_says_what_it_means() -> None:
    """The description in the code is the sentence in the table."""
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description in page, name
