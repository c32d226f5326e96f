"""Our classifier as a Rasa graph component: the embedded engine's own code, trained by Rasa.

Runs in Rasa's environment only (Rasa 3.6, Python 3.10). `config.yml` names it. Beside Rasa's own
`intent` and `intent_ranking` each message gets `alongside`: what the model alone raises and names.
"""

import os
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classifier import load, save
from nlu.embedded import Embedded, made_from
from nlu.encoder import Encoder, open_encoder
from nlu.problem import ModelProblem
from nlu.rasa.sources import sources_name
from nlu.taxonomy import load_taxonomy
from nlu.train import fit_model
from nlu.training_data import (
    CONFIG_FILE,
    DATA_DIR,
    Config,
    Example,
    read_config,
    read_examples,
)
from nlu.weigh import weighed
from nlu.weights import FOLDER, encoder_fingerprint

ADDED = "alongside"
"""The attribute added to Rasa's answer: {"urgent": […], "also": […], "made_from": {…}}."""

_FACTS = frozenset(field.name for field in fields(Example)) - {"text", "intent", "where"}


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER],
    is_trainable=True,
)
class AlongsideClassifier(GraphComponent, IntentClassifier):
    """Trains, keeps and asks the same model as the embedded engine.

    The encoder's weights are read from `BOT_MODEL_DIR/encoder` (default `.model`), as there.
    """

    def __init__(
        self,
        config: Config,
        storage: ModelStorage,
        resource: Resource,
        model: Embedded | None,
        source: dict[str, Any],
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._source = source

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every parameter with its default (nlu/training_data.py, Config)."""
        defaults = Config()
        return {name: getattr(defaults, name) for name in Config.__dataclass_fields__}

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks for before it starts."""
        return ["numpy", "scipy", "onnxruntime", "tokenizers", "ruamel.yaml"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's shape
        """Our code and the encoder, too, make a model that Rasa has cached stale."""
        return sources_name(_model_dir())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's shape
    ) -> "AlongsideClassifier":
        """An untrained component."""
        return cls(_config(config), model_storage, resource, None, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on every example and write it to Rasa's storage, as plain arrays.

        Raises ModelProblem for an example of an intent that taxonomy.yml does not know.
        """
        labels = load_taxonomy().intents
        examples, is_ours = _examples(training_data, labels)
        encoder = _encoder() if self._config.encoder else None
        model, figures = fit_model(examples, self._config, encoder, labels, _say)
        source = made_from(DATA_DIR, CONFIG_FILE, _model_dir() if encoder else None)
        if not is_ours:
            source["data"] = "other examples than nlu/data"
        if self._config != read_config(CONFIG_FILE):
            source["config"] = "another configuration than config.yml"
        with self._storage.write_to(self._resource) as folder:
            save(model, Path(folder), source, figures)
        self._model, self._source = Embedded(model, encoder), source
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's shape
        **_: Any,
    ) -> "AlongsideClassifier":
        """The trained component. Raises ModelProblem when model or encoder do not fit."""
        with model_storage.read_from(resource) as folder:
            model, source = load(Path(folder))
        encoder = None
        if source.get("encoder") is not None:
            if encoder_fingerprint(_model_dir()) != source["encoder"]:
                raise ModelProblem(
                    "the encoder is missing, damaged, or not the one the model was trained with",
                    where=str(_model_dir() / FOLDER),
                    do="Run make setup, then make rasa",
                )
            encoder = open_encoder(_model_dir() / FOLDER)
        return cls(_config(config), model_storage, resource, Embedded(model, encoder), source)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after us in the pipeline needs our reading of the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Put `intent`, `intent_ranking` (every intent) and `alongside` on each message."""
        for message in messages:
            if self._model is None:
                continue
            shares = weighed(self._model, message.get("text") or "")
            ranking = [{"name": name, "confidence": share} for name, share in shares.ranking]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            added = {
                "urgent": sorted(shares.urgent),
                "also": list(shares.also),
                "made_from": self._source,
            }
            message.set(ADDED, added, add_to_output=True)
        return messages


def _model_dir() -> Path:
    return Path(os.environ.get("BOT_MODEL_DIR") or ".model")


def _encoder() -> Encoder | None:
    """The encoder where it is there and whole; otherwise words alone, as the embedded engine."""
    if encoder_fingerprint(_model_dir()) is None:
        _say("WARNING  there is no encoder: training on words alone. Run make setup first")
        return None
    return open_encoder(_model_dir() / FOLDER)


def _config(given: dict[str, Any]) -> Config:
    """Our parameters out of Rasa's; it hands lists over where we have tuples."""
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name in Config.__dataclass_fields__
    }
    return Config(**known)


def _examples(
    training_data: TrainingData, labels: tuple[str, ...]
) -> tuple[tuple[Example, ...], bool]:
    """Rasa's examples in the embedded engine's order; True when they are exactly those of nlu/data.

    Rasa reads files in another order and the model depends on it a little. Examples that nlu/data
    does not have come last, in an order of their own.
    """
    given = {_example(message) for message in training_data.intent_examples}
    for example in given:
        if example.intent not in labels:
            raise ModelProblem(
                f"`{example.intent}` is not in taxonomy.yml",
                where="the training data",
                do="Train with --nlu nlu/data",
            )
    ours = tuple(
        replace(example, where="") for example in read_examples(DATA_DIR, frozenset(labels))
    )
    known = set(ours)
    others = sorted(given - known, key=astuple)
    used = (*(example for example in ours if example in given), *others)
    return used, given == known


def _example(message: Message) -> Example:
    facts = (message.get("metadata") or {}).get("example") or {}
    kept = {name: str(facts[name]) for name in _FACTS if name in facts}
    return Example(text=message.get("text").strip(), intent=message.get("intent"), **kept)


def _say(line: str) -> None:
    print(f"alongside: {line}", flush=True)  # noqa: T201 - the trainer's terminal
