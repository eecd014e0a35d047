"""Whether certificates leave nothing out.

completeness  whether a certificate speaks of all that its declaration claims
together      whether the certificates of a folder leave out nothing between them
"""

__all__: list[str] = []
