"""
Tables in files: their formats, and how they are written and read.

    reading.py       tables of any format: `open_table()`
    rows.py          rows, and what is wrong with them
    text_files.py    lines in any encoding
    _csv.py, _json_lines.py, _xlsx.py, _parquet.py
                     the formats; the typed values of the last two are in _values.py
    formulas.py      text that a spreadsheet must not evaluate
    writing/         trackings written to files
"""
