"""Faults planted in names, in `within`, in what reads certificates, and in every door through which something comes or goes."""

from __future__ import annotations

from .faults import Fault

__all__ = ["FAULTS_OF_DOORS"]

SYMBOLS = "verification/encoding/test_symbols.py::test_"
FORMULAS = "verification/encoding/test_formula_text.py::test_"
COMPLETE = "verification/checker/test_completeness.py::test_"
TOGETHER = "verification/checker/test_together.py::test_"
KINDS = "verification/checker/test_kinds.py::test_"
RENAMED = "verification/naming/test_renaming.py::test_a_declaration_called_otherwise_is_asked_about_in_the_same_bytes"
AGREEMENT = "verification/agreement/test_within.py::test_"
DISTRUST = "fsm/test_distrust.py::test_"
COST = "fsm/test_cost_of_reading.py::test_"
OVER = "fsm/test_taking_over.py::test_"
WHOLE = "files/test_atomic.py::test_"
FIRINGS = "fsm/test_firings.py::test_"
DOORS = "command/test_doors.py::test_"

FAULTS_OF_DOORS: tuple[Fault, ...] = (
    # Names
    Fault(
        "the places of a symbol run into one another", "verification/encoding/symbols.py",
        "{'.'.join(map(str, self.at))}", "{''.join(map(str, self.at))}",
        (f"{SYMBOLS}a_symbol_is_read_back_as_what_it_stands_for",), quick=True,
    ),
    Fault(
        "a copy of a symbol is the symbol", "verification/encoding/symbols.py",
        "attrs.evolve(symbol_of(term), copy=copy)", "symbol_of(term)",
        (f"{SYMBOLS}copies_are_symbols_of_their_own",),
    ),
    Fault(
        "the order of candidates hangs on what the declaration is called", "verification/decide/prover.py",
        "return Induction(counting, _candidates(counting))",
        'return Induction(counting, dict(sorted(_candidates(counting).items(), key=lambda one: str(one[0]), reverse=counting.system.name.startswith("two"))))',
        (f"{RENAMED}[proved/two_phase_commit]",),
    ),
    Fault(
        "of two machines of one name the second is taken for a version of the first", "verification/report.py",
        "if one.heading.version != heading.version]", "]",
        ("verification/test_report.py::test_two_machines_of_one_name_are_told_apart",), quick=True,
    ),
    Fault(
        "a file is run again for every target in it", "command/invocation/importing.py",
        " and not _is_loaded(name, place.first_file)", "",
        ("command/test_target.py::test_two_targets_of_one_file_know_each_other",),
    ),
    # `within`
    Fault(
        "a stopwatch that is late runs on", "fsm/semantics/stopwatch.py",
        "return self if self.late else attrs.evolve(self, late=True)", "return Stopwatch(self.duration)",
        (f"{AGREEMENT}whoever_reads_a_run_reads_the_same",),
    ),
    Fault(
        "an instance that is forgotten is no longer watched", "fsm/semantics/stopwatch.py",
        "if not there and watch.deadline is None:", "if not there:",
        ("fsm/test_within.py::test_the_claim_of_a_machine_is_watched_for_each_instance_of_a_part",),
    ),
    Fault(
        "a goal that holds with its premise does not answer it", "fsm/semantics/stopwatch.py",
        "        if goal:\n", "        if goal and not premise:\n",
        ("fsm/test_within.py::test_a_goal_has_three_milliseconds_from_every_position_where_the_premise_holds",),
    ),
    # Certificates
    Fault(
        "a formula may be as large as it likes", "verification/encoding/formula_text.py",
        "if depth > DEEPEST or size > LARGEST:", "if depth > DEEPEST:",
        (f"{FORMULAS}what_would_be_large_is_refused_before_it_is_made",), quick=True,
    ),
    Fault(
        "an operator is not asked what it stands before", "verification/encoding/formula_text.py",
        "    if not fits(truths):\n", "    if not truths:\n",
        (f"{FORMULAS}what_is_no_formula_is_refused_in_words",),
    ),
    Fault(
        "two unknowns may be multiplied", "verification/encoding/formula_text.py",
        "for one in terms) > 1:", "for one in terms) > 2:",
        (f"{FORMULAS}what_is_no_formula_is_refused_in_words",),
    ),
    Fault(
        "`distinct` means equal", "verification/encoding/formula_text.py",
        "lambda terms: negated(equal(*terms))", "lambda terms: equal(*terms)",
        (f"{FORMULAS}an_operator_that_z3_seldom_writes_means_what_smt_lib_says",),
    ),
    Fault(
        "a link in a certificate is followed", "verification/checker/__main__.py",
        "        if one.is_symlink() or not known(one):", "        if not known(one):",
        (f"{COMPLETE}a_hostile_folder_is_named_and_not_followed",),
    ),
    Fault(
        "what a certificate leaves out is not missed", "verification/checker/whole/completeness.py",
        "        if (section, claim) not in told:", "        if claim in told:",
        (f"{COMPLETE}a_certificate_in_which_any_claim_is_edited_is_not_good[machine-0]",),
    ),
    Fault(
        "a machine of a system is any whose certificate lies beside it", "verification/checker/whole/together.py",
        "        if _machine(one.declaration, place) not in shown:\n", "        if not shown:\n",
        (f"{TOGETHER}a_machine_that_is_changed_in_one_of_two_forms_is_named[machine-0]",),
    ),
    Fault(
        "a solver that ends with an error is believed", "verification/checker/solver.py",
        " and program.returncode == 0 and in_time", " and in_time",
        (f"{KINDS}a_program_is_believed_when_it_ends_well_and_says_one_word[echo unsat; exit 1-unknown]",),
    ),
    Fault(
        "a solver that complains is believed", "verification/checker/solver.py",
        "stderr=subprocess.STDOUT", "stderr=subprocess.DEVNULL",
        (f"{KINDS}a_program_is_believed_when_it_ends_well_and_says_one_word[echo unsat; echo beware >&2-unknown]",),
    ),
    # Snapshots, events, traces
    Fault(
        "of two equal names the last one counts", "fsm/strict_json.py",
        "return named if len(named) == len(given) else", "return named if named or not given else",
        (f"{DISTRUST}false_text_is_refused_with_the_path_of_what_is_wrong",),
    ),
    Fault(
        "a snapshot made under other parameters goes on unawares", "fsm/runtime/engine.py",
        "if not now <= at <= LARGEST or layout is not self.layout:", "if not now <= at <= LARGEST:",
        (f"{OVER}nobody_goes_on_under_other_parameters_unawares",),
    ),
    # Time
    Fault(
        "what a timer moves is not looked at again", "fsm/runtime/timers.py",
        "        for place, key, _, instance, _ in changes:\n            self._note(place, key, instance)\n        entry", "        entry",
        ("fsm/test_engine.py::test_a_timer_that_is_due_goes_before_an_event_of_the_same_instant", f"{FIRINGS}of_timers_that_fall_due_together_each_is_looked_for_once[10]"),
    ),
    Fault(
        "a timer of an instance that has moved fires all the same", "fsm/runtime/timers.py",
        "if (part if isinstance(part, Instance) else part.get(key)) is instance:", "if part is not None:",
        (f"{FIRINGS}of_timers_that_fall_due_together_each_is_looked_for_once[10]",),
    ),
    Fault(
        "timers fire without end", "fsm/runtime/engine.py",
        "            if times > firings:\n", "            if times > firings + 1:\n",
        (f"{FIRINGS}an_instant_that_is_very_far_away_ends_with_how_far_time_has_come",),
    ),
    # Files
    Fault(
        "a file is written over and not replaced", "files/atomic.py",
        "        _write_new(beside, data, None if before is None else stat.S_IMODE(before.st_mode))\n        os.replace(beside, target)\n",
        "        target.write_bytes(data)\n",
        (f"{WHOLE}whoever_reads_while_it_is_written_sees_the_old_text_or_the_new_one",),
    ),
    Fault(
        "a folder that is not finished stands there", "files/atomic.py",
        "        shutil.rmtree(beside, ignore_errors=True)\n", "        os.rename(beside, target)\n",
        (f"{WHOLE}a_folder_that_is_not_finished_does_not_come_to_be",),
    ),
    # The command
    Fault(
        "what a model file prints stands in the report", "command/invocation/importing.py",
        "        self._quiet.__enter__()\n", "",
        (f"{DOORS}what_a_model_file_prints_is_no_part_of_a_report",),
    ),
    Fault(
        "a forgotten target is green", "command/invocation/target.py",
        "    if not value:\n        raise", "    if value is None:\n        raise",
        (f"{DOORS}a_forgotten_target_is_not_green",),
    ),
    # Numbers
    Fault(
        "a number in a refusal is printed as Python prints it", "fsm/language/values/brief.py",
        "    if kind is int:\n        return _integer(value)", "    if kind is int:\n        return str(value)",
        ("fsm/checks/test_long_numbers.py::test_a_number_of_any_length_is_refused_in_a_few_words",),
    ),
    Fault(
        "each value of a wide range is a lemma of its own", "verification/mutants/lemmas.py",
        "for value in worth_naming(variable.domain, FEW):", "for value in worth_naming(variable.domain, 1_000 * FEW):",
        ("verification/mutation/test_wide_ranges.py::test_no_more_lemmas_are_guessed_however_wide_the_range",),
    ),
)  # fmt: skip
