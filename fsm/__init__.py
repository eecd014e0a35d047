"""A state machine declared once, and everything else read from that declaration.

Declare with the names below, run with `compile`.

    Machine, State, Kind                            one machine; its states, and how pictures fill them
    event, Event, effect, Field, optional           what arrives, what goes out, and their fields
    event_base, effect_base                         the fields with which several of them begin
    System, one, each, as_system                    several machines that move together; a machine alone as a system
    wire, Rule                                      what an event moves; what forbids it
    parameter, Assumption, NamedProfile             what a profile sets, what it must satisfy, versions of the business
    boolean, choice, integer, carried, Range        variables, and the integers that they may hold
    inside, before, after, happens, emitted         what formulas say of a state and of a step
    for_each, choose, named, applied, left          of every instance; one of two values; a name; a function of one's own; a state
    NOW, SINCE, ELAPSED, KEY                        the instant, when the state was entered, the time in it, the key
    always, each_step, within                       claims that one run can break
    reachable, can_happen, recoverable, leads_to    claims of what is possible, stays so, or comes in the end
    justice, compassion                             what callers owe events, for `leads_to`: weak and strong fairness
    Property, Modality                              such a claim as data
    compile, Engine                                 a declaration made to run: `start`, `step`, `advance`, `why_not`, `due`
    Snapshot, Step, Taken                           what is remembered, and what a step gives: data
    EventRefused, Refusal, TimeStopped, TooManyFirings       why there is no step
    DefinitionError, BadInput, BadSnapshot, BadDeclaration   whose mistake it is: the author's, a caller's, a stranger's text
    __version__                                     the version of the distribution

What else there is, each package by its own face:

    fsm.desk           the agent desk of a contact centre, a model to run and to prove; .floor, .journey, .reports, .screen
    fsm.live           the same declaration as a mutable object with callbacks
    fsm.batch          many machines at once, over columns of numpy                                            (an extra)
    fsm.spark          monitors and machines on Spark, tables and streams                                      (an extra)
    fsm.storage        snapshots, events and runs as JSON, distrusted when read; migrations
    fsm.traces         runs as data: taken again, printed, held against a claim
    fsm.canonical      a declaration as JSON, and read back
    fsm.variants       a declaration made from another by what is added, replaced and left out
    fsm.patterns       claims of what was before: precedence, and what holds between two occasions
    fsm.verification   proofs, counterexamples, certificates; .testing, tests derived from a declaration      (an extra)
    fsm.diagrams       pictures and tables                                                                     (an extra)
"""

from fsm.errors import BadDeclaration, BadInput, BadSnapshot, DefinitionError
from fsm.language.composition import as_system
from fsm.language.events import Event, Field, effect, effect_base, event, event_base, optional
from fsm.language.expressions import choose
from fsm.language.formulas import (
    after,
    applied,
    before,
    boolean,
    carried,
    choice,
    emitted,
    happens,
    inside,
    integer,
    left,
    named,
)
from fsm.language.leaves import ELAPSED, KEY, NOW, SINCE
from fsm.language.machine import Kind, Machine, State
from fsm.language.parameters import Assumption, NamedProfile, parameter
from fsm.language.parts import each, for_each, one
from fsm.language.properties import (
    Modality,
    Property,
    always,
    can_happen,
    compassion,
    each_step,
    justice,
    leads_to,
    reachable,
    recoverable,
    within,
)
from fsm.language.snapshot import Snapshot, Step, Taken
from fsm.language.system import Rule, System, wire
from fsm.language.values.types import Range
from fsm.runtime.engine import Engine, compile
from fsm.runtime.refusal import EventRefused, Refusal, TimeStopped, TooManyFirings

__version__ = "0.1.0"
"""The version of the distribution; it stands here alone."""

__all__ = [
    "ELAPSED", "KEY", "NOW", "SINCE",
    "Assumption", "BadDeclaration", "BadInput", "BadSnapshot", "DefinitionError", "Engine", "Event", "EventRefused", "Field",
    "Kind", "Machine", "Modality", "NamedProfile", "Property", "Range", "Refusal", "Rule", "Snapshot", "State",
    "Step", "System", "Taken", "TimeStopped", "TooManyFirings", "__version__",
    "after", "always", "applied", "as_system", "before", "boolean", "can_happen", "carried", "choice", "choose", "compassion",
    "compile", "each", "each_step", "effect", "effect_base", "emitted", "event", "event_base", "for_each", "happens", "inside", "integer", "justice", "leads_to",
    "left", "named", "one", "optional", "parameter", "reachable", "recoverable", "wire", "within",
]  # fmt: skip
