"""
Bytes that nobody of good will would send, and everything here that reads bytes.

    target.py       a target: a function that takes any bytes, and raises for a fault alone
    targets.py      all of them; each has a module of its own
    documents.py    the documented payloads and the contract's examples, where all begins
    mutator.py      makes inputs of seeds, tokens and chance
    storm.py        sends very many of them through the targets, on all cores
    corpus.py       inputs as files: those that are kept, and those that failed
    replay.py       runs files again
    harness.py      lets Atheris make the inputs of one target, where it can be installed
    explore.py      does so for several; choose.py keeps what is worth it
"""
