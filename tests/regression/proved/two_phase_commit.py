"""Two-phase commit with any number of managers: safety needs the lemma that a decision to commit leaves nobody working or aborted."""

from fsm import Field, Machine, Rule, State, System, always, each, event, one, reachable, wire

waiting, decided, given_up = State("waiting"), State("decided"), State("given_up")
absent, working, prepared, committed, aborted = (
    State("absent"),
    State("working"),
    State("prepared"),
    State("committed"),
    State("aborted"),
)


@event
class Enlist:
    who: Field[str]


@event
class Vote:
    who: Field[str]


@event
class Refuse:
    who: Field[str]


@event
class Decide:
    pass


@event
class GiveUp:
    pass


@event
class Join:
    pass


@event
class Prepare:
    pass


@event
class Commit:
    pass


@event
class Abort:
    pass


COORDINATOR = Machine(
    "coordinator",
    states=(waiting, decided, given_up),
    initial=waiting,
    transitions=(waiting.on(Commit).to(decided), waiting.on(Abort).to(given_up)),
)
MANAGER = Machine(
    "manager",
    states=(absent, working, prepared, committed, aborted),
    initial=absent,
    transitions=(
        absent.on(Join).to(working),
        working.on(Prepare).to(prepared),
        prepared.on(Commit).to(committed),
        (working | prepared).on(Abort).to(aborted),
    ),
)
coordinator = one("coordinator", COORDINATOR)
managers = each("managers", MANAGER, key="who")

SUBJECT = System(
    "two_phase_commit",
    parts=(coordinator, managers),
    wires=(
        wire(Enlist, managers[Enlist.who].by(Join)),
        wire(Vote, managers[Vote.who].by(Prepare)),
        wire(Refuse, managers[Refuse.who].by(Abort)),
        wire(Decide, coordinator.by(Commit), managers.every(prepared).by(Commit)),
        wire(GiveUp, coordinator.by(Abort), managers.every(working, prepared).by(Abort)),
    ),
    rules=(
        Rule("managers enlist before the decision", on=Enlist, when=coordinator.inside(waiting)),
        Rule("a commit needs every vote", on=Decide, when=managers.none(working, aborted)),
    ),
    properties=(
        always("nobody aborts what another has committed", ~(managers.any(committed) & managers.any(aborted))),
        always(
            "a decision to commit leaves nobody working, prepared or aborted",
            coordinator.inside(decided) >> managers.none(working, prepared, aborted),
        ),
        always("whoever has committed was told so", managers.any(committed) >> coordinator.inside(decided)),
        reachable("two can commit together", managers.count(committed) >= 2),
        reachable("one can abort while another has voted", managers.any(aborted) & managers.any(prepared)),
    ),
)
