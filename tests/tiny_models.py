"""Sentence-transformers models of a few thousand random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram, WordPiece
from transformers import (
    BertConfig,
    BertModel,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

SPECIAL = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
LETTERS = "abcdefghijklmnopqrstuvwxyzéèàçœ'?.,:0123456789"
SHAPE: dict[str, Any] = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64,
}  # fmt: skip


def unigram() -> Tokenizer:
    """Pieces in the manner of XLM-RoBERTa: Latin ones between those of other scripts."""
    words = ["▁", "▁query", "▁le", "▁chat", "▁мир", "мир", "▁the", "β", "▁β", "ββ", "世界", "é"]
    pieces = [*SPECIAL.values(), *words, *LETTERS.replace("é", ""), "я", "▁roi"]
    tokeniser = Tokenizer(Unigram([(p, -float(i)) for i, p in enumerate(pieces)], unk_id=3))
    tokeniser.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokeniser.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokeniser.add_special_tokens(list(SPECIAL.values()))
    return tokeniser


def wordpiece() -> Tokenizer:
    """Letters, in the manner of BERT."""
    pieces = [*SPECIAL.values(), *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokeniser = Tokenizer(WordPiece(vocabulary, unk_token=SPECIAL["unk_token"]))
    tokeniser.normalizer = normalizers.Lowercase()
    tokeniser.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokeniser.post_processor = processors.BertProcessing(("</s>", 2), ("<s>", 0))
    tokeniser.add_special_tokens(list(SPECIAL.values()))
    return tokeniser


def bert(
    folder: Path,
    tokeniser: Tokenizer,
    pooling: str = "mean",
    spread: float = 0.1,
    positions: int = 24,
) -> SentenceTransformer:
    """A ``BertModel``; the larger the spread of its weights, the less it forgives rounding."""
    size = tokeniser.get_vocab_size()
    config = BertConfig(
        vocab_size=size, max_position_embeddings=positions, initializer_range=spread, **SHAPE
    )
    torch.manual_seed(1)
    model = BertModel(config, add_pooling_layer=False)
    return _saved(model, tokeniser, folder, pooling, positions)


def xlm_roberta(folder: Path, tokeniser: Tokenizer) -> SentenceTransformer:
    """Another architecture: its positions are counted from the padding id."""
    config = XLMRobertaConfig(
        vocab_size=tokeniser.get_vocab_size(), max_position_embeddings=26, type_vocab_size=1,
        initializer_range=0.5, pad_token_id=1, **SHAPE,
    )  # fmt: skip
    torch.manual_seed(2)
    return _saved(XLMRobertaModel(config, add_pooling_layer=False), tokeniser, folder, "mean", 24)


def _saved(
    model: Any, tokeniser: Tokenizer, folder: Path, pooling: str, length: int
) -> SentenceTransformer:
    model.save_pretrained(folder)
    wrap: Any = PreTrainedTokenizerFast
    fast = wrap(tokenizer_object=tokeniser, model_max_length=length, **SPECIAL)
    fast.save_pretrained(folder)
    modules = [Transformer(str(folder)), Pooling(32, pooling_mode=pooling), Normalize()]
    return SentenceTransformer(modules=modules, device="cpu")
