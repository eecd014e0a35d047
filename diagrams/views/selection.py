"""What of a declaration is shown under given options: the one place that says what an overview leaves out."""

from __future__ import annotations

from fsm.diagrams.options import Detail, Options
from fsm.diagrams.views.reduction import machine_view, system_view
from fsm.diagrams.views.views import MachineView, SystemView
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["view_of_machine", "view_of_system"]


def view_of_machine(machine: Machine, options: Options) -> MachineView:
    """What of a machine is shown."""
    return machine_view(machine, options.of(machine).values or {})


def view_of_system(system: System, options: Options) -> SystemView:
    """What of a system is shown: in an overview nothing that nothing sends."""
    return system_view(system, options.of(system).values or {}, sent_only=options.detail is not Detail.FULL)
