"""
The Python API compared with that of the last release: `python -m release.api_diff`.

`release/api.json` has one line for each public name, parameter, field, command and option, as
`inspect`, `typing` and msgspec see them.
"""
