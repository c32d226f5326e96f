"""The embedded engine's model and encoder, opened together and checked against their sources."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.classifier import Model, load
from nlu.encoder import Encoder, open_encoder
from nlu.normalise import normalise
from nlu.problem import ModelProblem
from nlu.taxonomy import TAXONOMY_FILE
from nlu.training_data import CONFIG_FILE, DATA_DIR, fingerprint
from nlu.weights import FOLDER, encoder_fingerprint

WORDS_ALONE = (
    "the encoder's weights are missing, so the model understands by words alone and often wrongly:"
    " run make setup"
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A ready model. encoder None: it was trained on words alone."""

    model: Model
    encoder: Encoder | None

    def probabilities(self, texts: list[str]) -> NDArray[np.float32]:
        """(texts, labels) for texts as written."""
        plain = [normalise(text) for text in texts]
        meaning = self.encoder.encode(plain) if self.encoder else None
        return self.model.probabilities(plain, meaning)


def made_from(data_dir: Path, config_file: Path, encoder_in: Path | None) -> dict[str, Any]:
    """What a model is made from: hashes of data, configuration, taxonomy, and the encoder's name.

    encoder_in: the model folder whose encoder was used; None for words alone. A data folder or
    configuration that is not there (an installed image has none) is left out.
    """
    source: dict[str, Any] = {
        "taxonomy": fingerprint([TAXONOMY_FILE]),
        "encoder": encoder_fingerprint(encoder_in) if encoder_in else None,
    }
    files = sorted(data_dir.glob("*.yml"))
    if files:
        source["data"] = fingerprint(files)
    if config_file.is_file():
        source["config"] = fingerprint([config_file])
    return source


def open_embedded(
    model_dir: Path, data_dir: Path = DATA_DIR, config_file: Path = CONFIG_FILE
) -> Embedded:
    """The model of the folder, checked against the data, configuration and taxonomy that are here.

    Raises ModelProblem when it is missing, damaged or made from something else.
    """
    model, source = load(model_dir)
    with_encoder = source.get("encoder") is not None
    here = made_from(data_dir, config_file, model_dir if with_encoder else None)
    for name, what in (
        ("taxonomy", "nlu/taxonomy.yml"),
        ("data", "nlu/data"),
        ("config", "config.yml"),
    ):
        if name in here and here[name] != source.get(name):
            raise ModelProblem(
                f"the trained model was made from another {what}",
                where=str(model_dir),
                do="Run python -m bot train",
            )
    if here["encoder"] != source.get("encoder"):
        raise ModelProblem(
            "the encoder is missing, damaged, or not the one the model was trained with",
            where=str(model_dir / FOLDER),
            do="Run make setup",
        )
    return Embedded(model, open_encoder(model_dir / FOLDER) if with_encoder else None)
