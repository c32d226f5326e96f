"""The intents and their groups, read from taxonomy.yml: the contract of data, dialogue, content."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

TAXONOMY_FILE = Path(__file__).parent / "taxonomy.yml"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every intent, in the order of the file."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]  # (group, its intents)
    who: tuple[tuple[str, str], ...]  # (intent, victim supporter own anyone)

    @property
    def intents(self) -> tuple[str, ...]:
        """All names, urgent ones first."""
        return tuple(intent for _, intents in self.groups for intent in intents)

    @property
    def urgent(self) -> frozenset[str]:
        """The intents that interrupt whatever the conversation was doing."""
        return frozenset(dict(self.groups)["urgent"])

    def group_of(self, intent: str) -> str:
        """The group an intent belongs to. KeyError for a name that is not in the file."""
        for group, intents in self.groups:
            if intent in intents:
                return group
        raise KeyError(intent)


def load_taxonomy(file: Path = TAXONOMY_FILE) -> Taxonomy:
    """Taxonomy of the file. Raises what ruamel.yaml raises: the file is ours, a fault is a bug."""
    document = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return Taxonomy(
        groups=tuple((str(group), tuple(intents)) for group, intents in document.items()),
        who=tuple(
            (str(intent), str(entry["who"]))
            for intents in document.values()
            for intent, entry in intents.items()
        ),
    )
