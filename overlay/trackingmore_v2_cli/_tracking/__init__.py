"""
What `track` decides and does.

    recognition.py   air waybills, recognized by the form of their numbers
    lookup.py        what the account has, and air waybills; free
    creation.py      the others, which cost quota: their question, detection and creation
    tracker.py       one run of the command
    failures.py      numbers that failed while others succeeded
"""
