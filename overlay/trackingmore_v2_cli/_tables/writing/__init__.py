"""
Trackings written to files: streaming, with the same columns and types every time.

    columns.py   the columns, with their types
    texts.py     text as a format can hold it
    formats.py   the formats, and which one a file has
    text.py      CSV and JSON Lines
    excel.py     XLSX
    parquet.py   Parquet
    sqlite.py    SQLite, where trackings that are there already are updated
"""
