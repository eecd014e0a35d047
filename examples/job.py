"""A job with retries: it is tried again after a pause, a few times, and then it is over one way or the other.

Proved and tested by

    fsm verify examples/job.py:JOB
    pytest examples/job.py
"""

from __future__ import annotations

from fsm import (
    Machine,
    State,
    after,
    always,
    before,
    can_happen,
    compile,
    each_step,
    event,
    happens,
    inside,
    integer,
    leads_to,
    parameter,
    reachable,
    within,
)
from fsm.verification.testing import stateful

CEILING = 20

most = parameter("most", int, 3, low=1, high=CEILING, doc="how often it is tried")
limit = parameter("limit", int, 60_000, low=1, doc="milliseconds that one try may take")
pause = parameter("pause", int, 5_000, low=1, doc="milliseconds between two tries")

queued = State("queued", "waits for a worker")
running = State("running", "a worker tries")
waiting = State("waiting", "the last try did not work; after a pause it is queued again")
done = State("done", "it worked")
buried = State("buried", "tried often enough, or called off; somebody has to look at it")

tries = integer("tries", 0, CEILING, doc="tries begun")


@event
class Begin:
    """A worker takes it."""


@event
class Bury:
    """The queue gives it up."""


@event
class Finish:
    """The worker is done."""


@event
class Crash:
    """The worker says that it did not work."""


@event
class TimeOut:
    """Sent by time: the worker says nothing."""


@event
class QueueAgain:
    """Sent by time."""


@event
class CallOff:
    """Somebody does not want it any more."""


has_tries_left = tries < most

JOB = Machine(
    "job",
    states=(queued, running, waiting, done, buried),
    initial=queued,
    variables=(tries,),
    transitions=(
        queued.on(Begin).when(has_tries_left).to(running).set(tries, tries + 1).happily(),
        queued.on(Bury).when(~has_tries_left).to(buried),
        running.on(Finish).to(done).happily(),
        running.on(Crash).to(waiting),
        running.after(limit, TimeOut).to(waiting),
        waiting.after(pause, QueueAgain).to(queued),
        (queued | running | waiting).on(CallOff).to(buried),
    ),
    properties=(
        always("it is tried no more often than allowed", tries <= most),
        always("what runs, waits or is done was begun", inside(running, waiting, done) >> (tries > 0)),
        each_step("what is over stays over", before(inside(done, buried)) >> after(inside(done, buried))),
        each_step("it is done by a worker that ran, and by nothing else", (~before(inside(done)) & after(inside(done))) >> happens(Finish)),
        each_step("no job is given up that has tries left", happens(Bury) >> (before(tries) == most)),
        within("a try ends in time", limit, inside(running), ~inside(running)),
        within("a pause ends", pause, inside(waiting), ~inside(waiting)),
        leads_to("a job comes to an end where the queue goes on", inside(queued), inside(done, buried), fair=(Begin, Bury)),
        reachable("the last try can work", inside(done) & (tries == most)),
        can_happen("a worker that says nothing costs a try", happens(TimeOut) & before(tries == most)),
    ),
)  # fmt: skip


TestJob = stateful(JOB).TestCase


def test_a_worker_that_says_nothing_costs_a_try() -> None:
    """One of two; after the second the queue may give the job up, and no worker may begin it."""
    engine = compile(JOB, {"most": 2})
    job = engine.start(at=0)
    for at in (0, 100_000):
        assert engine.why_not(job, Bury(), at=at) is not None
        job = engine.step(job, Begin(), at=at).after
    job = engine.advance(job, to=200_000).after

    assert ("queued", 2) == (job["job"].state, job["job"].variables["tries"])
    assert engine.why_not(job, Begin(), at=200_000) is not None
    assert "buried" == engine.step(job, Bury(), at=200_000).after["job"].state
