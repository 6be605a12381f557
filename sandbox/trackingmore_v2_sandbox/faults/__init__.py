"""
Fault injection: plans that select a fault for a request, and the code that applies it.

    instructions.py         fault instructions, as values and in a short text form
    plan.py                 fault plans, and the selection of an instruction for a request
    repository.py           the fault plans of all accounts in the store
    injector.py             applies an instruction to a request
    response_faults.py      response-level faults: a changed body in a valid HTTP message
    connection.py           connection-level faults
    uvicorn_protocol.py     gives the app access to the connection of each request
    buffered_transport.py   sends the head and the body of a response in one write
"""
