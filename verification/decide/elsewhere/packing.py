"""Values for another process of ours: by name what it can import too, by value what it cannot (cloudpickle).

A class that travels by value comes back as itself: an event is the same event here and there.

What is read here was written by a process of ours; nothing of anybody else's ever is.
"""

from __future__ import annotations

import io
import pickle
import sys
from itertools import accumulate
from types import FunctionType
from typing import Any

import cloudpickle

from fsm.language.events import field_refs
from fsm.language.leaves import FieldRef

__all__ = ["packed", "unpacked"]


def unpacked(data: bytes) -> Any:
    """What another process of ours packed."""
    return pickle.loads(data)


def packed(value: Any) -> bytes:
    """A value for another process."""
    stream = io.BytesIO()
    _Pickler(stream).dump(value)
    return stream.getvalue()


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # a package without types
    """Classes and functions go by name where the other process can import them, else by value.

    With a class that goes by name go its fields: in a declaration that goes by value, one made by a variant, they are those of that class.
    """

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, FieldRef):
            home = value.event
            if home.__qualname__ == home.__name__ and _is_imported(home) and field_refs(home).get(value.name) is value:
                return _field, (home, value.name)
        module = (
            sys.modules.get(getattr(value, "__module__", None) or "")
            if isinstance(value, type | FunctionType)
            else None
        )
        if module is not None and not _can_be_imported(module.__name__):
            cloudpickle.register_pickle_by_value(module)
        return super().reducer_override(value)


def _field(event: type, name: str) -> FieldRef[Any]:
    return field_refs(event)[name]


def _is_imported(cls: type) -> bool:
    """Whether another process finds the class under its name."""
    module = sys.modules.get(cls.__module__)
    return getattr(module, cls.__name__, None) is cls and _can_be_imported(cls.__module__)


def _can_be_imported(name: str) -> bool:
    """Whether another process with the same search path finds the same module under this name."""
    path: Any = None
    spec = None
    for dotted in accumulate(name.split("."), "{}.{}".format):
        spec = next((found for finder in sys.meta_path if (found := finder.find_spec(dotted, path)) is not None), None)
        if spec is None:
            return False
        path = spec.submodule_search_locations
    origin = getattr(sys.modules[name], "__file__", None)
    return origin is None or (spec is not None and spec.origin == origin)
