"""A shift at the desk: customers who come, write and leave by chance, and an agent who does what they press.

Nothing here reads a clock: every method is told the instant, in milliseconds of the desk. Chance comes
from a seed, and each customer's from their own number, so that one seed brings the same customers
whatever the agent does.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from heapq import heappop, heappush
from random import Random

import attrs

from fsm.command.terminal.customers import Customer, somebody
from fsm.command.terminal.words import in_words
from fsm.desk import Abandon, Channel, Connected, End, Fail, Speaker, Text
from fsm.language.printing import label
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, Refusal

__all__ = ["Shift"]

LINES = 100
"""What the log keeps."""

CONTACT = re.compile(r"\bc-\d+\b")
"""An id that a customer of a shift has."""


class Shift:
    """What goes on at a desk, up to the instant it was last told.

    Attributes:
        snapshot: of the desk.
        waiting: customers in the queue, first come first.
        held_back: why the first of them is not offered; None when nobody waits.
        refusal: of what the agent did last; None when it was taken.
        log: what happened, with the instants.
        tally: how often each effect came, and how often the agent was refused.
        unseen: effects that nobody has looked at yet; for whoever shows pop-ups to empty.
    """

    def __init__(self, engine: Engine, *, seed: int, rate: float, at: int = 0) -> None:
        """Open the shift.

        Args:
            engine: runs the desk.
            rate: customers a minute, on average; 0 for none.
            at: the instant, milliseconds.
        """
        self.engine, self.snapshot = engine, engine.start(at)
        self.waiting: list[Customer] = []
        self.held_back: Refusal | None = None
        self.refusal: Refusal | None = None
        self.log: deque[tuple[int, str]] = deque(maxlen=LINES)
        self.tally: Counter[str] = Counter()
        self.unseen: list[object] = []
        self._seed, self._gap = seed, 60_000 / rate if rate else None
        self._arrivals = Random(seed)
        self._known: dict[str, Customer] = {}
        self._agenda: list[tuple[int, int, Callable[[int], None]]] = []
        self._entered = 0
        self._expect(at)

    # Time and the agent

    def pass_time(self, to: int) -> None:
        """Customers do what they do up to an instant, and timers fire."""
        while self._agenda and self._agenda[0][0] <= to:
            at, _, deed = heappop(self._agenda)
            self._advance(at)
            deed(at)
            self._route(at)
        self._advance(to)

    def press(self, event: object, at: int) -> None:
        """The agent does something; where the desk refuses it, `refusal` says why."""
        self.pass_time(at)
        self.refusal = self._send(event, at)
        self.tally["refused"] += self.refusal is not None
        self._route(at)

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Everybody who has come so far, in order."""
        return tuple(self._known.values())

    def name(self, contact: object) -> str:
        """The name of a customer who has come."""
        return self._known[str(contact)].name

    def called(self, said: str) -> str:
        """What the desk says of contacts, with their names in place of their ids."""
        return CONTACT.sub(lambda found: self.name(found[0]) if found[0] in self._known else found[0], said)

    # Customers

    def _plan(self, at: int, deed: Callable[[int], None]) -> None:
        self._entered += 1
        heappush(self._agenda, (at, self._entered, deed))

    def _expect(self, at: int) -> None:
        if self._gap is not None:
            self._plan(at + round(self._arrivals.expovariate(1) * self._gap), self._come)

    def _come(self, at: int) -> None:
        customer = somebody(self._seed, len(self._known) + 1, at, calls=self.engine.params["voice"])
        namesakes = sum(one.name.partition("-")[0] == customer.name for one in self.customers)
        if namesakes:
            customer = attrs.evolve(customer, name=f"{customer.name}-{namesakes + 1}")
        self._known[customer.contact] = customer
        self.waiting.append(customer)
        self._plan(at + customer.patience, lambda at: self._give_up(customer, at))
        self._expect(at)

    def _give_up(self, customer: Customer, at: int) -> None:
        if customer in self.waiting:
            self.waiting.remove(customer)
            self.log.append((at, f"{customer.name} has waited too long and is gone"))
        else:
            self._send(Abandon(customer.contact), at)  # refused where it no longer rings

    def _write(self, customer: Customer, at: int) -> None:
        if self._send(Text(customer.contact, Speaker.CUSTOMER), at) is None:  # refused where the conversation is over
            self.log.append((at, f"{customer.name} writes"))
            self._plan(at + customer.pace, lambda at: self._write(customer, at))

    def _finish(self, customer: Customer, at: int) -> None:
        self._send(
            Fail(customer.contact) if customer.breaks else End(customer.contact), at
        )  # refused where the agent has ended it

    def _route(self, at: int) -> None:
        """Everybody in the queue whom the desk takes now is offered to the agent."""
        refused = [(customer, self._send(customer.offer(), at)) for customer in self.waiting]
        self.waiting = [customer for customer, refusal in refused if refusal is not None]
        self.held_back = next((refusal for _, refusal in refused if refusal is not None), None)

    # The desk

    def _advance(self, to: int) -> None:
        step = self.engine.advance(self.snapshot, to)
        self.snapshot = step.after
        self._heed(step.effects)

    def _send(self, event: object, at: int) -> Refusal | None:
        try:
            self.snapshot, effects, _ = self.engine.step(self.snapshot, event, at)
        except EventRefused as refused:
            self.snapshot = refused.snapshot
            self._heed(refused.effects)
            return refused.refusal
        self._heed(effects)
        return None

    def _heed(self, effects: tuple[object, ...]) -> None:
        for effect in effects:
            self.unseen.append(effect)
            self.tally[label(type(effect))] += 1
            if said := in_words(effect, self.name):
                self.log.append(said)
            if isinstance(effect, Connected):
                customer = self._known[str(effect.contact)]
                self._plan(effect.at + customer.talk, lambda at, customer=customer: self._finish(customer, at))  # type: ignore[misc]
                if effect.channel is Channel.CHAT:
                    self._plan(effect.at + customer.pace, lambda at, customer=customer: self._write(customer, at))  # type: ignore[misc]
