"""What of a declaration is drawn: its lines, notes and words, without a look.

bundles     which transitions share a line
folding     conditions where some values are known
left_out    what a picture does not show, counted, in a sentence: nothing is hidden without being said
notes       notes below a picture
presence    where a system is: what a snapshot says of the states of a part, in words
reduction   what is left of a declaration where some parameters have given values
runs        a run as a sequence
selection   what of a declaration is shown under given options
together    what several parts of a system do together, told once for each event
triggers    what sets off the transitions of a part
views       what of a declaration is drawn, as data: states and transitions of a machine
wording     what a picture says
"""

from __future__ import annotations

__all__: list[str] = []
