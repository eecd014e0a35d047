"""What no solver is asked about: it is done again, by the plain meaning.

claims       what holds in all there is, and what is never met in it
enumeration  all there is, gone through: where no time is kept and every value is tried
runs         runs, taken again, and what they show
"""

__all__: list[str] = []
