"""
What `watch` decides and does.

    state.py        what was reported, and the changes since then
    state_file.py   the file of that state, which a restart continues
    sources.py      the requests of a round: some trackings, or all of the account
    watcher.py      the rounds: read, report, store, wait
    run.py          one run: source, state and output
    live.py         the live table on a terminal
    clock.py        time, which tests replace
"""
