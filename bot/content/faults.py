"""Faults of content: each one a sentence for an editor, with file, line and what to do."""

from collections.abc import Iterable

from bot.errors import ContentProblem


class ContentFaults(ContentProblem):
    """Everything that stops the content from being loaded, all at once.

    problems: at least one, in the order of files and lines. The content that was loaded before, if
    any, stays in use.
    """

    def __init__(self, problems: Iterable[ContentProblem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        more = len(self.problems) - 1
        what = f"{first.what} (and {more} more)" if more else first.what
        super().__init__(what, where=first.where, do=first.do)
