"""The canonical form: a declaration as versioned JSON, and the same declaration read back.

    text = write(MACHINE)
    again = read(text)

- `write`, `document`: the form as text, and as JSON; `classes`: which event, effect or enumeration stands at which place of it (`Classes`)
- `read`, `read_document`: a declaration read back, distrusted; `Sizes`: how much of it; `BadDeclaration`: what is wrong, and where
- `fingerprint`: the hash of what of it some step can show; snapshots name it
- `renamed`, `Name`: the same declaration called otherwise
- `listing`: a declaration in words, for a person

The form is described by `schema.json` beside this file, what it means by docs/reference/semantics.md.
"""

from fsm.canonical.cursor import Sizes
from fsm.canonical.fingerprint import fingerprint
from fsm.canonical.listing import listing
from fsm.canonical.reading import read, read_document
from fsm.canonical.renaming import Name, renamed
from fsm.canonical.writing import Classes, classes, document, write
from fsm.errors import BadDeclaration

__all__ = [
    "BadDeclaration", "Classes", "Name", "Sizes", "classes", "document", "fingerprint", "listing", "read", "read_document", "renamed", "write",
]  # fmt: skip
