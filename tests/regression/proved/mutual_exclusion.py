"""Any number of processes, one critical section: a rule over all of them lets one in, so for every number of them one is in."""

from fsm import Field, Machine, Rule, State, System, always, each, event, reachable, recoverable, wire

idle, wanting, critical = State("idle"), State("wanting"), State("critical")


@event
class Want:
    who: Field[str]


@event
class Enter:
    who: Field[str]


@event
class Leave:
    who: Field[str]


@event
class Asks:
    pass


@event
class Goes:
    pass


@event
class Ends:
    pass


PROCESS = Machine(
    "process",
    states=(idle, wanting, critical),
    initial=idle,
    transitions=(idle.on(Asks).to(wanting), wanting.on(Goes).to(critical), critical.on(Ends).to(idle)),
)
processes = each("processes", PROCESS, key="who")

SUBJECT = System(
    "mutual_exclusion",
    parts=(processes,),
    wires=(
        wire(Want, processes[Want.who].by(Asks)),
        wire(Enter, processes[Enter.who].by(Goes)),
        wire(Leave, processes[Leave.who].by(Ends)),
    ),
    rules=(Rule("one at a time", on=Enter, when=processes.none(critical)),),
    properties=(
        always("never two in the critical section", processes.count(critical) <= 1),
        reachable("many can want it at once", processes.count(wanting) >= 3),
        recoverable("everybody can be done", processes.none()),
    ),
)
