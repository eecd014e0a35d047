"""Events and effects: what arrives and what goes out, as frozen records with typed fields.

`@event` and `@effect` make frozen attrs classes. On the *class*, a field of an event is an
expression (`Offer.channel`), so a declaration can speak of it and a type checker sees a
misspelt one; on an *object* it is the value.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Never,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    overload,
)
from unicodedata import is_normalized

import attrs

from fsm.checks.names import check_name
from fsm.errors import BadName, Incomplete, NotDeclared, OutOfRange, WrongKind, WrongType
from fsm.language.domains import Domain, Opaque, domain_of_type, fits, type_of
from fsm.language.expressions import Const, Expr, lift
from fsm.language.leaves import NEEDED, FieldRef
from fsm.language.printing import label, value_in_words
from fsm.language.values.annotations import check_storable, check_unchanging
from fsm.language.values.brief import brief

__all__ = [
    "Emit",
    "Event",
    "Field",
    "effect",
    "effect_base",
    "event",
    "event_base",
    "event_in_words",
    "field_refs",
    "is_effect",
    "is_event",
    "optional",
]

T = TypeVar("T")
C = TypeVar("C")


class Field(Generic[T]):
    """The annotation of an event's field: `contact: Field[str]`.

    Fields of type bool, an `enum.Enum` or int (bounded with `Annotated[int, Range(0, 5)]`) can
    be read by conditions; all others are opaque: keys and carried data.

    Type checkers see by `__set__` that no event changes, and not by `frozen`: of a frozen class mypy takes a field that is inherited
    for its value on the class, too. A class that is not frozen and has an `==` of its own could not be hashed, hence `eq_default` below.
    """

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Expr[T]: ...
        @overload
        def __get__(self, instance: object, owner: type) -> T: ...
        def __get__(self, instance: object | None, owner: type) -> Any: ...
        def __set__(self, instance: Never, value: T) -> None: ...


@attrs.frozen
class _Left:
    """What stands on the class for a field that may be left out."""

    default: Any
    compared: bool


def optional(*, default: Any, compared: bool = True) -> Any:
    """A field of an event that may be left out: `at: Field[int | None] = optional(default=None)`.

    What is left out is the default, for callers, in moves and where events are read; and a field that has its default is
    neither written nor told. So an event can say more than it once did, and nobody who sends it has to know. Searches and derived tests
    leave it out where it decides nothing.

    Args:
        default: a value that the field can have.
        compared: whether two objects are told apart by it.
    """
    return _Left(default, compared)


class _FieldOnClass:
    """Answers `Offer.channel` on the class; objects answer from their own dictionary first."""

    def __init__(self, ref: FieldRef[Any]) -> None:
        self.ref = ref

    def __get__(self, instance: object, owner: type) -> FieldRef[Any]:
        return self.ref


class _FieldOnBase:
    """Answers `OfOffer.contact` on a base, whose fields only its events have."""

    def __init__(self, asked: str) -> None:
        self.asked = asked

    def __get__(self, instance: object, owner: type) -> Never:
        raise AttributeError(f"{self.asked}: a base is no event or effect. Name the field of one that takes it over.")


@dataclass_transform(eq_default=False, field_specifiers=(optional,))
def event(cls: type[C]) -> type[C]:
    """Make a class an event: frozen, compared by value, its fields readable in declarations.

    Raises:
        DefinitionError: a field whose type cannot be found, or whose values could not be stored and read back, or one with a default
            that is not said by `optional`; a name that Python would not read so; a constructor of its own, or another way in which
            its fields are read.
    """
    domains, defaults = _fields(cls, check_storable)
    made = attrs.frozen(cls, slots=False)
    refs: dict[str, FieldRef[Any]] = {
        name: FieldRef(made, name, domain, defaults.get(name, NEEDED)) for name, domain in domains.items()
    }
    for name, ref in refs.items():
        setattr(made, name, _FieldOnClass(ref))
    made.__fsm_fields__ = refs  # type: ignore[attr-defined]  # the mark by which events are known
    return made


@dataclass_transform(eq_default=False, field_specifiers=(optional,))
class Event:
    """The base of events that say all by their names and fields: `class Accept(Event): contact: Field[str]`, as with `@event`."""

    def __init_subclass__(cls) -> None:
        event(cls)


@dataclass_transform(frozen_default=True, field_specifiers=(optional,))
def effect(cls: type[C]) -> type[C]:
    """Make a class an effect: a frozen record of something the world should now do."""
    domains, defaults = _fields(cls, check_unchanging)
    made = attrs.frozen(cls)
    made.__fsm_effect__ = domains  # type: ignore[attr-defined]  # the mark by which effects are known
    made.__fsm_defaults__ = defaults  # type: ignore[attr-defined]  # read by `told_fields` and what shows effects
    return made


@dataclass_transform(eq_default=False)
def event_base(cls: type[C]) -> type[C]:
    """Make a class the fields with which several events begin: `@event class Accept(OfAgent)` has those of `OfAgent`, then its own.

    It is no event itself. An event takes over the fields of one base, which may have taken over those of another.

    Raises:
        DefinitionError: a field that may be left out, which each event has behind its own; else as of `event`.
    """
    return _base(cls, check_storable)


@dataclass_transform(frozen_default=True)
def effect_base(cls: type[C]) -> type[C]:
    """The same for effects: `@effect class Missed(OfOffer)`."""
    return _base(cls, check_unchanging)


def _base(cls: type[C], check: Callable[[str, Any], None]) -> type[C]:
    for name, value in vars(cls).items():
        if isinstance(value, _Left):
            what = "may be left out, and others stand behind it"
            raise WrongKind(f"{cls.__name__}.{name}", what, "Declare it in each event or effect, as its last field.")
    types = _field_types(cls, check, {})
    made = attrs.frozen(cls, these={}, getstate_setstate=False)  # it keeps nothing: what takes over the fields does
    for name in types:
        setattr(made, name, _FieldOnBase(f"{cls.__name__}.{name}"))
    made.__fsm_base__ = check  # type: ignore[attr-defined]  # the mark of a base: what its fields are held to
    return made


MADE_ANEW = ("__init__", "__setattr__")
INHERITED = ("__new__", "__attrs_pre_init__", "__attrs_post_init__", "__getattribute__")
"""What a class may define to be made or read otherwise: no proof would know of it. The first attrs makes for each class, whatever its bases have."""


def _fields(cls: type, check: Callable[[str, Any], None]) -> tuple[dict[str, Domain], dict[str, Any]]:
    """The domains of the fields of a class, and the defaults of those that may be left out, which the class has from then on."""
    optional = {name: left for name, left in vars(cls).items() if isinstance(left, _Left)}
    defaults = {name: left.default for name, left in optional.items()}
    domains = {name: domain_of_type(kind) for name, kind in _field_types(cls, check, defaults).items()}
    for name, value in defaults.items():
        check_fit(f"{cls.__name__}.{name}: its default", domains[name], lift(value))
        setattr(cls, name, attrs.field(default=value, eq=optional[name].compared))
    return domains, defaults


def _field_types(cls: type, check: Callable[[str, Any], None], defaults: Mapping[str, Any]) -> dict[str, Any]:
    name = cls.__name__
    if not name.isidentifier():
        raise BadName(f"event or effect {name!r}", "is not a name", "Name its class as a module would.")
    bases = [base for base in cls.__mro__[1:] if inspect.get_annotations(base)]
    for base in bases:
        if vars(base).get("__fsm_base__") is not check or base not in bases[0].__mro__:
            raise WrongKind(name, f"inherits fields from {base.__name__}", "Declare every field where it belongs.")
    made = [method for method in MADE_ANEW if method in vars(cls)]
    made += [method for method in INHERITED if any(method in vars(base) for base in cls.__mro__[:-1])]
    if made:
        raise WrongKind(
            f"{name}.{made[0]}",
            "an event or effect says what it was given, and nothing of it is made otherwise",
            "What may be given is said by the types of its fields, by guards and by rules.",
        )
    try:
        annotations = inspect.get_annotations(cls, eval_str=True)
    except NameError as unknown:
        raise Incomplete(
            name,
            f"the type of a field cannot be found: {unknown}",
            "Declare events and their types at the top of a module.",
        ) from unknown
    for base in bases[:1]:
        taken_over = inspect.get_annotations(base, eval_str=True)
        for field in taken_over:
            if field in vars(cls) or field in annotations:
                raise WrongKind(f"{name}.{field}", f"stands in {base.__name__} already", "Declare every field once.")
        cls.__annotations__ = annotations = {**taken_over, **annotations}
    types: dict[str, Any] = {}
    for field, kind in annotations.items():
        check_name(f"{name}: field", field)
        if field == "self" or not is_normalized("NFKC", field):
            raise BadName(f"{name}.{field}", "cannot be the name of a field", "Python would read another one.")
        if field in vars(cls) and field not in defaults:
            raise WrongKind(f"{name}.{field}", "a field has no default", "Every event says everything it means.")
        if field not in defaults and any(one in defaults for one in types):
            raise WrongKind(
                f"{name}.{field}", "stands behind one that may be left out", "Write the optional fields last."
            )
        origin: object = get_origin(kind)
        if ClassVar in (kind, origin):
            raise WrongKind(f"{name}.{field}", "is no field: a ClassVar is told by none", "Write it beside the class.")
        types[field] = get_args(kind)[0] if origin is Field else kind
        check(f"{name}.{field}", types[field])
    for field in defaults:
        if field not in types:
            raise Incomplete(f"{name}.{field}", "has no type", f"Write {field}: Field[...] = optional(default=...).")
    return types


def is_event(cls: object) -> bool:
    return isinstance(cls, type) and "__fsm_fields__" in vars(cls)


def is_effect(cls: object) -> bool:
    return isinstance(cls, type) and "__fsm_effect__" in vars(cls)


def field_refs(cls: type) -> dict[str, FieldRef[Any]]:
    """The fields of an event class as expressions, in the order they were written."""
    refs: dict[str, FieldRef[Any]] = vars(cls).get("__fsm_fields__", {})
    return refs


def told_fields(event: object) -> dict[str, Any]:
    """The fields of an event with their values, in order, but for those that may be left out and have their default."""
    optional = left_out(type(event))
    given = {name: getattr(event, name) for name in field_refs(type(event))}
    return {name: value for name, value in given.items() if not is_left_out(optional, name, value)}


def left_out(event: type) -> dict[str, Any]:
    """The fields of an event class that may be left out, each with its default."""
    return {name: ref.default for name, ref in field_refs(event).items() if ref.default is not NEEDED}


def is_left_out(optional: Mapping[str, Any], name: str, value: object) -> bool:
    """Whether a field has its default, by which it need not be told: that very object, or one of Python's own that nothing tells from it.

    What is only equal to it is told: `-0.0` is not `0.0`, and what an author's `==` says of two objects is not asked for.
    """
    if name not in optional:
        return False
    default = optional[name]
    if value is default or type(value) is not type(default):
        return value is default
    return (
        repr(value) == repr(default)
        if type(value) is float
        else type(value) in (bool, int, str, bytes) and value == default
    )


def effect_defaults(cls: type) -> dict[str, Any]:
    """The fields of an effect class that may be left out, each with its default."""
    defaults: dict[str, Any] = vars(cls).get("__fsm_defaults__", {})
    return defaults


def effect_fields(cls: type) -> dict[str, Domain]:
    """The fields of an effect class with their domains; DefinitionError for any other class."""
    fields: dict[str, Domain] | None = vars(cls).get("__fsm_effect__") if hasattr(cls, "__dict__") else None
    if fields is None:
        raise WrongKind(_class_in_words(cls), "is not an effect", _class_instead(cls, "effect"))
    return fields


def check_event(where: str, cls: object) -> None:
    """Raise DefinitionError unless `cls` is an event class."""
    if not is_event(cls):
        raise WrongKind(where, f"{_class_in_words(cls)} is not an event", _class_instead(cls, "event"))


def _class_in_words(given: object) -> str:
    """What is given for a class of events or effects, in a message."""
    if isinstance(given, type):
        return given.__name__
    return f"one {type(given).__name__}" if _is_declared(type(given)) else brief(given)


def _class_instead(given: object, wanted: str) -> str:
    """What to write for what is no class of events, or of effects."""
    if isinstance(given, str):
        return "Give the class itself, without quotes."
    if not isinstance(given, type):
        name = type(given).__name__
        return f"Give the class {name}, without ()." if _is_declared(type(given)) else f"Give a class under @{wanted}."
    if wanted == "event" and "__fsm_effect__" in vars(given):
        name = given.__name__
        return f"It is an effect: in a claim, compare before(emitted({name})) with after(emitted({name}))."
    if wanted == "effect" and is_event(given):
        return "It is an event: a transition emits effects, whose classes stand under @effect."
    return f"Decorate its class with @{wanted}."


def _is_declared(cls: type) -> bool:
    return is_event(cls) or "__fsm_effect__" in vars(cls)


def event_in_words(event: object) -> str:
    """An event as a message writes it: `offer_call(contact='c-9', name='Ann')`; of a class of events, its name."""
    if isinstance(event, type):
        return label(event)
    fields = (f"{name}={value_in_words(value)}" for name, value in told_fields(event).items())
    return f"{label(type(event))}({', '.join(fields)})"


@attrs.frozen(eq=False)
class Emit:
    """An effect to be emitted by a transition, with an expression for each of its fields."""

    effect: type
    fields: tuple[tuple[str, Expr[Any]], ...]

    @classmethod
    def of(cls, effect: type, values: dict[str, Any]) -> Emit:
        """Check the values against the fields of the effect; every field must be given."""
        domains = effect_fields(effect)
        given = {**effect_defaults(effect), **values}
        check_fields(f"{effect.__name__}(...)", domains, given, call=f"emits({effect.__name__}", sealed=False)
        return cls(effect, tuple((name, lift(given[name])) for name in domains))


def check_fields(
    where: str, domains: dict[str, Domain], values: dict[str, Any], *, call: str, sealed: bool = True
) -> None:
    """Raise DefinitionError unless exactly these fields are given, each of a fitting kind.

    Args:
        where: what has the fields, in words.
        domains: the fields wanted.
        values: what is given: values and expressions.
        call: how the call begins that gives them, in a message: `emits(Rang`.
        sealed: keep carried data out of fields that a condition could read. Effects are read by none.
    """
    for name in values:
        if name not in domains:
            raise NotDeclared(where, f"has no field {name!r}", f"It has {', '.join(domains) or 'none'}.")
    for name, domain in domains.items():
        if name not in values:
            given = "".join(f", {field}=..." for field in domains)
            raise Incomplete(where, f"field {name!r} is not given", f"Write {call}{given}).")
        check_fit(f"{where} field {name!r}", domain, lift(values[name]), sealed=sealed)


def check_fit(where: str, wanted: Domain, value: Expr[Any], *, sealed: bool = True) -> None:
    """Raise DefinitionError unless the value may stand where `wanted` is declared."""
    if isinstance(value, Const):
        if not wanted.contains(value.value):
            raise OutOfRange(where, f"is {wanted}, not {brief(value.value)}")
        return
    given = value.domain
    if isinstance(given, Opaque) and not isinstance(wanted, Opaque):
        if sealed:
            raise WrongType(where, f"is {wanted}, which a condition may read; {given} is carried data, which none may")
        wanted = Opaque(type_of(wanted))
    if not fits(wanted, given):
        raise WrongType(where, f"is {wanted}, not {given}")
