"""What can be wrong, said so that the person who runs the service knows what to do.

    Problem                  something an operator or editor can put right
    ├── SettingProblem       an environment variable or `.env` line
    ├── ContentProblem       a file below responses/
    ├── ModelProblem         the trained model or the encoder's weights
    └── BackupProblem        a backup that cannot be made or put back

Expected outcomes (a send that was refused, a word not understood) are values, not exceptions.
"""

from pathlib import Path


class Problem(Exception):  # noqa: N818 - what a person has to put right
    """Something a person can put right: what is wrong, where, and what to do.

    what: one sentence, lower case start, no full stop. where: file and line, or a setting's name.
    do: one imperative sentence.
    """

    def __init__(self, what: str, *, where: str, do: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.do = do

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.do}."


class SettingProblem(Problem):
    """A setting that is unknown, missing or has a value we cannot use."""


class ContentProblem(Problem):
    """A text, a register entry or a flow that must not reach anybody as it is."""


class ModelProblem(Problem):
    """The trained model is missing, damaged, or was made from other data than what is here."""


class BackupProblem(Problem):
    """A backup that cannot be made there, or cannot be put back."""


def place_of(error: BaseException) -> str:
    """File and line where it was raised; never its text, which may hold a person's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
