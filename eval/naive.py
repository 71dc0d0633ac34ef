"""A service as it is usually written, to compare with: sentence-transformers, FAISS, FastAPI.

``python -m eval.naive MODEL FOLDER QUESTION`` answers; with ``--serve PORT`` instead of a question,
it serves. The folder has ``texts.json`` and ``vectors.faiss``. Threads are the libraries' own.
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


def main(model: str, folder: str, *action: str) -> None:
    """Answer a question, or serve."""
    encoder = SentenceTransformer(model)
    texts: list[str] = json.loads(Path(folder, "texts.json").read_text("utf-8"))
    index = faiss.read_index(str(Path(folder, "vectors.faiss")))

    def ask(question: str, top_k: int = 5) -> list[dict[str, Any]]:
        vector = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        scores, rows = index.search(vector, top_k)
        found = zip(scores[0].tolist(), rows[0].tolist(), strict=True)
        return [{"score": score, "text": texts[row]} for score, row in found]

    if action[0] != "--serve":
        print(json.dumps(ask(action[0])))
        return
    app = FastAPI()

    @app.get("/ready")
    def ready() -> int:
        return len(texts)

    @app.post("/ask")
    def post_ask(question: str = Body(embed=True)) -> list[dict[str, Any]]:
        return ask(question)

    uvicorn.run(app, port=int(action[1]), access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
