"""The parts of a journey: one contact, and a tile for each agent at whose desk it has rung."""

from fsm import each, one, parameter
from fsm.desk.journey.contact import CONTACT
from fsm.desk.tile import TILE

agents = parameter("agents", int, 3, low=1, doc="agents to whom the contact can be offered", cites=("D3", "D8"))

contact = one("contact", CONTACT)
tiles = each("tiles", TILE, key="agent", population=agents)
