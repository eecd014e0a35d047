"""What `make quick` runs, and what of it shows what: a test or more of every package and of every kind of claim.

    pytest $(python tests/quick.py)

All of it takes half a minute on two idle cores. A new package needs a line here; tests/acceptance/test_make.py says so.
"""

from __future__ import annotations

EXAMPLES = "tests/docs/test_examples.py"
PROVED = f"{EXAMPLES}::test_everything_that_an_example_claims_is_proved"
DERIVED = f"{EXAMPLES}::test_the_tests_of_an_example_pass"

PACKAGES = {
    "fsm": f"{DERIVED}[payment]",
    "fsm.batch": "tests/fsm/batch/test_batch.py",
    "fsm.batch.arrow": "tests/fsm/batch/test_batch.py::test_tables_go_out_and_come_in",
    "fsm.canonical": "tests/fsm/canonical/test_round_trip.py::test_what_was_written_is_read_back_as_an_equal_declaration",
    "fsm.checks": "tests/fsm/checks/test_machines.py",
    "fsm.desk": "tests/fsm/test_refusal.py",
    "fsm.desk.floor": "tests/fsm/test_floor.py",
    "fsm.desk.journey": "tests/fsm/desk/test_journey.py",
    "fsm.desk.later": "tests/docs/test_versions_page.py",
    "fsm.desk.reports": "tests/fsm/desk/test_activity.py",
    "fsm.desk.screen": "tests/fsm/desk/test_view.py",
    "fsm.language": "tests/fsm/test_expressions.py",
    "fsm.language.source": "tests/fsm/test_grouping.py",
    "fsm.language.values": "tests/fsm/test_domains.py",
    "fsm.live": "tests/fsm/test_live_callbacks.py",
    "fsm.notebook": "tests/fsm/test_notebook.py",
    "fsm.runtime": "tests/fsm/test_engine.py",
    "fsm.semantics": "tests/fsm/test_interpret.py",
    "fsm.spark": "tests/fsm/test_spark.py",
    "fsm.patterns": "tests/fsm/test_patterns.py",
    "fsm.variants": "tests/fsm/variants/test_variants.py",
    "fsm.storage": "tests/fsm/test_event_json.py",
    "fsm.traces": "tests/fsm/test_claims.py",
    "fsm.verification": "tests/verification/test_report.py",
    "fsm.verification.cache": "tests/verification/test_cache.py::test_what_is_kept_is_shown_again",
    "fsm.verification.certificates": "tests/verification/certificates/test_scripts.py::test_every_script_of_a_machine_is_standard",
    "fsm.verification.certificates.questions": "tests/verification/certificates/test_scripts.py::test_a_fact_stands_once_in_a_question",
    "fsm.verification.changes": "tests/verification/test_changes.py",
    "fsm.verification.checker": "tests/verification/checker/test_checker.py::test_what_is_no_document_is_refused",
    "fsm.verification.checker.plain": "tests/verification/checker/test_runs.py::test_a_run_shows_what_happens_on_it_and_nothing_else",
    "fsm.verification.checker.possible": "tests/verification/checker/test_twins.py::test_each_question_has_a_twin_that_is_answered_with_yes",
    "fsm.verification.checker.proofs": "tests/verification/checker/test_checker.py::test_an_operator_that_is_changed_loses_the_claim_that_rests_on_it",
    "fsm.verification.checker.proofs.time": "tests/verification/test_countdown.py::test_the_checker_refuses_less_to_be_left_than_is",
    "fsm.verification.checker.whole": "tests/verification/checker/test_together.py::test_a_machine_without_claims_must_be_the_one_whose_certificate_lies_beside_it",
    "fsm.verification.checker.replays": "tests/verification/checker/test_runs.py::test_without_its_rule_a_claim_is_lost",
    "fsm.verification.cores": "tests/verification/test_why.py::test_each_claim_names_the_rules_guards_and_assumptions_of_its_proof",
    "fsm.verification.decide": f"{PROVED}[job]",
    "fsm.verification.decide.elsewhere": "tests/verification/test_portfolio.py::test_a_long_answer_comes_whole",
    "fsm.verification.encoding": "tests/verification/encoding/test_formula_text.py",
    "fsm.verification.engines": "tests/verification/test_engines.py::test_two_claims_that_need_each_other_are_kept_together",
    "fsm.verification.engines.clocks": "tests/verification/test_countdown.py::test_what_is_left_may_depend_on_where_another_part_is",
    "fsm.verification.engines.ranks": "tests/verification/test_number_ranks.py::test_what_counts_up_to_a_parameter_ends",
    "fsm.verification.mutants": "tests/verification/mutation/test_kettle.py::test_a_lost_effect_is_a_difference",
    "fsm.verification.promela": "tests/verification/test_promela.py::test_the_note_names_what_is_cut_off",
    "fsm.verification.monitoring": "tests/verification/monitoring/test_verdicts.py::test_an_event_in_a_wrong_state_is_told_as_the_runtime_refuses_it",
    "fsm.verification.monitoring.connect": "tests/verification/monitoring/test_connect.py::test_the_published_pair_on_after_contact_work_conforms",
    "fsm.verification.monitoring.declared": "tests/verification/monitoring/test_verdicts.py::test_a_parameter_that_nobody_saw_has_every_value_that_is_left",
    "fsm.verification.monitoring.explaining": "tests/verification/monitoring/test_verdicts.py::test_an_instant_that_nobody_saw_is_an_interval",
    "fsm.verification.monitoring.lane": "tests/verification/monitoring/test_exact.py::test_a_light_that_may_have_run_before_is_judged_at_once_as_it_is_explained",
    "fsm.verification.monitoring.mapped": "tests/verification/monitoring/test_mapped.py",
    "fsm.verification.monitoring.relaxed": "tests/verification/monitoring/test_verdicts.py::test_what_nothing_can_show_violates_without_a_search",
    "fsm.verification.monitoring.stored": "tests/verification/monitoring/test_state.py::test_everything_that_a_watch_may_know_is_stored",
    "fsm.verification.search": "tests/verification/test_search.py",
    "fsm.verification.search.fair": "tests/verification/test_fairness.py::test_who_is_owed_what_decides_who_is_seen",
    "fsm.verification.search.packed": "tests/verification/test_packed.py::test_die_hard_has_as_many_as_tlc_says",
    "fsm.verification.testing": f"{DERIVED}[door]",
    "fsm.diagrams": "tests/diagrams/test_tables.py",
    "fsm.diagrams.graphs": "tests/diagrams/test_machine_pictures.py",
    "fsm.diagrams.rendering": "tests/diagrams/test_rendering.py::test_where_dark_is_asked_for_the_picture_itself_is_dark",
    "fsm.diagrams.sites": "tests/acceptance/test_doors.py::test_every_library_stays_behind_its_door",
    "fsm.diagrams.texts": "tests/diagrams/test_mermaid.py",
    "fsm.diagrams.views": "tests/diagrams/test_overviews.py",
    "fsm.command": "tests/command/test_group.py::test_wrong_usage_leaves_with_two",
    "fsm.command.drawing": "tests/command/test_draw_trace.py::test_the_run_that_refutes_is_one_picture",
    "fsm.command.invocation": "tests/command/test_target.py",
    "fsm.command.playing": "tests/command/test_play.py",
    "fsm.command.project": "tests/command/test_configuration.py",
    "fsm.command.reports": "tests/command/test_reports.py::test_no_text_of_an_authors_breaks_a_form",
    "fsm.command.streams": "tests/command/test_monitor.py::test_records_that_conform_are_counted",
    "fsm.command.suite": "tests/command/test_suite.py::test_where_a_project_does_not_speak_of_fsm_nothing_of_it_is_loaded",
    "fsm.command.terminal": "tests/command/test_desk_page.py",
    "fsm.files": "tests/files/test_atomic.py",
    "fsm.seeds": "tests/seeds/test_catalogue.py",
}
"""For each package a file of tests, or a test, that fails where it is broken."""

CLAIMS = {
    "always": f"{PROVED}[door]",
    "each step": f"{PROVED}[door]",
    "within": f"{PROVED}[job]",
    "reachable": f"{PROVED}[door]",
    "can happen": f"{PROVED}[job]",
    "recoverable": f"{PROVED}[door]",
    "leads to": f"{PROVED}[job]",
    "each leads to": "tests/verification/test_fairness.py::test_who_is_owed_what_decides_who_is_seen",
}
"""For each kind of claim an example of which every claim is proved, one of this kind among them; or, where no example has one, a test."""

ALWAYS = ("tests/docs/test_architecture.py",)


def quick() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*PACKAGES.values(), *CLAIMS.values(), *ALWAYS)))


if __name__ == "__main__":
    print(*quick())
