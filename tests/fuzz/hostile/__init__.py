"""
Fuzzing of everything that parses bytes, with inputs that no well-behaved client or server sends.

    corpus.py            the targets, and their stored inputs; the other modules are the targets
    dictionaries/        tokens of each target, in libFuzzer's format
    http_text.py         requests as text, and as ASGI scopes
    mutator.py           inputs made from seeds and tokens
    runner.py            many inputs in several processes
    coverage_guided.py   inputs made by Atheris
"""
