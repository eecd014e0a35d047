"""Faults planted in the tool itself: one line of it made wrong, and the tests that must fail then.

A fault is a small patch: in one file of the checkout a text that stands there exactly once becomes another.
It is caught when every test named fails; the same tests pass where nothing was planted. To add one, write a
line; a text that is no longer found, or is found twice, is an error, so that no fault goes stale.

`make plant` plants all of them, the suite those that are marked `quick`.
"""

from __future__ import annotations

import attrs

__all__ = ["FAULTS", "Fault"]


@attrs.frozen
class Fault:
    """One fault.

    Attributes:
        name: what is wrong then, in words.
        file: in the checkout.
        old, new: the text, and what becomes of it.
        caught_by: the tests that must fail, below `tests/`.
        quick: planted by the suite too.
    """

    name: str
    file: str
    old: str
    new: str
    caught_by: tuple[str, ...]
    quick: bool = False


UNKNOWN = "verification/test_unknown_is_never_green.py::test_whatever_question_the_solver_gives_up_on_no_verdict_lies"
REGRESSION = "regression/test_regression.py::test_what_must"
PROVED, REFUTED, OPEN = (
    f"{REGRESSION}_be_proved_is",
    f"{REGRESSION}_be_refuted_is_by_a_shortest_run_that_the_runtime_takes",
    f"{REGRESSION}_stay_unknown_does_and_says_why",
)
TERMS = "verification/encoding/test_terms.py::"
ENGINES = "verification/test_engines.py::"
SEARCH = "verification/test_search.py::"
PLANTED = "verification/test_planted.py::"
WITHIN = "fsm/test_within.py::test_"

CANONICAL = "fsm/canonical/"
CORPUS = "corpus/test_corpus.py::test_every_execution_passes_the_corpus"

FAULTS: tuple[Fault, ...] = (
    # What time alone brings
    Fault(
        "at a dead end nobody waits for a longer stay", "verification/search/dead_ends.py",
        "            instants |= {turn - 1, turn, turn + 1}\n", "            turn = turn\n",
        ("verification/test_dead_ends.py::test_time_that_stops_brings_nothing",),
    ),
    # What an expression means
    Fault(
        "`<` is read as `<=` by the proofs", "verification/encoding/translation.py",
        '    "<": build.less,\n', '    "<": lambda left, right: build.less(left, right, strictly=False),\n',
        (f"{PLANTED}test_swapped_comparisons_are_noticed",), quick=True,
    ),
    Fault(
        "an implication keeps its premise", "verification/encoding/terms.py",
        "return disj((negated(premise), conclusion))", "return disj((premise, conclusion))",
        (f"{PROVED}[two_phase_commit]",),
    ),
    Fault(
        "an enumeration has one member more", "verification/encoding/translation.py",
        "term < len(domain.members)]", "term <= len(domain.members)]",
        (f"{TERMS}test_a_symbol_takes_the_values_of_its_domain",),
    ),
    Fault(
        "the interpreter reads `<` as `<=`", "fsm/semantics/evaluation.py",
        '"<": lt,', '"<": le,',
        ("fsm/test_interpret.py::test_an_operator_means_what_it_says",),
    ),
    Fault(
        "the compiled step reads `<` as `<=`", "fsm/runtime/compiled_expressions.py",
        '"<": lt,', '"<": le,',
        ("fsm/test_closures.py::test_a_compiled_guard_means_what_the_interpreter_says",),
    ),
    # What a step is
    Fault(
        "a lost frame condition: a variable that a step does not write may become anything", "verification/encoding/counting.py",
        "{values[variable]: term for variable, term in outcome.values.items() if term is not place.values[variable]}",
        "{values[variable]: term if term is not place.values[variable] else of_domain(variable.domain, SymbolKind.VARIABLE, 99) for variable, term in outcome.values.items()}",
        (f"{PROVED}[sliding_window]",),
    ),
    Fault(
        "the rules are left out of an occurrence", "verification/encoding/counting.py",
        "return Occurrence(event, None, rules, self.quiet, branches)", "return Occurrence(event, None, (), self.quiet, branches)",
        (f"{PROVED}[mutual_exclusion]",), quick=True,
    ),
    Fault(
        "an event may come while a timer is due", "verification/encoding/counting.py",
        "return Occurrence(event, None, rules, self.quiet, branches)", "return Occurrence(event, None, rules, TRUE, branches)",
        (f"{PLANTED}test_a_caller_between_two_timers_of_one_instant_is_noticed",),
    ),
    Fault(
        "types that are too tight: in every cell there is somebody", "verification/encoding/counting.py",
        "said += [one >= 0 for counters in self.counters.values()", "said += [one >= 1 for counters in self.counters.values()",
        (f"{REFUTED}[msi_without_invalidation]",),
    ),
    Fault(
        "two keys may name the only instance of a cell", "verification/encoding/counting.py",
        "conditions.append(self.counters[first.part][first.before] >= 2)", "conditions.append(self.counters[first.part][first.before] >= 1)",
        (f"{PLANTED}test_two_keys_are_two_instances",),
    ),
    Fault(
        "an earlier transition on the same event does not keep a later one from being taken", "verification/encoding/instance.py",
        "condition = conj([*(negated(one) for one in earlier), guard])", "condition = guard",
        (f"{PLANTED}test_the_first_transition_whose_guard_holds_is_taken",),
    ),
    Fault(
        "a timer may fire before one that is due earlier", "verification/encoding/instance.py",
        "first = less(length, lengths[order], strictly=other > order)", "first = FALSE",
        (f"{PLANTED}test_timers_out_of_order_are_noticed",),
    ),
    Fault(
        "a timer does not fire at the instant at which it falls due", "fsm/runtime/engine.py",
        "while agenda is not None and snapshot.due is not None and snapshot.due <= to:",
        "while agenda is not None and snapshot.due is not None and snapshot.due < to:",
        ("fsm/test_engine.py::test_a_timer_that_is_due_goes_before_an_event_of_the_same_instant",),
    ),
    Fault(
        "the lean encoding leaves out what the solver does not know to be impossible", "verification/encoding/slicing.py",
        "return not isinstance(asker.ask(question), No)", 'return type(asker.ask(question)).__name__ == "Yes"',
        (f"{UNKNOWN}[room]",),
    ),
    # Induction
    Fault(
        "a base case that does not start at the start", "verification/engines/induction.py",
        "        return False\n\n    def shown(", "        return True\n\n    def shown(",
        (f"{ENGINES}test_a_claim_that_does_not_hold_at_the_start_says_so",), quick=True,
    ),
    Fault(
        "candidates are not asked again when another was dropped", "verification/engines/induction.py",
        "                    alive = [fact for fact in alive if fact not in dropped]\n                    settled = False\n",
        "                    alive = [fact for fact in alive if fact not in dropped]\n",
        (f"{PLANTED}test_what_rests_on_a_dropped_claim_is_dropped_too",),
    ),
    Fault(
        "a claim that does not hold is used as a lemma", "verification/engines/induction.py",
        "            match self.asker.ask_least(question, [*self.assumptions, *self.invariants], self.rules(occurrence)):",
        "            match self.asker.ask_least(question, [*self.assumptions, *self.candidates], self.rules(occurrence)):",
        (f"{PLANTED}test_a_claim_that_does_not_hold_is_no_lemma",),
    ),
    Fault(
        "a budget that Spacer has spent is an invariant", "verification/engines/spacer.py",
        '        return Failure("Spacer", {}, gave_up(str(stopped)).reason)\n', '        return Invariant(frozenset(), "")\n',
        (f"{OPEN}[product_of_counters]",),
    ),
    # Unknown is never green, at each question in turn
    Fault(
        "unknown is read as unsat by whoever asks", "verification/solver.py",
        "    return GaveUp(reason)\n", "    return No(frozenset())  # type: ignore[return-value]\n",
        (f"{UNKNOWN}[line]",), quick=True,
    ),
    Fault(
        "unknown at the start of an induction is read as holds", "verification/engines/induction.py",
        '                self.failures[fact] = Failure("start", {}, reason, at_start=True)\n', '                return True\n',
        (f"{UNKNOWN}[woken]",),
    ),
    Fault(
        "unknown at a step of an induction is read as kept", "verification/engines/induction.py",
        "                return set(touched)", "                return set()",
        (f"{UNKNOWN}[one_way]",),
    ),
    Fault(
        "unknown about a step is read as shown", "verification/engines/induction.py",
        "                    return Failure(occurrence.name, {}, reason)\n", "                    continue\n",
        (f"{UNKNOWN}[one_way]",),
    ),
    Fault(
        "unknown about what invariants imply is read as implied", "verification/engines/induction.py",
        '                return Failure("some state", {}, reason)', "                return Kept(frozenset())",
        (f"{UNKNOWN}[woken]",),
    ),
    Fault(
        "unknown about a rank is read as a rank", "verification/engines/ranks/ranking.py",
        '                return Failure("the rank", {}, reason)', "                return Rank((), (), frozenset())",
        (f"{UNKNOWN}[one_way]",),
    ),
    Fault(
        "unknown about a clocked step is read as kept", "verification/engines/clocks/timed_induction.py",
        "                        return []\n", "                        pass\n",
        (f"{UNKNOWN}[bell]",),
    ),
    Fault(
        "the checker follows by itself an instance that timers of others move", "verification/checker/proofs/time/followed.py",
        '    if any(move["part"] == part for wire in declaration.wires if wire["sender"] is not None for move in wire["moves"]):', "    if False:",
        ("verification/test_each_in_time.py::test_who_is_moved_by_a_timer_of_somebody_else_is_not_followed_by_itself",),
    ),
    Fault(
        "a report with something unknown exits with 0", "verification/report.py",
        'else 3 if "unknown" in kinds else 0', "else 0",
        (f"{OPEN}[collatz]",),
    ),
    Fault(
        "a payload may be beyond the range of its field", "verification/engines/payloads.py",
        "yield from map(said, within(symbol, ref.domain))", "yield from ()",
        ("verification/test_payloads_that_do.py::test_what_is_beyond_the_range_of_a_field_is_no_payload[above0-False]",),
    ),
    Fault(
        "the timers of one of many say nothing of its clock", "verification/encoding/counting.py",
        "return conj((there, *fits, negated(self._translated_in(part, cell, formula, age))))", "return conj((there, negated(self._translated_in(part, cell, formula, age))))",
        ("verification/test_each_clock.py::test_what_each_clock_says_is_proved[patience]",),
    ),
    # Possibility
    Fault(
        "a rank that may stay equal", "verification/engines/ranks/rank.py",
        "return less(plus(change), plus(before), strictly=strictly)", "return less(plus(change), plus(before), strictly=False)",
        (f"{PLANTED}test_an_event_that_changes_nothing_leads_nowhere",),
    ),
    Fault(
        "waiting counts though a timer may be blocked", "verification/decide/possibility.py",
        "waits=isinstance(prover.unblocked, Kept)", "waits=True",
        (f"{PLANTED}test_waiting_where_a_timer_is_blocked_is_noticed",),
    ),
    Fault(
        "nobody asks whether the order of two timers matters", "verification/engines/unblocked.py",
        "[*_blocked(counting), *_quarrels(counting)]", "[*_blocked(counting)]",
        (f"{ENGINES}test_two_timers_for_which_the_order_matters_are_named",),
    ),
    Fault(
        "enumeration never finds a trap", "verification/search/traps.py",
        "lost = explored.stranded()", "lost = {}",
        (f"{ENGINES}test_enumeration_finds_a_trap_or_shows_that_there_is_none", f"{REFUTED}[philosophers]"),
    ),
    Fault(
        "what keeps a fact that excludes the goal may be taken away", "verification/decide/lost.py",
        "needed = needed.union(*[self.kept_by[fact, place] for fact in touched])", "needed = needed.union()",
        ("verification/test_lost_for_good.py::test_what_is_only_far_away_is_not_lost",),
    ),
    # Search and enumeration
    Fault(
        "a search that has spent its budget says that it is complete", "verification/search/breadth_first.py",
        "return Found(self._traces(met), len(seen), False)", "return Found(self._traces(met), len(seen), True)",
        (f"{SEARCH}test_a_search_that_spends_its_budget_says_that_it_is_not_complete",),
    ),
    Fault(
        "snapshots that differ in a state are one", "verification/search/breadth_first.py",
        "return (instance.state, age, instance.spent, *", "return (age, instance.spent, *",
        ("verification/test_published.py::test_the_search_meets_as_many_snapshots_as_were_published[5-387]",),
    ),
    Fault(
        "snapshots that differ in the time in state are one", "verification/search/breadth_first.py",
        "age = min(now - instance.since, ages.cap) if instance.state in ages.states else None", "age = None",
        (f"{REFUTED}[fischer_in_a_hurry]",),
    ),
    Fault(
        "a search that tries few instants counts for all of time", "verification/search/goal.py",
        "return not free and in_time and", "return not free and",
        (f"{SEARCH}test_only_a_finite_system_without_parameters_and_with_one_clock_at_most_is_exact",),
    ),
    Fault(
        "a run is believed though the runtime refuses it", "fsm/traces/replay.py",
        "        step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)\n",
        "        try:\n            step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)\n        except Exception:\n            continue\n",
        (f"{PLANTED}test_a_run_that_the_runtime_refuses_never_becomes_a_verdict",),
    ),
    # What is assumed
    Fault(
        "nobody asks whether something satisfies the assumptions", "verification/decide/assumptions.py",
        "return True if isinstance(answer, Yes) else False if isinstance(answer, No) else None", "return True",
        ("verification/test_assumptions.py::test_assumptions_that_nothing_satisfies_are_a_refuted_check_and_claims_that_hold_only_so_are_no_ticks",),
    ),
    Fault(
        "assumptions are looked at one by one", "fsm/checks/assumptions.py",
        "sharing = [group for group in self.groups if names &", "sharing = [group for group in () if names &",
        ("fsm/checks/test_assumptions.py::test_assumptions_that_nothing_satisfies_are_refused",),
    ),
    # How many there may be
    Fault(
        "one that ends makes room for another under a population, too", "fsm/runtime/compiled_wires.py",
        "if leaving_makes_room else 0", "",
        ("verification/test_population.py::test_one_that_leaves_makes_room_under_a_limit_and_not_in_a_world",),
    ),
    Fault(
        "a packed world has no more keys than can have an instance", "verification/search/packed/shape.py",
        "for most in known) + self.at_once", "for most in known)",
        ("verification/test_population.py::test_the_enumerations_count_the_same_and_as_many_as_there_can_be",),
    ),
    Fault(
        "the clocked encoding lets one that ends make room under a population", "verification/encoding/clocked.py",
        "((part.at_most, after), (part.population, seen))", "((part.at_most, after), (part.population, after))",
        ("verification/test_population.py::test_step_live_and_both_encodings_take_and_refuse_the_same",),
    ),
    # Bounded responses
    Fault(
        "`within` asks when its premise becomes true, and not while it is", "fsm/semantics/stopwatch.py",
        "            return self if self.deadline is None else Stopwatch(self.duration)\n",
        "            return Stopwatch(self.duration, 1 << 62) if premise else Stopwatch(self.duration)\n",
        (f"{WITHIN}a_goal_has_three_milliseconds_from_every_position_where_the_premise_holds[what goes on being asked is asked anew when the goal has gone]",),
        quick=True,
    ),
    Fault(
        "a goal that comes at the last instant is too late", "fsm/semantics/stopwatch.py",
        "self.deadline is not None and instant > self.deadline:", "self.deadline is not None and instant >= self.deadline:",
        (f"{WITHIN}a_goal_has_three_milliseconds_from_every_position_where_the_premise_holds[it comes at the last instant]",),
    ),
    Fault(
        "each position where the premise holds starts the stopwatch anew", "fsm/semantics/stopwatch.py",
        "        if premise and self.deadline is None:\n", "        if premise:\n",
        (f"{WITHIN}a_goal_has_three_milliseconds_from_every_position_where_the_premise_holds[the first position counts, not the last]",),
    ),
    Fault(
        "a derived test does not look between two timers of one instant", "verification/testing/oracle.py",
        "            self._tally = seen.emitted_after\n            self._look(seen.after, self._tally)\n", "            self._tally = seen.emitted_after\n",
        (f"{WITHIN}between_two_timers_of_one_instant_there_is_a_position",),
    ),
    Fault(
        "a rank leads on by a timer, and nobody asks what the next one of that instant takes back", "verification/engines/ranks/ranking.py",
        "climbs = {pair: disj((descent.climbs(pair), descent.stalls(pair, calm))) for pair in self.pairs if lowering}", "climbs: dict[Pair, Term] = {}",
        ("verification/test_between_timers.py::test_what_a_first_timer_gains_and_the_second_takes_back_is_no_way_on",),
    ),
    Fault(
        "a region may be left between two timers of one instant", "verification/engines/ranks/ranking.py",
        "for lost in (disj(map(descent.leaves, self.pairs)), disj(climbs.values())):", "for lost in (disj(climbs.values()),):",
        ("verification/test_between_timers.py::test_between_the_timers_the_second_is_all_that_can_come",),
    ),
    Fault(
        "of timers of several instances only the one of the first key may fire first", "verification/search/positions.py",
        "        if (sequence := _sequence(arranged, kinds, lapses=lapses)) not in tried:\n", "        if (sequence := _sequence(arranged, kinds, lapses=lapses)) not in tried and not tried:\n",
        ("verification/test_between_timers.py::test_of_timers_that_fall_due_together_any_may_fire_first_up_to_renaming",),
    ),
    Fault(
        "of two ways to a snapshot a stopwatch follows that with more time left", "verification/search/late_ways.py",
        "if left >= least.get(node.number, left + 1)", "if node.number in least",
        ("verification/test_enumeration.py::test_a_bounded_response_is_followed_tick_by_tick",),
    ),
    Fault(
        "a time in state that is compared with a variable is measured up to no millisecond", "verification/search/successors.py",
        "        cap, endless = max(cap, longest or 0), endless or longest is None\n", "        endless = endless or longest is None\n",
        ("verification/test_enumeration.py::test_a_time_in_state_is_measured_as_long_as_anything_is_compared_with_it",),
    ),
    Fault(
        "a search does not look between two timers of one instant", "verification/search/positions.py",
        "    return Step(first.after, first.effects, (first,))\n", "    return step\n",
        ("verification/test_between_timers.py::test_of_several_timers_a_walk_takes_the_first_alone",),
    ),
    # Derived tests and travelling
    Fault(
        "a derived test does not compare what is refused", "verification/testing/adapter.py",
        "        if taken is not outcome.taken:", "        if outcome.taken and not taken:",
        (f"{PLANTED}test_an_implementation_that_denies_its_refusals_is_found",),
    ),
    Fault(
        "a derived test does not look at what a refusal leaves behind", "verification/testing/oracle.py",
        'self._law(REFUSAL, step == passed, f"{step} after {passed}")', "pass",
        ("verification/test_stateful.py::test_an_engine_that_breaks_a_law_is_found[ForgetsTime--]",),
    ),
    Fault(
        "a snapshot of another declaration is loaded", "fsm/storage/heads.py",
        "if name not in older and (type(given)", 'if name not in (*older, "fingerprint") and (type(given)',
        ("fsm/test_distrust.py::test_another_declaration_is_told_with_the_way_out",),
    ),
    Fault(
        "an enumeration merges two states that differ in how many are of a kind", "verification/search/breadth_first.py",
        "return (ones, frozenset(kinds.items()), late,", "return (ones, frozenset(kinds), late,",
        ("verification/test_published.py::test_the_search_meets_as_many_snapshots_as_were_published[5-387]",),
    ),
    Fault(
        "a question about two guards that nobody answers calls them apart", "verification/decide/wellformedness.py",
        '                open_.append(f"{pair.words}: {reason}")\n', "                pass\n",
        (f"{UNKNOWN}[overlapping]",),
    ),
    Fault(
        "a question about a timer that nobody answers says that nothing is in its way", "verification/engines/unblocked.py",
        "                return Failure(name, {}, reason)\n", "                continue\n",
        (f"{UNKNOWN}[blocked]",),
    ),
    # Certificates
    Fault(
        "a proof that the checker does not confirm counts as confirmed", "verification/certificates/confirming.py",
        "        if not why:", "        if why is not None:",
        ("verification/certificates/test_confirming.py::test_what_the_checker_does_not_confirm_is_unknown",),
    ),
    Fault(
        "a run that the checker refuses is believed", "verification/checker/replays/runs.py",
        'return Outcome(f"run {place} is none", True)', "continue",
        ("verification/checker/test_runs.py::test_a_run_shows_what_happens_on_it_and_nothing_else[claim 0-evidence10-False]",),
    ),
    Fault(
        "the checker counts after a step who has left", "verification/checker/meaning.py",
        """terms += [if_then(left, f"(- {mover.many})", "0"), if_then(came, mover.many, "0")]""", """terms += [if_then(came, mover.many, "0")]""",
        ("verification/checker/test_counting.py::test_what_is_counted_after_a_step_is_what_its_cells_add_up_to",),
    ),
    Fault(
        "the checker answers a question by its text that is no contradiction", "verification/checker/proofs/questions.py",
        'return said == FALSE or (said.startswith("(not ")', 'return said == FALSE or (said.startswith("(not ") or True',
        ("verification/checker/test_kinds.py::test_a_claim_that_holds_in_the_first_moments_alone_is_not_confirmed",),
    ),
    # Mutants
    Fault(
        "a mutant counts as killed by a crash", "verification/mutants/judge.py",
        "return _outcome(mutant, Fate.CRASHED, traceback", "return _outcome(mutant, Fate.KILLED, traceback",
        ("verification/mutation/test_kettle.py::test_a_crash_is_never_a_kill",),
    ),
    # The canonical form
    Fault(
        "the canonical form loses when a timer falls due", "fsm/canonical/writing.py",
        '"after": formulas.formula_or_none(one.duration, owner),', '"after": None,',
        (f"{CANONICAL}test_round_trip.py::test_what_was_written_is_read_back_as_an_equal_declaration[thing]",),
    ),
    Fault(
        "the canonical form loses the order of fields in an action", "fsm/canonical/writing.py",
        "[[names.index(name), formulas.formula(value, None)] for name, value in move.payload]",
        "[[place, formulas.formula(value, None)] for place, (name, value) in enumerate(move.payload)]",
        (f"{CANONICAL}test_round_trip.py::test_it_runs_as_the_first_one[workshop]",),
    ),
    Fault(
        "a place one beyond its table is read", "fsm/canonical/cursor.py",
        "if not 0 <= self.value < rows:", "if not 0 <= self.value <= rows:",
        (f"{CANONICAL}test_distrust.py::test_what_is_wrong_is_told_with_its_path[a place beyond the table]",), quick=True,
    ),
    Fault(
        "a text that is not canonical is read", "fsm/canonical/reading.py",
        "    differs = _text(at.value) != _text(other)\n", "    differs = False\n",
        (f"{CANONICAL}test_distrust.py::test_what_is_wrong_is_told_with_its_path[a row that nobody needs]",),
    ),
    Fault(
        "a claim changes the fingerprint", "fsm/canonical/fingerprint.py",
        "    tables = DeclarationWriter.of(system, words=False)", "    tables = DeclarationWriter.of(system)",
        ("fsm/test_fingerprint.py::test_what_no_step_can_show_leaves_the_fingerprint_as_it_is[['claim']]",),
    ),
    # What the corpus sees
    Fault(
        "a transition to its own state keeps the time in state in `fsm.live`", "fsm/live/moves.py",
        "(at, 0) if one.target is not None else", "(at, 0) if one.target is not None and one.target.name != instance.state else",
        (f"{CORPUS}[transitions-by_hand.jsonl]",),
    ),
    # Many machines at once
    Fault(
        "a batch keeps the time in state of who leaves it", "fsm/batch/moving.py",
        "(at - since) * ~stays", "(at - since) * stays",
        ("fsm/batch/test_agreement.py::test_it_passes_the_corpus",),
    ),
    Fault(
        "a batch takes the last line whose guard holds", "fsm/batch/moving.py",
        "in reversed(chain)", "in chain",
        ("fsm/batch/test_agreement.py::test_it_passes_the_corpus",),
    ),
    Fault(
        "a batch lets sums leave int64", "fsm/batch/expressions.py",
        "_plain(COMPUTES[op]) if span else _exact(op)", "_plain(COMPUTES[op]) if span or op else _exact(op)",
        ("fsm/batch/test_batch.py::test_arithmetic_is_exact_or_refused",),
    ),
    Fault(
        "a batch forgets that a rule forbids", "fsm/batch/wires.py",
        "            allowed = allowed & rule(reading)\n", "            rule(reading)\n",
        ("fsm/batch/test_agreement.py::test_it_passes_the_corpus",),
    ),
    Fault(
        "a timer that lapses fires in a batch", "fsm/batch/timing.py",
        "timer.lapses + (taken - timer.lapses) * fires", "timer.lapses + (taken - timer.lapses)",
        ("fsm/batch/test_agreement.py::test_it_passes_the_corpus",),
    ),
    Fault(
        "below `for_each`, an action of any instance is taken for this one's", "fsm/semantics/satisfaction.py",
        "return seen.moved.get((own[0].name, own[1])) in events", "return any(action in events for action in seen.moved.values())",
        (f"{CORPUS}[claims-by_hand.jsonl]",),
    ),
)  # fmt: skip
