"""The naive service that we compare with: sentence-transformers, FAISS and FastAPI, no more.

``python -m eval.rivals.naive MODEL FOLDER QUESTION`` answers; with ``--serve PORT`` instead of a
question, it serves; with ``--index``, it encodes ``passages.json`` in the folder, a list of objects
with a ``title``, a ``section`` (its headings) and a ``text``, into ``vectors.faiss`` beside it.
Threads are the libraries' own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import faiss
import uvicorn
from fastapi import Body, FastAPI
from sentence_transformers import SentenceTransformer

from eval.rivals.headed import headed


def main(model: str, folder: str, *action: str) -> None:
    """Index, answer a question, or serve."""
    encoder = SentenceTransformer(model)
    passages: list[dict[str, Any]] = json.loads(Path(folder, "passages.json").read_text("utf-8"))
    vectors = str(Path(folder, "vectors.faiss"))
    if action[0] == "--index":
        faiss.write_index(_index(encoder, passages), vectors)
        return
    index = faiss.read_index(vectors)

    def ask(question: str, top_k: int = 5) -> list[dict[str, Any]]:
        vector = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        scores, rows = index.search(vector, top_k)
        found = zip(scores[0].tolist(), rows[0].tolist(), strict=True)
        return [{"score": score, **passages[row]} for score, row in found]

    if action[0] != "--serve":
        print(json.dumps(ask(action[0])))
        return
    app = FastAPI()

    @app.get("/ready")
    def ready() -> int:
        return len(passages)

    @app.post("/ask")
    def post_ask(question: str = Body(embed=True)) -> list[dict[str, Any]]:
        return ask(question)

    uvicorn.run(app, port=int(action[1]), access_log=False)


def _index(encoder: SentenceTransformer, passages: list[dict[str, Any]]) -> faiss.Index:
    texts = [headed(**passage) for passage in passages]
    vectors = encoder.encode(texts, prompt="passage: ", normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


if __name__ == "__main__":
    main(*sys.argv[1:])
