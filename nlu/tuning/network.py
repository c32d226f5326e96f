"""The network that is taught: the published encoder with a head for our intents.

Source: Wang et al. 2020 (MiniLM); mean pooling as published with it.
"""

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

WIDTH = 384
TOKENS = 128  # a story's tail matters little for its topic; training twice as long does
SHARPNESS = 8.0  # a unit vector's scores would be too flat for a softmax over 61
_DROPOUT = 0.1


class Network(nn.Module):
    """ids, mask (batch, tokens) -> scores (batch, classes) over the mean of the tokens."""

    def __init__(self, folder: Path, classes: int, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_length=TOKENS)
        config: Any = BertConfig(
            hidden_size=WIDTH, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
        )
        self.body: Any = BertModel(config, add_pooling_layer=False)
        _load(self.body, folder / "model.safetensors")
        for parameter in self.body.embeddings.parameters():
            parameter.requires_grad = False  # the shipped half stays small, and rare words general
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(WIDTH, classes)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Scores; softmax makes probabilities of them."""
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        counts = mask.unsqueeze(-1).to(hidden.dtype)
        mean = ((hidden * counts).sum(1) / counts.sum(1)).float()
        meaning = nn.functional.normalize(mean, dim=-1)
        scores: torch.Tensor = self.head(self.dropout(meaning) * SHARPNESS)
        return scores


def _load(body: Any, file: Path) -> None:
    """The published weights. KeyError when one that is needed is not among them."""
    from safetensors.torch import load_file  # noqa: PLC0415 - beside torch only

    missing, _ = body.load_state_dict(load_file(file), strict=False)
    lacking = [name for name in missing if "position_ids" not in name]
    if lacking:
        raise KeyError(f"{file.name} lacks {', '.join(lacking[:3])}")
