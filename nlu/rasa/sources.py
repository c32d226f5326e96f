"""What Rasa's model is made from, as one hash: a change in any part means training again."""

import sys
from pathlib import Path

import nlu.train
import nlu.weigh  # noqa: F401 - loaded so that it is among the modules counted
from nlu.taxonomy import TAXONOMY_FILE
from nlu.training_data import CONFIG_FILE, DATA_DIR, fingerprint
from nlu.weights import encoder_fingerprint

_COMPONENT = Path(__file__).parent / "component.py"


def code_name() -> str:
    """The code that trains and reads: every module of ours that training loads, and the component.

    What only the bot's own process reads (rules, languages, hints) is not among them.
    """
    used = [
        Path(str(module.__file__))
        for name, module in list(sys.modules.items())
        if name.startswith("nlu.") and not name.startswith("nlu.rasa") and _has_file(module)
    ]
    return fingerprint([*used, _COMPONENT])


def sources_name(model_dir: Path) -> str:
    """Code, examples, configuration, taxonomy and the encoder of `model_dir`."""
    files = [*DATA_DIR.glob("*.yml"), CONFIG_FILE, TAXONOMY_FILE]
    return f"{code_name()} {fingerprint(files)} {encoder_fingerprint(model_dir)}"


def _has_file(module: object) -> bool:
    return bool(getattr(module, "__file__", None))


if __name__ == "__main__":
    sys.stdout.write(sources_name(Path(sys.argv[1])) + "\n")
