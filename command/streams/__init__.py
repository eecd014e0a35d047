"""Records held against a declaration.

monitor.py   `fsm monitor`
kept.py      how far it came, in a file
records.py   records of files, of standard input, of a file that grows
"""

__all__: list[str] = []
