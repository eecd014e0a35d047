"""What callers can have taken, way by way.

chosen        a step in which it is chosen who moves
events        every way in which an event can be taken, at once or after waiting
moments       any moment of the lemmas, what is impossible in it, and one in which no timer is due
payloads      what callers may put into the fields of an event
"""

__all__: list[str] = []
