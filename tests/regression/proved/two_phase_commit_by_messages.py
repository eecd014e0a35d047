"""Two-phase commit as Gray and Lamport wrote it, with the messages that were sent: any number of managers, none of whom reads another's mind.

Source: J. Gray, L. Lamport, Consensus on transaction commit (2006), whose specification has 288 states
for three resource managers. A vote is sent with `prepared`, counted when it is `noted`; the messages
to commit and to abort are the coordinator's states, since nothing that was sent is ever taken back.
By hand: before the decision each manager is one of four (working, prepared, noted, aborted by itself),
after a commit one of two, after an abort one of six: 4^3 + 2^3 + 6^3.

Proved for every number of them: a decision to commit needs every vote, and nobody who voted aborts
unless told so.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    boolean,
    each,
    each_step,
    event,
    happens,
    one,
    parameter,
    reachable,
    wire,
)

undecided, commits, aborts = State("undecided"), State("commits"), State("aborts")
working, prepared, committed, aborted = State("working"), State("prepared"), State("committed"), State("aborted")
voted, noted = boolean("voted"), boolean("noted")
managers_there_are = parameter("managers_there_are", int, 3, low=1)


@event
class Prepares:
    who: Field[str]


@event
class GivesUp:
    who: Field[str]


@event
class HearsCommit:
    who: Field[str]


@event
class HearsAbort:
    who: Field[str]


@event
class Notes:
    who: Field[str]


@event
class Commits:
    pass


@event
class Aborts:
    pass


@event
class Prepare:
    pass


@event
class Note:
    pass


@event
class Commit:
    pass


@event
class Refuse:
    pass


@event
class Abort:
    pass


COORDINATOR = Machine(
    "coordinator",
    states=(undecided, commits, aborts),
    initial=undecided,
    transitions=(undecided.on(Commits).to(commits), undecided.on(Aborts).to(aborts)),
)
MANAGER = Machine(
    "manager",
    states=(working, prepared, committed, aborted),
    initial=working,
    variables=(voted, noted),
    transitions=(
        working.on(Prepare).to(prepared).set(voted, True),
        prepared.on(Note).when(~noted).stay().set(noted, True),
        prepared.on(Commit).to(committed),
        working.on(Refuse).to(aborted),
        (working | prepared).on(Abort).to(aborted),
    ),
)
coordinator = one("coordinator", COORDINATOR)
managers = each("managers", MANAGER, key="who", population=managers_there_are)

SUBJECT = System(
    "two_phase_commit",
    parts=(coordinator, managers),
    parameters=(managers_there_are,),
    wires=(
        wire(Prepares, managers[Prepares.who].by(Prepare)),
        wire(GivesUp, managers[GivesUp.who].by(Refuse)),
        wire(HearsCommit, managers[HearsCommit.who].by(Commit)),
        wire(HearsAbort, managers[HearsAbort.who].by(Abort)),
        wire(Notes, managers[Notes.who].by(Note)),
        wire(Commits, coordinator.by(Commits)),
        wire(Aborts, coordinator.by(Aborts)),
    ),
    rules=(
        Rule("votes are counted before the decision", on=Notes, when=coordinator.inside(undecided)),
        Rule("a commit needs every vote", on=Commits, when=managers.count(noted) == managers_there_are),
        Rule("a manager commits when told so", on=HearsCommit, when=coordinator.inside(commits)),
        Rule("a manager who voted aborts when told so", on=HearsAbort, when=coordinator.inside(aborts)),
    ),
    properties=(
        always("nobody aborts what another has committed", ~(managers.any(committed) & managers.any(aborted))),
        always("whoever has committed was told so", managers.any(committed) >> coordinator.inside(commits)),
        always(
            "a decision to commit has every vote",
            coordinator.inside(commits) >> (managers.count(noted) == managers_there_are),
        ),
        always(
            "whoever aborted after its vote was counted was told so",
            managers.any(aborted, noted) >> coordinator.inside(aborts),
        ),
        each_step(
            "a commit ends the waiting of one manager at a time",
            (before(managers.count(committed)) < after(managers.count(committed))) >> happens(HearsCommit),
        ),
        reachable("all three can commit", managers.count(committed) == 3),
        reachable("one gives up after the others have voted", managers.any(aborted) & (managers.count(prepared) >= 2)),
    ),
)

SNAPSHOTS = {3: 288, 5: 8_832}
"""As published, without renaming of managers: by Gray and Lamport for three, by stateright's example for three and for five."""
