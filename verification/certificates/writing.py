"""Writing certificates: one folder for each machine or system, and an index of them.

    fsm verify --certificates DIR

The same declaration and the same verdicts give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fsm.canonical.fingerprint import fingerprint
from fsm.files import whole_folder
from fsm.storage.codec import written
from fsm.verification.certificates.confirming import canonical, sections_of
from fsm.verification.certificates.files import TheorySection
from fsm.verification.certificates.readme import readme
from fsm.verification.certificates.schema import (
    CERTIFICATE,
    FORMAT,
    CertificateDocument,
    EntryDocument,
    IndexDocument,
    section_out,
)
from fsm.verification.verdict import Report

__all__ = [
    "CERTIFICATE",
    "DECLARATION",
    "INDEX",
    "README",
    "document_of",
    "files_of",
    "write_certificates",
    "written_by",
]

INDEX = "index.json"
README = "README.txt"
DECLARATION = "declaration.json"


def written_by() -> str:
    """This program, with its version."""
    return f"verified-fsm {version('verified-fsm')}"


def write_certificates(folder: Path, target: str | None, reports: Iterable[Report]) -> None:
    """Write the certificates of these reports, and the index: all of them, or nothing.

    Raises:
        FileExistsError: the folder holds something already.
        OSError: it cannot be written.
    """
    with whole_folder(folder) as inside:
        entries: list[EntryDocument] = []
        for place, report in enumerate(reports):
            sections = sections_of(report)
            profile = None if report.profile is None else report.profile.name
            entry = EntryDocument(
                f"{report.kind}-{place}", report.kind, report.name, fingerprint(report.system), profile
            )
            entries.append(entry)
            for path, text in files_of(sections):
                _write(inside / entry.folder / path, text)
        _write(inside / INDEX, _text(IndexDocument(FORMAT, written_by(), target, tuple(entries)), IndexDocument))


def files_of(sections: tuple[TheorySection, ...]) -> Iterator[tuple[str, str]]:
    """Every file of one certificate, its path and its text."""
    yield CERTIFICATE, _text(document_of(sections), CertificateDocument)
    yield README, readme(sections)
    yield DECLARATION, canonical(sections[0].subject)


def document_of(sections: tuple[TheorySection, ...]) -> CertificateDocument:
    """The evidence of all sections."""
    subject = sections[0].subject
    profile = None if subject.profile is None else subject.profile.name
    return CertificateDocument(
        FORMAT,
        subject.kind,
        subject.name,
        subject.fingerprint,
        profile,
        subject.runs.values(subject.fixed),
        *map(section_out, sections),
    )


def _text(document: Any, kind: Any) -> str:
    return json.dumps(written(document, kind), indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
