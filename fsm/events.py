"""Events and effects: what arrives and what goes out, as frozen records with typed fields.

`@event` and `@effect` make frozen attrs classes. On the *class*, a field of an event is an
expression (`Offer.channel`), so a declaration can speak of it and a type checker sees a
misspelt one; on an *object* it is the value.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar, dataclass_transform, get_args, get_origin, overload

import attrs

from fsm.domains import Domain, Opaque, domain_of_type
from fsm.errors import DefinitionError
from fsm.expressions import Expr, FieldRef, lift

__all__ = ["Emit", "Field", "effect", "event", "field_refs", "is_event", "label"]

T = TypeVar("T")
C = TypeVar("C")


class Field(Generic[T]):
    """The annotation of an event's field: `contact: Field[str]`.

    Fields of type bool, an `enum.Enum` or int (bounded with `Annotated[int, Range(0, 5)]`) can
    be read by conditions; all others are opaque: keys and carried data.
    """

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Expr[T]: ...
        @overload
        def __get__(self, instance: object, owner: type) -> T: ...
        def __get__(self, instance: object | None, owner: type) -> Any: ...
        def __set__(self, instance: object, value: T) -> None: ...


class _FieldOnClass:
    """Answers `Offer.channel` on the class; objects answer from their own dictionary first."""

    def __init__(self, ref: FieldRef[Any]) -> None:
        self.ref = ref

    def __get__(self, instance: object, owner: type) -> FieldRef[Any]:
        return self.ref


@dataclass_transform(frozen_default=True)
def event(cls: type[C]) -> type[C]:
    """Make a class an event: frozen, compared by value, its fields readable in declarations.

    Raises:
        DefinitionError: a field whose type cannot be found, or one with a default.
    """
    types = _field_types(cls)
    made = attrs.frozen(cls, slots=False)
    refs = {name: FieldRef(made, name, domain_of_type(kind)) for name, kind in types.items()}
    for name, ref in refs.items():
        setattr(made, name, _FieldOnClass(ref))
    made.__fsm_fields__ = refs  # type: ignore[attr-defined]  # the mark by which events are known
    return made


@dataclass_transform(frozen_default=True)
def effect(cls: type[C]) -> type[C]:
    """Make a class an effect: a frozen record of something the world should now do."""
    types = _field_types(cls)
    made = attrs.frozen(cls)
    made.__fsm_effect__ = {name: domain_of_type(kind) for name, kind in types.items()}  # type: ignore[attr-defined]  # the mark by which effects are known
    return made


def _field_types(cls: type) -> dict[str, Any]:
    try:
        annotations = inspect.get_annotations(cls, eval_str=True)
    except NameError as unknown:
        raise DefinitionError(
            cls.__name__, f"the type of a field cannot be found: {unknown}", "Declare events and their types at the top of a module."
        ) from unknown
    types: dict[str, Any] = {}
    for name, kind in annotations.items():
        if name in vars(cls):
            raise DefinitionError(f"{cls.__name__}.{name}", "a field has no default", "Every event says everything it means.")
        types[name] = get_args(kind)[0] if get_origin(kind) is Field else kind
    return types


def is_event(cls: object) -> bool:
    return isinstance(cls, type) and "__fsm_fields__" in vars(cls)


def field_refs(cls: type) -> dict[str, FieldRef[Any]]:
    """The fields of an event class as expressions, in the order they were written."""
    refs: dict[str, FieldRef[Any]] = vars(cls).get("__fsm_fields__", {})
    return refs


def effect_fields(cls: type) -> dict[str, Domain]:
    """The fields of an effect class with their domains; DefinitionError for any other class."""
    if not isinstance(cls, type) or "__fsm_effect__" not in vars(cls):
        raise DefinitionError(getattr(cls, "__name__", repr(cls)), "is not an effect", "Decorate its class with @effect.")
    fields: dict[str, Domain] = vars(cls)["__fsm_effect__"]
    return fields


def check_event(where: str, cls: object) -> None:
    """Raise DefinitionError unless `cls` is an event class."""
    if not is_event(cls):
        raise DefinitionError(where, f"{getattr(cls, '__name__', cls)!s} is not an event", "Decorate its class with @event.")


def label(cls: type) -> str:
    """The name of an event or effect in messages: OfferChat becomes offer_chat."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


@attrs.frozen(eq=False)
class Emit:
    """An effect to be emitted by a transition, with an expression for each of its fields."""

    effect: type
    fields: tuple[tuple[str, Expr[Any]], ...]

    @classmethod
    def of(cls, effect: type, values: dict[str, Any]) -> Emit:
        """Check the values against the fields of the effect; every field must be given."""
        domains = effect_fields(effect)
        check_fields(f"{effect.__name__}(...)", domains, values)
        return cls(effect, tuple((name, lift(values[name])) for name in domains))


def check_fields(where: str, domains: dict[str, Domain], values: dict[str, Any]) -> None:
    """Raise DefinitionError unless exactly these fields are given, each of a fitting kind."""
    for name in values:
        if name not in domains:
            raise DefinitionError(where, f"has no field {name!r}", f"It has {', '.join(domains) or 'none'}.")
    for name, domain in domains.items():
        if name not in values:
            raise DefinitionError(where, f"field {name!r} is not given")
        value = values[name]
        fits = _fits(domain, value.domain) if isinstance(value, Expr) else domain.contains(value)
        if not fits:
            seen = value.domain if isinstance(value, Expr) else repr(value)
            raise DefinitionError(f"{where} field {name!r}", f"is {domain}, not {seen}")


def _fits(wanted: Domain, given: Domain) -> bool:
    """True when values of `given` may be stored where `wanted` is declared; ranges are checked elsewhere."""
    if isinstance(wanted, Opaque):
        kinds = {"Booleans": bool, "Integers": int}
        kind = given.type if isinstance(given, Opaque) else getattr(given, "members", kinds.get(type(given).__name__))
        plain = isinstance(wanted.type, type) and isinstance(kind, type)
        return not plain or wanted.type is object or kind is object or issubclass(kind, wanted.type)
    if isinstance(given, Opaque):
        return isinstance(given.type, type) and given.type is int and type(wanted).__name__ == "Integers"
    return type(wanted) is type(given) and getattr(wanted, "members", None) is getattr(given, "members", None)
