"""Proofs, and tests derived from a declaration. Needs the extra: `pip install 'verified-fsm[verification]'`.

Import what you use from its own module, so that who only tests loads no solver and who only
proves loads no Hypothesis:

    from fsm.verification.testing.stateful import stateful

You may not import anything here that is not in Python itself.
"""

from importlib.util import find_spec

_absent = [name for name in ("z3", "hypothesis") if find_spec(name) is None]
if _absent:
    raise ImportError(
        f"fsm.verification needs {' and '.join(_absent)}; install with: pip install 'verified-fsm[verification]'"
    )
