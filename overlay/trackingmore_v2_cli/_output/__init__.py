"""
What commands print: results to standard output, everything else to standard error.

    output.py              results as JSON, as tables on a terminal, or as tab-separated values
    records.py             the records of `--json`: their names, fields and schema
    columns.py, table.py   columns, and tables on a terminal
    details.py             trackings and air waybills with their events
    tracking.py            a tracking with its events, which timeline.py draws
    air_waybill.py         an air waybill, which flights.py draws
    progress.py            progress of items
    following.py           progress where items are many
    text.py                text that is safe to print
"""
