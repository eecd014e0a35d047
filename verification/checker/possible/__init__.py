"""What callers can have taken, way by way.

calm          a moment in which no timer is due
chosen        a step in which it is chosen who moves
events        every way in which an event can be taken, at once or after waiting
payloads      what callers may put into the fields of an event
"""

__all__: list[str] = []
