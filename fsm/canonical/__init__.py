"""The canonical form: a declaration as versioned JSON, and the same declaration read back.

    text = write(MACHINE)
    again = read(text)

`writing.write` and `writing.document` give the form, `reading.read` reads it and distrusts it,
`fingerprint.fingerprint` is the hash of what of it decides behaviour, `renaming.renamed` calls
things otherwise. The form is described by `schema.json`, its meaning by docs/semantics.md.
"""
