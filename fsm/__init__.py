"""A state machine declared once, and everything else read from that declaration."""
