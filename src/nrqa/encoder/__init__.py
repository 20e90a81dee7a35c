"""The encoder: sentence-transformers loads and converts a model, onnxruntime runs it."""
