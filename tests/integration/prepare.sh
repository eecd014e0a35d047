#!/usr/bin/env bash
# What `make integration` needs beside Python: a browser, Graphviz as a program, and what pages draw with, from npm.
# Installs what can be installed, and exits with 2 and the names of what is missing.
#
#   tests/integration/prepare.sh DIR      npm packages go into DIR
set -euo pipefail

folder=$1
missing=()

# Debian's packages, where this is Debian and we may install.
install() { # program package...
  local program=$1
  shift
  command -v "$program" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null || true
  fi
  command -v "$program" >/dev/null || missing+=("$program (Debian: $*)")
}

install chromium chromium
install dot graphviz
install npm npm
install gcc gcc libc6-dev
[ -n "${JAVA_HOME:-}" ] || install java default-jre-headless # Spark runs on it

# SPIN reads what `fsm export --to promela` writes. Where we may not install, Debian's package is unpacked beside.
if ! command -v spin >/dev/null && [ ! -x "$folder/spin/usr/bin/spin" ]; then
  mkdir -p "$folder/spin"
  (cd "$folder/spin" && apt-get download -qq spin && dpkg -x spin_*.deb .) >/dev/null 2>&1 || missing+=("spin (Debian: spin)")
fi

# Mermaid draws in the browser above: no other one is downloaded.
packages=(mermaid@11 axe-core@4 @microsoft/jest-sarif@1.0.0-beta.0) # the last one for the schema of SARIF that it holds
if command -v npm >/dev/null && ! ls "$folder"/node_modules/{mermaid/dist/mermaid.min.js,axe-core/axe.min.js,@microsoft/jest-sarif/package.json} >/dev/null 2>&1; then
  mkdir -p "$folder"
  PUPPETEER_SKIP_DOWNLOAD=1 npm install --prefix "$folder" --silent --no-audit --no-fund --no-save "${packages[@]}" >/dev/null ||
    missing+=("${packages[*]} (npm)")
fi

if [ ${#missing[@]} -gt 0 ]; then
  printf 'make integration: %s is missing\n' "${missing[@]}" >&2
  exit 2
fi
