"""
Webhooks on the command line.

    requests.py    a request as it came, and the file in which it is kept
    server.py      the HTTP server, with its limits
    receiver.py    what becomes of a request: parsed, kept, forwarded, queued for the output
    sending.py     requests that are sent to the user's own receiver
    signing.py     signatures of bodies
    addresses.py   where the server can be reached
    live.py        events on a terminal
"""
