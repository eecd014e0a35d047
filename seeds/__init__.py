"""The catalogue of facts: what the guide of 2019 says, one by one, and what each became here.

`catalogue.toml` is the data; every entry links to what models it, what shows it and what would
break it, or says what is missing. A fact is never dropped silently: it is shown, or shown in
part, or not yet, and the last two say why.

facts            the catalogue, checked when it is read
Fact             one of them, of a `Kind`, with its `Standing`
find, DeadLink   what a link leads to, or that it leads nowhere
"""

from fsm.seeds.catalogue import Fact, Kind, Standing, facts
from fsm.seeds.references import DeadLink, find

__all__ = ["DeadLink", "Fact", "Kind", "Standing", "facts", "find"]
