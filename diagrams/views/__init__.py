"""What of a declaration is drawn: its lines, notes and words, without a look."""
