"""Two proposals, one vote for each node: at most one of them ever has a majority, whatever the number of nodes.

Source: the example `toy_consensus` of Ivy (O. Padon and others, 2016) and mypyvy; majority voting is R. H.
Thomas's (1979). There two quorums meet in a node; here votes are counted, and twice more than half is more
than all. Where all have voted and neither has won, the chair adjourns.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    one,
    parameter,
    reachable,
    wire,
)

open_, decided_yes, decided_no, adjourned = (
    State("open_"),
    State("decided_yes"),
    State("decided_no"),
    State("adjourned"),
)
silent, yes, no = State("silent"), State("yes"), State("no")
nodes_there_are = parameter("nodes_there_are", int, 3, low=1)


@event
class VotesYes:
    node: Field[str]


@event
class VotesNo:
    node: Field[str]


@event
class DecidesYes:
    pass


@event
class DecidesNo:
    pass


@event
class Adjourn:
    pass


@event
class SayYes:
    pass


@event
class SayNo:
    pass


NODE = Machine(
    "node", states=(silent, yes, no), initial=silent, transitions=(silent.on(SayYes).to(yes), silent.on(SayNo).to(no))
)
CHAIR = Machine(
    "chair",
    states=(open_, decided_yes, decided_no, adjourned),
    initial=open_,
    transitions=(
        (open_ | decided_yes | decided_no).on(DecidesYes).to(decided_yes),
        (open_ | decided_yes | decided_no).on(DecidesNo).to(decided_no),
        open_.on(Adjourn).to(adjourned),
    ),
)
chair, nodes = one("chair", CHAIR), each("nodes", NODE, key="node", population=nodes_there_are)

SUBJECT = System(
    "majority_vote",
    parts=(chair, nodes),
    parameters=(nodes_there_are,),
    wires=(
        wire(VotesYes, nodes[VotesYes.node].by(SayYes)),
        wire(VotesNo, nodes[VotesNo.node].by(SayNo)),
        wire(DecidesYes, chair.by(DecidesYes)),
        wire(DecidesNo, chair.by(DecidesNo)),
    ),
    rules=(
        Rule("yes needs a majority of all nodes", on=DecidesYes, when=2 * nodes.count(yes) > nodes_there_are),
        Rule("no needs a majority of all nodes", on=DecidesNo, when=2 * nodes.count(no) > nodes_there_are),
    ),
    properties=(
        always(
            "a decision for yes keeps its majority",
            chair.inside(decided_yes) >> (2 * nodes.count(yes) > nodes_there_are),
        ),
        always(
            "a decision for no keeps its majority", chair.inside(decided_no) >> (2 * nodes.count(no) > nodes_there_are)
        ),
        each_step("what was decided stays decided", before(chair.inside(decided_yes)) >> ~happens(DecidesNo)),
        reachable("yes can win against one no", chair.inside(decided_yes) & nodes.any(no)),
        reachable("no can win", chair.inside(decided_no)),
    ),
)
