"""Holds the content in use, and changes it only for a whole and sound one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.content.faults import ContentFaults
from bot.content.load import Content, load_content
from bot.content.render import Renderer
from bot.errors import ContentProblem


class Shelf:
    """The content that is shown now."""

    def __init__(self, root: Path) -> None:
        """root: as for `load_content`. Raises ContentFaults: without content there is no start."""
        self._root = root
        self._renderer = Renderer(load_content(root))

    @property
    def content(self) -> Content:
        """What was loaded last without a fault."""
        return self._renderer.content

    @property
    def renderer(self) -> Renderer:
        """Renders that content. Take it once a turn: its library and registers belong together."""
        return self._renderer

    def reload(
        self, objections: Callable[[Content], Sequence[ContentProblem]] = lambda _: ()
    ) -> tuple[ContentProblem, ...]:
        """Reads all files again. All of it is used, or, with the problems returned, none of it.

        objections: what else stands against content that was read without a fault.
        """
        try:
            content = load_content(self._root)
        except ContentFaults as faults:
            return faults.problems
        problems = tuple(objections(content))
        if not problems:
            self._renderer = Renderer(content)
        return problems
