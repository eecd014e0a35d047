"""Faults of the encoding alone, by which the prover may claim what is false; and faults of the checker.

What a fault of the encoding proves is refused by the checker, which shares nothing with it. Beside each stands the false claim of
`verification/checker/test_false_claims.py` that it is about, and whether the prover alone claims it then.
"""

from __future__ import annotations

import attrs

from .faults import Fault

__all__ = ["FAULTS_OF_THE_CHECKER", "FAULTS_OF_THE_ENCODING", "EncodingFault"]

FALSE = "verification/checker/test_false_claims.py::test_"
FOLLOWS = "verification/checker/test_lost.py::test_a_run_shows_what_cannot_follow_it"
KINDS = "verification/checker/test_kinds.py::test_"
CORPUS = "verification/checker/test_corpus.py::test_"
TAKEN = f"{CORPUS}every_step_that_is_taken_is_one_of_the_checkers"
REFUSED = f"{CORPUS}what_a_rule_or_a_wire_refuses_is_none_of_the_checkers"
BROKEN = "verification/checker/test_checker.py::test_a_claim_that_a_run_breaks_is_never_confirmed"
ENCODING, CHECKER = "verification/encoding/", "verification/checker/"


@attrs.frozen
class EncodingFault:
    """A fault of the encoding.

    Attributes:
        subject: whose claim is false.
        claimed: whether the prover alone then says that it is proved.
    """

    fault: Fault
    subject: str
    claimed: bool = True

    @property
    def prover(self) -> str:
        """The test that fails where the prover claims something false."""
        return f"{FALSE}the_prover_alone_claims_nothing_false[{self.subject}]"

    @property
    def checker(self) -> str:
        """The test that passes where the checker refuses it."""
        return f"{FALSE}nothing_false_is_confirmed[{self.subject}]"


def _of(name: str, file: str, old: str, new: str) -> Fault:
    return Fault(name, f"{ENCODING}{file}", old, new, ())


FAULTS_OF_THE_ENCODING: tuple[EncodingFault, ...] = (
    EncodingFault(
        _of("two variables meet in one symbol", "counting.py", "SymbolKind.VARIABLE, place, number_)", "SymbolKind.VARIABLE, place, 0)"),
        "two that are apart",
    ),
    EncodingFault(
        _of("`<` is read as `<=`", "translation.py", '    "<": build.less,\n', '    "<": lambda left, right: build.less(left, right, strictly=False),\n'),
        "a limit",
    ),
    EncodingFault(
        _of("a line loses what it writes", "instance.py", "            values[variable] = translate(value, leaf)", "            values[variable] = place.values[variable]"),
        "a step",
    ),
    EncodingFault(
        _of("a guard is left out", "instance.py", "            condition = conj([*(negated(one) for one in earlier), guard])", "            condition = conj([*(negated(one) for one in earlier)])"),
        "a trap",
    ),
    EncodingFault(
        _of("a timer fires a moment early", "instance.py", "    return [translate(one.duration, leaf) for", "    return [translate(one.duration, leaf) - 1 for"),
        "a deadline",
    ),
    EncodingFault(
        _of("a limit is off by one", "counting.py", "            yield less(plus((total, number(new - gone))), translate(part.at_most, self._param), strictly=False)", "            yield less(plus((total, number(new - gone))), translate(part.at_most, self._param))"),
        "a limit",
    ),
    EncodingFault(
        _of("of two that move together one is counted", "counting.py", "                    term if variable not in changes else z3.simplify(changes[variable] + term - variable)", "                    term"),
        "two at once",
    ),
    EncodingFault(
        _of("a claim after a step is read before it", "branches.py", "        return self.swap(term)", "        return term"),
        "as far as it goes",
    ),
    EncodingFault(
        _of("fields have no bounds", "places.py", "            self._bounds[event] = [bound for ref in refs for bound in within(self.field(event, ref), ref.domain)]", "            self._bounds[event] = []"),
        "a rule", claimed=False,
    ),
    EncodingFault(
        _of("the ranges of parameters are dropped", "counting.py", "        return tuple(bound for param in open_ones for bound in within(self.params[param], param.domain))", "        return ()"),
        "a limit", claimed=False,
    ),
)  # fmt: skip
"""Of those that only allow more than there is, nothing false is claimed."""


FAULTS_OF_THE_CHECKER: tuple[Fault, ...] = (
    Fault(
        "the checker lets nobody stand still", f"{CHECKER}steps.py",
        "moved = self.base.before, {mover.part: mover.after for mover in self.movers}", "moved = self.base.before, {mover.part: mover.after for mover in self.movers[:0]}",
        (f"{TAKEN}[by_hand.jsonl]",), quick=True,
    ),
    Fault(
        "the checker forgets that a rule must hold", f"{CHECKER}steps.py",
        'for rule in self.declaration.rules if event in rule["on"])', 'for rule in self.declaration.rules if event in rule["on"][:0])',
        (f"{REFUSED}[by_hand.jsonl]",),
    ),
    Fault(
        "the checker has every guard hold", f"{CHECKER}steps.py",
        'return holds(line["guard"], about)', "return TRUE",
        (f"{TAKEN}[by_hand.jsonl]",),
    ),
    Fault(
        "the checker believes a rank that does not fall", f"{CHECKER}proofs/ranks.py",
        'falls.append(conj([*kept, f"(< {after} {before})"]))', 'falls.append(conj([*kept, f"(<= {after} {before})"]))',
        (f"{KINDS}evidence_that_is_edited_shows_nothing",),
    ),
    Fault(
        "the checker asks of a row of moments no more than that it begins well", f"{CHECKER}proofs/rows.py",
        '    return excluded(row[0].script, {f"after {k} moments in a row": broken}, solver)', "    return made",
        (f"{KINDS}a_claim_that_holds_in_the_first_moments_alone_is_not_confirmed",),
    ),
    Fault(
        "the checker lets a stopwatch show anything", f"{CHECKER}proofs/time/clocks.py",
        """    late = conj([watch.runs, f"(> (+ {watch.shows} {delay}) {watch.duration})"])""", '    late = "false"',
        (f"{KINDS}evidence_that_is_edited_shows_nothing",),
    ),
    Fault(
        "the checker takes any way round for fair", f"{CHECKER}replays/owed.py",
        "        return taken or enough(impossible(", "        return True or enough(impossible(",
        (f"{FOLLOWS}[nobody pulls, who is fair]",),
    ),
    Fault(
        "the checker forgets for how long it has been so where a run goes round", f"{CHECKER}replays/lost.py",
        "not (ages or (", "not (True or (",
        (f"{FOLLOWS}[the guard measures how long it has been so]",),
    ),
    Fault(
        "the checker takes for a dead end where waiting helps", f"{CHECKER}replays/ends.py",
        'elapsed=f"(+ {age} {delay})" if later else age', "elapsed=age",
        (f"{FOLLOWS}[too early]",),
    ),
    Fault(
        "the checker believes a lemma that a step breaks", f"{CHECKER}proofs/induction.py",
        "        if not gone:", "        if True:",
        (f"{BROKEN}[wolf_goat_cabbage-0]",),
    ),
)  # fmt: skip
