"""
What commands print: results to standard output, everything else to standard error.

    records.py   the records of `--json`: their names, fields and schema
    output.py    results as JSON, as tables on a terminal, or as tab-separated values
    table.py     tables on a terminal
    progress.py  progress of many items
    text.py      text that is safe to print
"""
