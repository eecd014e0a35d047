"""Uses that every type checker must reject, each on the line that ends with `# wrong`. Never imported, only checked."""

from __future__ import annotations

from fsm import Event, Field, always, boolean, compile, effect, effect_base, event, event_base, integer
from fsm.desk import DESK, Channel, OfferChat, SetStatus, Status, tile
from fsm.desk.tile import Offer, counted, free, offered
from fsm.desk.tile import offerd  # noqa: F401  # wrong: a misspelt state

desk = compile(DESK)
desk.step(desk.start(), OfferChat(contact="c-1", nam="Ann", arrived_at=0), at=0)  # wrong: a misspelt field of an event
desk.step(desk.start(), OfferChat(contact="c-1", name="Ann"), at=0)  # wrong: a field left out
desk.step(desk.start(), OfferChat(contact=1, name="Ann", arrived_at=0), at=0)  # wrong: a number for a contact's id
desk.step(desk.start(), OfferChat("c-1", "Ann", 0, last_text_at="now"), at=0)  # wrong: a string for a field that may be left out
desk.step(desk.start(), SetStatus("available"), at=0)  # wrong: a string for a status
desk.step(desk.start(), SetStatus(Status.AVAILABLE), at="now")  # wrong: an instant that is no int
desk.stepp(desk.start(), SetStatus(Status.AVAILABLE), at=0)  # wrong: a misspelt method
OfferChat("c-1", "Ann", arrived_at=0).contact = "c-2"  # wrong: an event is frozen
print(OfferChat("c-1", "Ann", arrived_at=0).contct)  # wrong: a misspelt field, read from an event

free.on(Offer).to(tile.offred)  # wrong: a misspelt state of a machine
free.on(Offer).to("offered")  # wrong: the name of a state is not the state
free.on(Offer).when(Offer.chanel == Channel.CHAT).to(offered)  # wrong: a misspelt field in a guard
free.on(Offer).when(Offer.channel == 3).to(offered)  # wrong: a number compared with a channel
free.on(Offer).when(True).to(offered)  # wrong: a constant is not a guard
free.on(Offer).to(offered).set(counted, 3)  # wrong: a number for a boolean
free.on(Offer).to(offered).set(tile.channel, Offer.name)  # wrong: a name for a channel
offered.after("20 s", tile.Expire).to(tile.missed)  # wrong: a duration is milliseconds

always("keys have no order", OfferChat.contact < "c-2")  # wrong: a key is ordered
always("keys are not numbers", OfferChat.contact + 1 == 2)  # wrong: a key is computed with
always("a property needs a formula", 3)  # wrong: a number is no formula
always("only numbers have an order", tile.channel > Channel.CHAT)  # wrong: a channel is ordered
boolean("ready", initial="no")  # wrong: a string for a boolean
integer("count", "zero")  # wrong: a string for a bound


class Stop(Event):
    cabin: Field[str]
    counted: Field[bool]


Stop("a")  # wrong: a field left out, of an event on a line
Stop("a", counted=3)  # wrong: a number for a boolean, in an event on a line
Stop("a", True).cabin = "b"  # wrong: an event on a line is frozen
free.on(Stop).to(offered).stores("counted")  # wrong: the name of a variable is not the variable


@event_base
class OfContact:
    contact: Field[str]


@event
class Pause(OfContact):
    minutes: Field[int]


class Resume(OfContact, Event):
    """The agent goes on."""


@effect_base
class AtInstant:
    at: int


@effect
class Paused(AtInstant):
    minutes: int


Pause(minutes=3)  # wrong: a field left out that is shared
Pause(3, 3)  # wrong: a number for a contact's id, in a field that is shared
Resume()  # wrong: a field left out that is shared, of an event on a line
Resume("a", agent="b")  # wrong: a field that none declares
Resume("a").contact = "b"  # wrong: an event is frozen in what is shared, too
print(Pause.contct)  # wrong: a misspelt field, shared by others
free.on(Pause).when(Pause.contact == 3).to(offered)  # wrong: a number compared with a contact's id
Paused(minutes=3)  # wrong: a field left out of an effect that is shared
Paused("now", 3)  # wrong: a string for an instant, in an effect
Paused(3, 3).at = 4  # wrong: an effect is frozen, in what it takes over, too
