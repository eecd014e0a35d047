"""What certainly cannot have been, found without a search: everything that may have happened, taken together and not in its order.

reach.py    which observations nothing can show
state.py    what each instance may have been, in whichever of the runs
firing.py   what an event may do there
drifting.py to which states what nobody sees can bring an instance
"""

__all__: list[str] = []
