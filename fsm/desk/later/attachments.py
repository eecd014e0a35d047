"""Files in a chat, where they are switched on: the guide of 2021-01-20 (S04)."""

from fsm import Rule, wire
from fsm.desk import actions, parameters
from fsm.desk.desk import GUIDE, tiles
from fsm.desk.events import Attach, Text
from fsm.variants import Variant, replaced, rule, wiring

attachments = parameters.otherwise(parameters.attachments, True)
(text,) = GUIDE.wires_on(Text)

ATTACHMENTS = Variant(
    "files in a chat", GUIDE,
    adds=(attachments,),
    replaces=(
        replaced(wiring(Text), text, wire(Attach, tiles[Attach.contact].by(actions.Text, speaker=Attach.speaker))),
        replaced(rule(GUIDE.rules[-1].name), GUIDE.rules[-1], Rule("a chat is text only", on=Attach, when=attachments, cites="S04")),
    ),
)  # fmt: skip
