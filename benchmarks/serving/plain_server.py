"""The plain script behind Starlette, as a user would write it: `FOLDER PORT`."""

import json
import sys
from pathlib import Path

import faiss
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.speed.plain_script import load_model

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])
model = load_model()
index = faiss.read_index(str(FOLDER / "index.faiss"))
texts = json.loads((FOLDER / "texts.json").read_text("utf-8"))


def search(request: Request) -> JSONResponse:
    question = request.query_params["question"]
    scores, rows = index.search(model.encode([question], normalize_embeddings=True, show_progress_bar=False), 5)
    found = zip(scores[0].tolist(), rows[0].tolist(), strict=True)
    return JSONResponse({"hits": [{"score": score, "text": texts[row]} for score, row in found]})


if __name__ == "__main__":
    uvicorn.run(Starlette(routes=[Route("/search", search)]), port=PORT, log_level="error", access_log=False)
