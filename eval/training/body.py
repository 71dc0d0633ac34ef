"""The encoder with an adapter of low rank, in torch: rows of any length, none padded.

The embeddings and the lowest layers stay as they are. In the layers above, every matrix W becomes
``W + up @ down`` (LoRA, Hu et al., 2022), and biases and normalisations are trained as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.reader.adapter import Arrays
from index.reader.reader import OUTPUTS

WORDS: Final = "embeddings.word_embeddings.weight"
_MATRICES: Final = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip
_NORMS: Final = ("attention.output.LayerNorm", "output.LayerNorm")
_FIRST_BIAS: Final = -5.0
"""Of the score: what the sums over the tokens of a passage add up to at first, and a bit more."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of the encoder and of its adapter.

    Attributes:
        layers: of the encoder.
        heads: of the attention of each.
        epsilon: of the normalisations.
        frozen: how many of the lowest layers stay as they are.
        rank: of the change of each matrix.
    """

    layers: int
    heads: int
    epsilon: float
    frozen: int = 4
    rank: int = 32


class Linear(nn.Module):
    """A linear layer: frozen, or with a change of low rank and a bias of its own."""

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        """Start without a change; a rank of 0 leaves the layer as it is."""
        super().__init__()
        self.register_buffer("weight", weight, persistent=False)
        self.rank = rank
        self.bias = nn.Parameter(bias.clone(), requires_grad=rank > 0)
        if rank:
            self.down = nn.Parameter(torch.randn(rank, weight.shape[1]) / weight.shape[1] ** 0.5)
            self.up = nn.Parameter(torch.zeros(weight.shape[0], rank))

    def forward(self, x: Tensor) -> Tensor:
        """Apply it to rows ``(n, in)``."""
        y = functional.linear(x, self.weight, self.bias)  # type: ignore[arg-type]
        return y if not self.rank else y + (x @ self.down.T) @ self.up.T


class Layer(nn.Module):
    """A layer of BERT."""

    def __init__(self, weights: Mapping[str, Tensor], name: str, shape: Shape, rank: int) -> None:
        """Read the weights of the layer of this name."""
        super().__init__()
        self.heads, self.epsilon = shape.heads, shape.epsilon
        self.parts = nn.ModuleDict({
            part.replace(".", "_"): Linear(
                weights[f"{name}{part}.weight"], weights[f"{name}{part}.bias"], rank
            )
            for part in _MATRICES
        })  # fmt: skip
        self.norms = nn.ParameterDict({
            f"{norm}.{kind}".replace(".", "_"): nn.Parameter(
                weights[f"{name}{norm}.{kind}"].clone(), requires_grad=rank > 0
            )
            for norm in _NORMS
            for kind in ("weight", "bias")
        })  # fmt: skip

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        """Apply it to the tokens of all rows, one after the other ``(t, d)``."""
        y = self._attention(x, lengths)
        x = self._normed(x + self.parts["attention_output_dense"](y), _NORMS[0])
        y = self.parts["output_dense"](functional.gelu(self.parts["intermediate_dense"](x)))
        return self._normed(x + y, _NORMS[1])

    def _attention(self, x: Tensor, lengths: list[int]) -> Tensor:
        parts = [self.parts[f"attention_self_{p}"](x) for p in ("query", "key", "value")]
        heads = [p.view(len(x), self.heads, -1).transpose(0, 1).split(lengths, 1) for p in parts]
        found = [
            functional.scaled_dot_product_attention(*(part[None] for part in row))[0]
            for row in zip(*heads, strict=True)
        ]
        return torch.cat(found, 1).transpose(0, 1).reshape(x.shape)

    def _normed(self, x: Tensor, norm: str) -> Tensor:
        scale, bias = (
            self.norms[f"{norm}.{kind}".replace(".", "_")] for kind in ("weight", "bias")
        )
        return functional.layer_norm(x, x.shape[-1:], scale, bias, self.epsilon)


class Body(nn.Module):
    """The encoder, its adapter, and the head that makes ``OUTPUTS`` numbers of each token."""

    def __init__(self, weights: Mapping[str, Tensor], shape: Shape) -> None:
        """Read the weights of a ``BertModel``."""
        super().__init__()
        self.shape = shape
        first = weights["embeddings.token_type_embeddings.weight"][0]
        constants = {
            "words": weights[WORDS],
            "positions": weights["embeddings.position_embeddings.weight"] + first,
            "scale": weights["embeddings.LayerNorm.weight"],
            "bias": weights["embeddings.LayerNorm.bias"],
        }
        for name, values in constants.items():
            self.register_buffer(name, values, persistent=False)
        self.layers = nn.ModuleList(
            Layer(weights, f"encoder.layer.{n}.", shape, shape.rank if n >= shape.frozen else 0)
            for n in range(shape.layers)
        )
        self.head = nn.Linear(weights[WORDS].shape[1], OUTPUTS)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        with torch.no_grad():
            self.head.bias[2] = _FIRST_BIAS

    def forward(self, rows: Sequence[Tensor]) -> list[Tensor]:
        """Return ``(t, OUTPUTS)`` for each row of token ids ``(t,)``."""
        lengths = [len(row) for row in rows]
        x = self._embeddings(rows)
        with torch.no_grad():
            for layer in self.layers[: self.shape.frozen]:
                x = layer(x, lengths)
        for layer in self.layers[self.shape.frozen :]:
            x = layer(x, lengths)
        return list(self.head(x).split(lengths))

    def _embeddings(self, rows: Sequence[Tensor]) -> Tensor:
        places = torch.cat([torch.arange(len(row), device=row.device) for row in rows])
        x = self.words[torch.cat(list(rows))] + self.positions[places]  # type: ignore[index]
        return functional.layer_norm(
            x, x.shape[-1:], self.scale, self.bias, self.shape.epsilon  # type: ignore[arg-type]
        )  # fmt: skip

    def trained(self) -> dict[str, nn.Parameter]:
        """Return what is trained, by name."""
        return {name: p for name, p in self.named_parameters() if p.requires_grad}


def weights_of(body: Body) -> Arrays:
    """Return what was trained, by its names in ``BertModel``: see ``index.reader.adapter``."""
    return {name: weights.detach().cpu().numpy() for name, weights in _named(body)}


def _named(body: Body) -> Iterator[tuple[str, Tensor]]:
    yield from (("head.weight", body.head.weight), ("head.bias", body.head.bias))
    for number in range(body.shape.frozen, body.shape.layers):
        layer, prefix = body.layers[number], f"encoder.layer.{number}."
        assert isinstance(layer, Layer)  # noqa: S101 - they all are
        for part in _MATRICES:
            linear = layer.parts[part.replace(".", "_")]
            yield from ((f"{prefix}{part}.{n}", w) for n, w in linear.named_parameters())
        for norm in _NORMS:
            for kind in ("weight", "bias"):
                name = f"{norm}.{kind}"
                yield prefix + name, layer.norms[name.replace(".", "_")]
