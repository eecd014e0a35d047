"""The parts of a desk: one agent, and a tile for each contact that is held (S21)."""

from __future__ import annotations

from fsm.desk.agent import AGENT
from fsm.desk.tile import TILE
from fsm.language.parts import each, one

agent = one("agent", AGENT)
tiles = each("tiles", TILE, key="contact")
