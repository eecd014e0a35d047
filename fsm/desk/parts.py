"""The parts of a desk: one agent, and a tile for each contact that is held (S21)."""

from fsm import each, one
from fsm.desk import desk
from fsm.desk.agent import AGENT
from fsm.desk.tile import TILE
from fsm.desk.vocabulary import Status
from fsm.language.snapshot import Layout

agent = one("agent", AGENT)
tiles = each("tiles", TILE, key="contact")


def is_desk(layout: Layout) -> bool:
    """Whether snapshots of this layout are those of a desk: of the page of 2019 or a variant that has its parts and all that these remember."""
    known = dict(zip(layout.parts, layout.machines, strict=True))
    return layout.system == "desk" and all(
        part.name in known and {one.name for one in part.machine.variables} <= set(known[part.name].variables)
        for part in (desk.agent, desk.tiles)
    )


def status_of(state: str) -> Status | str:
    """The status that a state of the agent is; its name, where a variant has added the state."""
    return Status(state) if state in {one.value for one in Status} else state
