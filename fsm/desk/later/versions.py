"""How the guide changed: one profile for each version, each with what came before it.

The seed is the first and the default. A profile fixes what the guide of its day said and leaves what an administrator may choose to
the proofs. What the guide calls possible if enabled, files and auto-accept, is left open too: a claim is refuted there by the choice
that breaks it. A claim names the versions in which it no longer holds.

The two times of an offer are the vendor's own, which no administrator sets (S18), so each version has
its numbers; what is claimed of every pair of times is proved beyond all versions.

Dates are the commits of the guide's history; of the waiting status the month alone is known, of auto-accept no date at all.
"""

from fsm import NamedProfile

SEED = NamedProfile("seed", {
    "accept_window": 20_000, "non_response_after": 15_000,
    "chat_ceiling": 5, "max_tasks": 0, "max_emails": 0,
    "attachments": False, "next_status": False, "speaker_change": False, "auto_accept": False,
    "voice_shares": False, "chat_shares": False, "task_shares": False, "email_shares": False,
}, since="2019-11-22", doc="the chat guide at its launch")  # fmt: skip
ATTACHMENTS = SEED.later(
    "attachments",
    {},
    free=("attachments",),
    since="2021-01-20",
    doc="files can be sent in a chat where that is switched on",
)
TWENTY_SECONDS = ATTACHMENTS.later(
    "twenty-seconds", {"non_response_after": 20_000}, since="2021-04-16", doc="an offer rings and counts for 20 s"
)
NEXT_STATUS = TWENTY_SECONDS.later(
    "next-status",
    {"next_status": True},
    since="2021-07",
    doc="a status chosen on contacts waits until the desk is empty",
)
TEN_CHATS = NEXT_STATUS.later(
    "ten-chats", {"chat_ceiling": 10}, since="2022-11-07", doc="an administrator may allow ten chats"
)
SPEAKER_CHANGE = TEN_CHATS.later(
    "speaker-change",
    {"speaker_change": True},
    since="2023-02-18",
    doc="only another speaker starts the text timer again",
)
CROSS_CHANNEL = SPEAKER_CHANGE.later(
    "cross-channel",
    {},
    free=("max_tasks", "max_emails", "voice_shares", "chat_shares", "task_shares", "email_shares"),
    since="2023-04-22",
    doc="channels may be shared; tasks and e-mails have limits of their own",
)
AUTO_ACCEPT = CROSS_CHANNEL.later(
    "auto-accept",
    {},
    free=("auto_accept",),
    doc="chats are connected without the agent's hand where that is switched on",
)

VERSIONS = (SEED, ATTACHMENTS, TWENTY_SECONDS, NEXT_STATUS, TEN_CHATS, SPEAKER_CHANGE, CROSS_CHANNEL, AUTO_ACCEPT)


def since(first: NamedProfile) -> tuple[str, ...]:
    """The names of a version and of all later ones."""
    return tuple(one.name for one in VERSIONS[VERSIONS.index(first) :])
