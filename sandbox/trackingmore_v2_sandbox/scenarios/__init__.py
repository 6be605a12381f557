"""
Simulated journeys of parcels and air waybills, and the numbers that select them.

A journey depends only on the number and the arguments, so it is the same on every machine. No code
here reads a clock or uses a random generator. A tracking number that begins with `SANDBOX-`, in any
case, is a program:

    number   = "SANDBOX-" ( failure [ "-" journey ] | journey ) [ "_" label ]

    journey  = [ "SINCE-" time "-" ] state { "-" time "-" [ "TO-" country "-" ] state }
    state    = a status or substatus of the API, such as TRANSIT or PICKUP002
    time     = a whole number and S, M, H or D, up to ten years: 90S, 15M, 2H, 3D
    country  = two letters, once per journey: that country's post reports the later checkpoints

    failure  = ( "FAIL-" code | "HTTP-" status | "SLOW-" time | "BROKEN-" body ) [ "-ON-" call ]
    code     = an error meta code, such as 4016
    status   = an HTTP status, 300 to 599
    body     = JSON (truncated) | HTML | EMPTY | GARBAGE
    call     = CREATE | GET | REALTIME | UPDATE | MOVE | STOP | DELETE | DETECT

    label    = up to 100 letters, digits, hyphens and underscores

A journey starts when the tracking is created, or earlier by the time after SINCE. A failure affects
every call that names the number, or only the call after ON. A program without a journey gets a
generated one, as any other number does. A label distinguishes numbers with the same program; it
only affects the cities. A number that begins with `SANDBOX-` and is not a valid program is rejected
by every call, with 4014.
"""
