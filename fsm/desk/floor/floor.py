"""A floor: many agents, many contacts, one pure step. The desks are those of `DESK`, the journeys those of `JOURNEY`.

    floor = Floor(["ann", "bob"])
    snapshot = floor.start()
    snapshot = floor.step(snapshot, SetStatus("ann", Status.AVAILABLE), at=0).after

What happens to a contact at an agent's desk happens to both in one step, or to neither: what a
desk or a journey refuses, the floor refuses. The tile at the desk and the tile of the journey
are the same machine, moved at the same instants, so an offer is counted and missed on both at once.

Pure means what it means for an engine: no clock, no I/O, no state. A routing given by the caller must be pure too.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fsm import Engine, Snapshot, System, compile
from fsm.desk import DESK, JOURNEY
from fsm.desk.floor import events as said_on
from fsm.desk.floor.state import FloorLayout, FloorRefused, FloorSnapshot, FloorStep, Objection, Routing, longest_idle
from fsm.desk.floor.transaction import Effects, Hall, Moved
from fsm.desk.floor.translation import TRANSLATIONS, Moves, Told, Translation, as_event, offered_to
from fsm.desk.journey import Tidy
from fsm.errors import BadEvent, BadProfile, BadStaff, ForeignSnapshot
from fsm.language.parameters import Profile
from fsm.language.printing import label
from fsm.language.snapshot import new
from fsm.language.values.brief import brief
from fsm.language.values.limits import LARGEST
from fsm.runtime.inputs import check_fields, check_instant, check_not_before, checks_of
from fsm.runtime.profile import complete
from fsm.variants import Variant, varied


def _of(system: System, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """Those that vary a system or a machine of it, each once; of one that varies another system, its machines'."""
    homes = {system.name, *(part.machine.name for part in system.parts)}
    chosen = [one for given in variants for one in ((given,) if given.base.name in homes else given.machines)]
    within = {id(one) for given in chosen for one in given.machines}
    return tuple(one for one in dict.fromkeys(chosen) if one.base.name in homes and id(one) not in within)


def _own_values(staff: Iterable[str] | Mapping[str, Profile], shared: set[str]) -> dict[str, Profile]:
    """What is set for each agent alone, in the order of the staff; BadInput for ids that are none, and for what journeys share."""
    own: dict[str, Profile] = {}
    for agent in staff:
        if not isinstance(agent, str):
            raise BadStaff("staff", f"{agent!r} is no agent's id", "Ids are strings.")
        if agent in own:
            raise BadStaff("staff", f"{agent!r} stands twice", "Ids are strings.")
        own[agent] = staff[agent] if isinstance(staff, Mapping) else {}
        if alike := [name for name in own[agent] if name in shared]:
            raise BadProfile(
                f"staff.{agent}.{alike[0]}",
                "is the same for every agent, since journeys share it",
                "Put it in the profile.",
            )
    if not own:
        raise BadStaff("staff", "is empty", "A floor has at least one agent.")
    return own


class Floor:
    """A floor ready to run. Holds no state: every method is a function of its arguments.

    Args:
        staff: the agents' ids, in an order; or, by id, what an administrator sets for this agent alone (`max_chats`, `voice`, ...).
        profile: values of parameters of `DESK`, for every agent.
        routing: in which order agents are asked when a contact is routed.
        variants: of `DESK`, `JOURNEY` and their machines; one of the tile varies both sides, and so does one that a variant of the desk has
            among its machines.
        translations: what further events of this floor mean for desks and journeys, or what those of every floor mean here: for each
            class a pure function of the snapshot and the event, which gives `Moves`.

    Raises:
        DefinitionError: a variant does not fit, as `fsm.variants.varied` says.
        BadInput: no agents, an id that is no string or stands twice, or a profile that DESK refuses; an agent's own durations or
            another parameter that journeys share, since a journey goes from one agent to another.

    Attributes:
        journey: the engine of `JOURNEY`, for as many agents as there are; its steps emit nothing, since the desks say it all.
        engines: by agent, the engine of `DESK` under the agent's profile.
        routing: as given.
        layout: what its snapshots carry, to be told from those of other floors.
    """

    def __init__(
        self,
        staff: Iterable[str] | Mapping[str, Profile],
        profile: Profile | None = None,
        routing: Routing = longest_idle,
        *,
        variants: Iterable[Variant] = (),
        translations: Mapping[type, Translation] = MappingProxyType({}),
    ) -> None:
        given = tuple(variants)
        desk, journey = (varied(system, *_of(system, given)) for system in (DESK, JOURNEY))
        shared = {param.name for param in journey.parameters} & {param.name for param in desk.parameters}
        own = _own_values(staff, shared)
        alike = {agent: repr(sorted(values.items())) for agent, values in own.items()}
        each = {alike[agent]: values for agent, values in own.items()}
        made = {one: compile(desk, {**(profile or {}), **values}) for one, values in each.items()}
        self.engines = {agent: made[one] for agent, one in alike.items()}
        params = next(iter(made.values())).params
        self.journey = Engine(
            journey,
            complete(journey, {"agents": len(own), **{name: params[name] for name in sorted(shared)}}),
            silent=True,
        )  # what a tile emits, the desk says
        self.routing, self._translations = routing, {**TRANSLATIONS, **translations}
        self._fields = {event: checks_of(event) for event in (said_on.Route, *self._translations)}
        self.layout = FloorLayout(
            tuple((agent, engine.layout) for agent, engine in self.engines.items()), self.journey.layout
        )
        self._hall = Hall(self.engines, self.journey, self.journey.start())

    def __repr__(self) -> str:
        return f"Floor({len(self.engines)} agents)"

    # Running

    def start(self, at: int = 0) -> FloorSnapshot:
        """The floor at its opening: every agent offline, nobody waiting.

        Args:
            at: the instant, milliseconds.

        Raises:
            BadInput: `at` is no instant.
        """
        check_instant("at", at)
        desks = {agent: engine.start(at) for agent, engine in self.engines.items()}
        nothing: MappingProxyType[str, Any] = MappingProxyType({})
        return FloorSnapshot(self.layout, at, None, MappingProxyType(desks), nothing, nothing, nothing, tuple(desks))

    def step(self, snapshot: FloorSnapshot, event: object, at: int) -> FloorStep:
        """The event taken at an instant, after every offer that ended by then.

        Args:
            snapshot: of this floor.
            event: of `fsm.desk.floor.events`.
            at: milliseconds; not before the snapshot.

        Raises:
            FloorRefused: a desk or a journey does not take what it is told; nothing moved but time.
            BadInput: a snapshot of another floor, what is no event of a floor, a field of a wrong type, an agent not of the staff, an
                instant that is no int or runs back.
        """
        if (
            snapshot.__class__ is not FloorSnapshot
            or snapshot.layout is not self.layout
            or at.__class__ is not int
            or not snapshot.now <= at <= LARGEST
        ):
            snapshot = self._checked(snapshot, at, "at")
        kind = type(event)
        checks = self._fields.get(kind)
        if checks is None:
            raise BadEvent(
                "event",
                f"{brief(event)} is no event of a floor",
                f"Its events: {', '.join(label(one) for one in self._fields)}.",
            )
        check_fields(event, checks)
        effects: Effects = ()
        if snapshot.due is not None and snapshot.due <= at:
            snapshot, effects = self._advance(snapshot, at)
        moved: Moved | None = None
        if kind is said_on.Route:
            moves, moved = self._routed(snapshot, event, at, effects)
        else:
            moves = self._translations[kind](snapshot, event)
        after = self._hall.told(snapshot, event, moves, at, moved)
        if after is None:
            raise self._refused(snapshot, event, moves, at, effects)
        return new(FloorStep, (after[0], effects + after[1]))

    def advance(self, snapshot: FloorSnapshot, to: int) -> FloorStep:
        """Time alone passes: every offer whose time has come is counted or missed, at the desk and on the journey.

        Raises:
            BadInput: a snapshot of another floor; `to` is no instant, or lies before the snapshot.
        """
        return FloorStep(*self._advance(self._checked(snapshot, to, "to"), to))

    def due(self, snapshot: FloorSnapshot) -> int | None:
        """The earliest instant (milliseconds) at which time will do something; None when no offer rings.

        Raises:
            BadInput: a snapshot of another floor.
        """
        return self._own(snapshot).due

    # Looking

    def desk(self, snapshot: FloorSnapshot, agent: str) -> Snapshot:
        """An agent's desk at the floor's instant.

        Raises:
            BadInput: nobody of the staff; a snapshot of another floor.
        """
        snapshot = self._own(snapshot)
        return self._hall.engine_of(agent).advance(snapshot.desks[agent], snapshot.now).after

    def contact(self, snapshot: FloorSnapshot, contact: str) -> Snapshot | None:
        """A contact's journey at the floor's instant; None for one that never came, or has ended and left no tile, or was called by an agent.

        Raises:
            BadInput: a snapshot of another floor.
        """
        snapshot = self._own(snapshot)
        known = snapshot.journeys.get(contact)
        return None if known is None else self.journey.advance(known, snapshot.now).after

    # Telling desks and journeys

    def _routed(self, snapshot: FloorSnapshot, event: Any, at: int, effects: Effects) -> tuple[Moves, Moved]:
        """The offer to the first agent asked whose desk takes it, and what it made of that desk."""
        asked: list[Told] = []
        for agent in self.routing(snapshot, event.contact):
            moves = offered_to(snapshot, event.contact, agent)
            ((_, called, payload),) = moves.desks
            moved = self._hall.engine_of(agent).attempt(snapshot.desks[agent], payload, called, at)
            if moved is not None:
                return moves, moved
            asked += moves.desks
        raise self._refused(snapshot, event, Moves(tuple(asked), None), at, effects)

    def _refused(self, snapshot: FloorSnapshot, event: object, moves: Moves, at: int, effects: Effects) -> FloorRefused:
        """Everyone who does not take what was meant for them, as if each were told alone."""
        asked = [
            (f"desk {told[0]}", self._hall.engine_of(told[0]).why_not(snapshot.desks[told[0]], as_event(told), at))
            for told in moves.desks
        ]
        if moves.journey is not None:
            contact, known = moves.journey[0], snapshot.journeys.get(moves.journey[0]) or self.journey.start(at)
            asked.append((f"journey {contact}", self.journey.why_not(known, as_event(moves.journey), at)))
        return FloorRefused(
            event,
            at,
            tuple(Objection(who, refusal) for who, refusal in asked if refusal is not None),
            snapshot._replace(now=at),
            effects,
        )

    # Time

    def _advance(self, snapshot: FloorSnapshot, to: int) -> tuple[FloorSnapshot, Effects]:
        """Let offers be counted and missed: by instant, then in the order of the staff; desk and journey at the same instant."""
        effects: Effects = ()
        while snapshot.due is not None and snapshot.due <= to:
            due = snapshot.due
            agent, desk = next((one, desk) for one, desk in snapshot.desks.items() if desk.due == due)
            step = self.engines[agent].advance(desk, due)
            passed = {
                one: self.journey.advance(snapshot.journeys[one], due).after
                for one, tile in desk["tiles"].items()
                if step.after["tiles"].get(one) is not tile and one in snapshot.journeys
            }
            snapshot = snapshot._replace(journeys=MappingProxyType({**snapshot.journeys, **passed}))
            moves = Moves(((agent, Tidy, Tidy(agent)),), None)
            after = self._hall.told(snapshot, None, moves, due, (step.after, step.effects))
            assert after is not None
            snapshot, effects = after[0], effects + after[1]
        return snapshot._replace(now=to), effects

    # Distrusting

    def _checked(self, snapshot: FloorSnapshot, at: int, where: str) -> FloorSnapshot:
        """The snapshot, where it is of this floor and the instant does not lie before it."""
        snapshot = self._own(snapshot)
        check_not_before(where, at, snapshot.now, "floor")
        return snapshot

    def _own(self, snapshot: object) -> FloorSnapshot:
        """The snapshot, where it is of this floor or of one made alike, known again by its layout from then on."""
        if not isinstance(snapshot, FloorSnapshot):
            raise ForeignSnapshot("snapshot", f"{brief(snapshot)} is no snapshot of a floor")
        if snapshot.layout != self.layout:
            raise ForeignSnapshot(
                "snapshot",
                "is of a floor with other agents or other parameters",
                f"This one has: {', '.join(self.engines)}.",
            )
        return snapshot._replace(layout=self.layout)
