"""Declarations as text for pages: Markdown tables, Mermaid."""
