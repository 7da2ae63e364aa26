#!/usr/bin/env bash
# Install what the local stack needs and this machine lacks (Debian, Ubuntu). Called by the Makefile:
#   install.sh packages       Debian packages of broker and database
#   install.sh browser        the browser of the pages' tests, and a Chinese font
#   install.sh venv FOLDER    a virtual environment with a Python that suits
set -euo pipefail

trouble() { # what, way out
    printf '%s\n  → %s\n' "$1" "$2" >&2
    exit 1
}

install() { # Debian package names
    local command="apt-get update && apt-get install --no-install-recommends -y $*" as=()
    command -v apt-get >/dev/null || trouble "Missing: $*." "install them with your system's package manager"
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null ||
            trouble "Missing: $*, and there is neither root nor sudo." "ask an administrator to run: $command"
        as=(sudo)
    fi
    echo "· installing $*"
    local log
    log=$(mktemp)
    if ! { "${as[@]}" apt-get update -q && "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --no-install-recommends -y -q "$@"; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        trouble "apt-get could not install $*." "see above and $log, mend it, or run by hand: $command"
    fi
    rm -f "$log"
}

packages() {
    local missing=() libraries
    libraries=$(/sbin/ldconfig -p)
    [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || missing+=(rabbitmq-server)
    grep -q 'libcurl\.so\.4' <<<"$libraries" || missing+=(libcurl4)
    grep -q 'libssl\.so\.3' <<<"$libraries" || missing+=(libssl3)
    [[ ${#missing[@]} -eq 0 ]] || install "${missing[@]}"
}

browser() { # with a Chinese font: without one it shows boxes
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    grep -q . <<<"$(fc-list :lang=zh-cn 2>/dev/null)" || missing+=(fonts-noto-cjk)
    [[ ${#missing[@]} -eq 0 ]] || install "${missing[@]}"
}

suits() { # python command
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

venv() { # folder
    local python=""
    [[ -x $1/bin/python ]] && suits "$1/bin/python" && return
    for candidate in python3 python3.13 python3.12 python3.11; do
        if suits "$candidate"; then
            python=$candidate
            break
        fi
    done
    [[ -n $python ]] || trouble "No Python from 3.11 to 3.13 was found." "apt-get install python3.11 python3.11-venv"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    fi
    echo "· making $1 with $("$python" --version)"
    "$python" -m venv --clear "$1"
}

"$@"
