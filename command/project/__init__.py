"""What a repository says of itself: which machines and systems are its own, and what is known of them.

configuration   `[tool.fsm]` of pyproject.toml, read strictly
places          where in a TOML text a key stands
discovery       what TARGET names where it is a file, a folder or a package
fixing          values of parameters that the configuration fixes
diff            `fsm diff`, which compares two declarations
kept            verdicts of earlier runs that hold today
comparing       one target before and after, and what of that breaks somebody
watching        `fsm verify --watch`: what a saved file changed
revisions       what the configuration of an older revision names
scope           what is proved and tested where nobody says more, and what of that became less
requirements    somebody's own requirements, and what cites each
expectations    claims that are known to be open, with reasons
"""

__all__: list[str] = []
