"""What can be wrong with data or model, said so that the person who runs it knows what to do."""


class NluProblem(Exception):  # noqa: N818 - a problem can be put right, as in bot.errors
    """Something a person can put right. The same three parts as the bot's own problems.

    what: one sentence, lower case start, no full stop. where: a file and line, or a folder.
    do: one imperative sentence.
    """

    def __init__(self, what: str, *, where: str, do: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.do = do

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.do}."


class DataProblem(NluProblem):
    """A training, test or configuration file that cannot be used as it is."""


class ModelProblem(NluProblem):
    """The encoder's weights or the trained model are missing, damaged, or made from other files."""
