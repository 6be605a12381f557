"""
Tables in files: their formats, and how they are written and read.

    formulas.py   text that a spreadsheet must not evaluate
"""
