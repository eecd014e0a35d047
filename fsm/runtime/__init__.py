"""Running a declaration: pure steps, refusals, timers."""
