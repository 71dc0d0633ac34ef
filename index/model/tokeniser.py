"""XLM-RoBERTa's tokeniser, made from its vocabulary.

The ids are those of XLM-RoBERTa: SentencePiece unigram pieces after fairseq's four special
tokens, ``<mask>`` last.

The normalisation needs two sources. XLM-RoBERTa's own is the ``nmt_nfkc`` rule as SentencePiece
had it in 2019. The model file lists what that rule does to single code points, which does not
compose ``e`` + U+0301. The SentencePiece library of today composes, but its rule has moved on; on
single code points it differs on 174, and there the model file is XLM-RoBERTa's:

- U+200D, the zero-width joiner of emoji, was a space until SentencePiece changed that in 2021
  (its issue 629, its pull request 630);
- the other 173 were left alone: U+061C, and characters younger than the Unicode of that rule, such
  as U+32FF (the Reiwa era), U+1F16C (raised MR), modifier letters, outlined capitals and digits.

So: every single code point from the model file, every longer sequence from the library, except
the sequences made of those younger characters. What remains beyond the rule of 2019 is 21
compositions in scripts encoded since (Todhri, Tulu-Tigalari, Gurung Khema, Kirat Rai, Dives Akuru).
"""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.errors import INSTALL, MissingBuildDependency
from index.model.e5s1 import Piece

BOS, PAD, EOS, UNK, MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
_FIRST = (BOS, PAD, EOS, UNK)  # ids 0 to 3


def build_tokeniser(pieces: Sequence[Piece], normalisation: dict[str, str]) -> Tokenizer:
    """Make XLM-RoBERTa's tokeniser.

    Args:
        pieces: XLM-RoBERTa's vocabulary in the order of its ids, special tokens included.
        normalisation: the replacement of single code points in XLM-RoBERTa.

    Raises:
        MissingBuildDependency: SentencePiece is not installed.
    """
    tokeniser = Tokenizer(Unigram([(p.text, p.score) for p in pieces], unk_id=_FIRST.index(UNK)))
    tokeniser.normalizer = normalizers.Precompiled(_compile_map(normalisation))
    tokeniser.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokeniser.post_processor = _post_processor()
    tokeniser.add_special_tokens([*_FIRST, AddedToken(MASK, lstrip=True, special=True)])
    return tokeniser


def _post_processor() -> processors.TemplateProcessing:
    ends = [(token, _FIRST.index(token)) for token in (BOS, EOS)]
    return processors.TemplateProcessing(
        single=f"{BOS} $A {EOS}", pair=f"{BOS} $A {EOS} {EOS} $B {EOS}", special_tokens=ends
    )


def _compile_map(normalisation: dict[str, str]) -> bytes:
    """Compile a SentencePiece character map.

    Args:
        normalisation: the replacement of each single code point; others stay as they are.

    Returns:
        The map, in which longer sequences are normalised as by ``nmt_nfkc``.

    Raises:
        MissingBuildDependency: SentencePiece is not installed.
    """
    try:
        import sentencepiece
        from sentencepiece import sentencepiece_model_pb2
    except ImportError as error:
        raise MissingBuildDependency(f"{error.name} is not installed: {INSTALL}") from error
    sentencepiece.set_min_log_level(1)
    library = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc").decompile()
    rules = [*normalisation.items(), *_sequences(library, normalisation)]
    normaliser = sentencepiece.SentencePieceNormalizer(norm_map=rules)
    spec = sentencepiece_model_pb2.NormalizerSpec()  # type: ignore[attr-defined] # made on import
    spec.ParseFromString(normaliser.serialized_normalizer_spec())
    return bytes(spec.precompiled_charsmap)


def _sequences(
    rules: Sequence[tuple[str, str]], normalisation: dict[str, str]
) -> list[tuple[str, str]]:
    """Keep the rules for several code points, without those made of younger ones."""
    younger = {source for source, _ in rules if len(source) == 1} - normalisation.keys()
    return [rule for rule in rules if len(rule[0]) > 1 and younger.isdisjoint(rule[0])]
