"""The late signal: every question token's best match among a passage's tokens (MaxSim), from quantised vectors.

MaxSim as in ColBERT (Khattab and Zaharia, SIGIR 2020), with the token vectors of the encoder that makes the sentence
vectors. Questions are not quantised.
"""
