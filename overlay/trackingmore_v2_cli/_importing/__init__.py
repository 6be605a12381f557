"""
Imports of tables.

    flow.py       the first look, the question, the run, and the report
    outages.py    notes about outages, during which the import goes on trying
    carriers.py   carriers that the list does not have
    columns.py    which column holds which field
    outcomes.py   what becomes of each row
    journals.py   where the state of an import is stored
    rejects.py    the file of rejected rows
    report.py     what is printed
"""
