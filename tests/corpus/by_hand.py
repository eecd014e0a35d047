"""The cases judged by hand, as `by_hand.txt` has them, in the form of the corpus."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import attrs

from .cases import FOLDER, Json, encoded

__all__ = ["Said", "read_by_hand"]

INSTANCE = re.compile(
    r"(?P<part>\w+)(?:\[(?P<key>\w+)\])? (?P<state>\w+)@(?P<since>-?\d+)(?: !(?P<fired>[\w,#]+))?(?P<values>(?: \w+=\S+)*)"
)
EVENT = re.compile(r"(?P<at>-?\d+)(?: (?P<name>\w+)(?:\((?P<fields>.*)\))?)?")


@attrs.frozen
class Said:
    """A case as it was written.

    Attributes:
        subject: the name of its declaration.
        why: the sentence that it shows.
        line: of the file.
        text: the case itself.
    """

    subject: str
    why: str
    line: int
    text: str


def read_by_hand() -> Iterator[Said]:
    """Every case of the file, in its order."""
    subject = why = ""
    for number, line in enumerate((FOLDER / "by_hand.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            subject, why = line[2:], ""
        elif subject and line.startswith("    "):
            yield Said(subject, why, number, line.strip())
        elif subject and line:
            why = line


class Reading:
    """Reads what is said of one declaration, by the names of its canonical form."""

    def __init__(self, form: Json) -> None:
        self.form = form
        machine = form["machines"][0]
        self.system = form["system"] or {"parts": [{"name": machine["name"], "machine": 0, "each": None}]}
        self.parts = [part["name"] for part in self.system["parts"]]

    def case(self, said: Said) -> Json:
        """The case, and what follows in the words of who judged it."""
        *under, before, comes, follows = said.text.split(" -> ")
        now, parts = self.snapshot(before)
        parameters = self.parameters(under[0].removeprefix("under ") if under else "")
        at, event = self.event(comes)
        case = {"parameters": parameters, "now": now, "parts": parts, "at": at, "event": event}
        return {**case, "outcome": self.outcome(follows.split(" | "), case)}

    def parameters(self, text: str) -> list[Json]:
        given = dict(one.split("=") for one in text.split())
        return [
            self.value(given[row["name"]]) if row["name"] in given else row["default"]
            for row in self.form["parameters"]
        ]

    def value(self, text: str) -> Json:
        plain = {"true": True, "false": False, "null": None}
        if text in plain:
            return plain[text]
        if text.startswith('"'):
            return text[1:-1].encode("ascii").decode("unicode_escape")
        if text.lstrip("-").isdigit():
            return encoded(int(text))
        (member,) = [
            [place, row["members"].index(text.upper())]
            for place, row in enumerate(self.form["enumerations"])
            if text.upper() in row["members"]
        ]
        return {"member": member}

    def snapshot(self, text: str) -> tuple[int, list[Json]]:
        now, _, rest = text.partition(": ")
        made: list[Any] = [[] if part["each"] is not None else None for part in self.system["parts"]]
        for said in re.split(r", (?=\w+(?:\[|\s))", rest):
            found = INSTANCE.fullmatch(said)
            assert found is not None, said
            place = self.parts.index(found["part"])
            row = self.instance(self.system["parts"][place]["machine"], found)
            if found["key"] is None:
                made[place] = row
            else:
                made[place].append([found["key"], *row])
        assert None not in made, text
        return int(now), made

    def instance(self, machine: int, found: re.Match[str]) -> list[Json]:
        row = self.form["machines"][machine]
        state = [one["name"] for one in row["states"]].index(found["state"])
        timers = self.timers(machine, state)
        fired = sorted(timers.index(name) for name in found["fired"].split(",")) if found["fired"] else []
        given = dict(one.split("=", 1) for one in found["values"].split())
        values = [
            self.value(given.pop(one["name"])) if one["name"] in given else one["initial"] for one in row["variables"]
        ]
        assert not given, given
        return [state, int(found["since"]), fired, values]

    def timers(self, machine: int, state: int) -> list[str]:
        """The timers of a state by their events; the second of one event is `event#2`."""
        named = [
            self.label("events", line["event"])
            for line in self.form["machines"][machine]["transitions"]
            if state in line["sources"] and line["after"] is not None
        ]
        return [
            name if name not in named[:place] else f"{name}#{named[:place].count(name) + 1}"
            for place, name in enumerate(named)
        ]

    def label(self, table: str, place: int) -> str:
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.form[table][place]["name"]).lower()

    def named(self, table: str, name: str, fields: int) -> int:
        """The event or effect of this name; of an action and an event of one name, the one that callers send."""
        found = [
            place
            for place, row in enumerate(self.form[table])
            if self.label(table, place) == name and len(row["fields"]) == fields
        ]
        assert found, name
        return found[-1]

    def event(self, text: str) -> tuple[int, Json]:
        found = EVENT.fullmatch(text)
        assert found is not None, text
        if found["name"] is None:
            return int(found["at"]), None
        fields = [self.value(one) for one in re.split(r", ", found["fields"])] if found["fields"] else []
        return int(found["at"]), [self.named("events", found["name"], len(fields)), fields]

    def instance_named(self, text: str) -> list[Json]:
        part, _, key = text.rstrip("]").partition("[")
        return [self.parts.index(part), key or None]

    # What follows

    def outcome(self, clauses: list[str], case: Json) -> Json:
        told: dict[str, Any] = {"kind": "passed" if case["event"] is None else "taken", "now": case["at"]}
        lists: dict[str, list[Json]] = {"timed": [], "effects": [], "why": [], "broken": []}
        for clause in clauses:
            word, _, rest = clause.partition(" ")
            match word:
                case "rejected":
                    return {"kind": "rejected"}
                case "stopped":
                    instance, name = rest.split()
                    return {"kind": "stopped", "why": [[*self.instance_named(instance), self.named("events", name, 0)]]}
                case "time":
                    at, instance, name = rest.split()
                    lists["timed"].append([int(at), *self.instance_named(instance), self.named("events", name, 0)])
                case "emits":
                    lists["effects"].append(self.effect(rest))
                case "refused":
                    told["kind"] = "refused"
                    lists["why"] = sorted((self.reason(one) for one in rest.split(", ")), key=json.dumps)
                case "breaks":
                    lists["broken"] = [int(one) for one in rest.split(", ")]
                case _:
                    told["now"], parts = self.snapshot(clause)
                    told |= {"parts": parts} if parts != case["parts"] else {}
        return told | {name: said for name, said in lists.items() if said}

    def effect(self, text: str) -> list[Json]:
        name, _, fields = text.rstrip(")").partition("(")
        values = [self.value(one) for one in fields.split(", ")]
        return [self.named("effects", name, len(values)), values]

    def reason(self, text: str) -> list[Json]:
        word, _, rest = text.partition(" ")
        match word:
            case "no":
                return ["wire"]
            case "rule":
                return ["rule", int(rest)]
            case "full":
                return ["full", self.parts.index(rest)]
        return [word, *self.instance_named(rest)]
