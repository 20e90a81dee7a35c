"""An index that a Milvus server keeps: it finds candidates and holds rows; ranking, citing and judging stay here.

Each row says which generation brought it (``born``) and which took it out (``died``). One small row names the published
generation, and writing that row is the commit (module store).
"""
