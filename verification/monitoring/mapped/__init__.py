"""Records by a mapping that is written as data.

mapping.py   the mapping, read from TOML or JSON
table.py     a table of it, whose every word must be known
binding.py   its names looked up in a declaration: a monitor and its sources
records.py   a record as an observation
columns.py   what stands in a column, as an instant or a value
files.py     records from files
"""

__all__: list[str] = []
