"""Which engine answers which property.

assumptions      whether the assumptions on parameters leave anything to choose: what every claim rests on
decide           which engine answers which kind of property
elsewhere        work in other processes: how it is begun, handed over, told and ended
explaining       why a verdict is what it is, for whoever asks
in_range         whether every value stays in its range, where intervals leave it open
lost             a goal that is lost for good: facts that nothing takes away
minimisation     a run in the most usual profile in which it breaks its claim
portfolio        several engines on one question, at once
possibility      deciding what must be possible
profiles         which profile to search under
prover           the engines of one system, each made once, when first needed, and what they share
response         deciding what must come in the end, on every fair run: `leads_to`
safety           deciding what must never happen: `always`, `each_step`, `within`
stuck            a run to where nothing can happen any more, by a number that no search tries
vacuity          claims that hold for want of cases
wellformedness   checks of a definition that need proofs
"""

from __future__ import annotations

__all__: list[str] = []
