"""What is taken again: runs, what cannot follow where they end, and all there is, gone through by the plain meaning.

claims       what holds in all there is, and what is never met in it
clock        the time in state of the one instance that keeps time, from change to change
ends         where a run ends, and what can still happen from there
enumeration  all there is, up to renaming of keys
facts        what is so at a moment and may go on being so
lost         what is lost where a run ends, or never comes while it goes round
owed         whether a run that goes round gives what callers owe events
runs         runs, taken again from the first snapshot
"""

__all__: list[str] = []
