"""Retrievers for frameworks: LangChain, LlamaIndex, Haystack. Each gives the same passages with the same metadata.

The frameworks are extras (``nrqa[langchain]`` and so on), imported by the module that bears their name and by no other.
"""
