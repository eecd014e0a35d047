"""A status chosen while contacts are live waits until the desk is empty: the guide of 2021-07 (D6).

It waits for an agent who is Available alone: nobody else is offered anything that would have to be kept away, so an agent who is
away, though on a call placed from there (D2), is moved at once.
"""

from fsm import Rule, always, named, one, wire
from fsm.desk import events, parameters
from fsm.desk.desk import AGENT, GUIDE, after_work, available, connected, offered, offers, tiles
from fsm.desk.later.waiting_status import WAITS, PlanStatus, TakeNextStatus, following
from fsm.desk.vocabulary import Clear, Next, SetStatus, Status
from fsm.language.expressions import Formula
from fsm.language.parts import Move
from fsm.variants import Replaced, Variant, replaced, retracted, rule, varied, wiring

agent = one("agent", varied(AGENT, WAITS))
next_status = parameters.otherwise(parameters.next_status, True)
leaves = events.SetStatus.status != Status.AVAILABLE
live = agent.inside(available) & tiles.any(offered, connected)
must_wait = named("the status must wait", next_status & leaves & live)
tidies_up = named("the status need not wait", next_status & leaves & ~live)
takes_next = named("the next status is due", (agent[following] != Next.NONE) & (tiles.count() == 1))
clears, takes = tiles.every(after_work).by(Clear), agent.by(TakeNextStatus)
WAITED = Rule("nothing is offered while a status waits", on=offers, when=agent[following] == Next.NONE, cites="D6")


def last(event: type, given: Move, stays: Formula, frees: Formula) -> Replaced:
    """The wires of an event by which a slot may be given back: with the last of them the status that waits is taken."""
    return replaced(wiring(event), wire(event, given, when=stays), wire(event, given, takes, when=frees))


NEXT_STATUS = Variant(
    "a status waits until the desk is empty", GUIDE,
    adds=(
        next_status,
        always("a status waits only while something is held", (agent[following] != Next.NONE) >> tiles.any(), cites="D6"),
    ),
    replaces=(
        replaced(rule(GUIDE.rules[0].name), GUIDE.rules[0], WAITED),
        last(events.Clear, tiles[events.Clear.contact].by(Clear), ~takes_next, takes_next),
        replaced(
            wiring(events.SetStatus),
            wire(events.SetStatus, agent.by(SetStatus, status=events.SetStatus.status), when=~next_status | ~leaves),
            wire(events.SetStatus, agent.by(SetStatus, status=events.SetStatus.status), clears, when=tidies_up),
            wire(events.SetStatus, agent.by(PlanStatus, status=events.SetStatus.status), clears, when=must_wait),
        ),
    ),
    retracts=(retracted("choosing a status sends no contact away", because="what is in after contact work is cleared"),),
    machines=(WAITS,),
)  # fmt: skip
