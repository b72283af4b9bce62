#!/bin/sh
# Takes packages from this machine's own archives into the working directory and unpacks them there, without installing anything.
set -eu
for package; do
  # Lists that are missing or old are no reason to touch the host's: they are read again, beside it.
  apt-get -q download "$package" >fetch.log 2>&1 || {
    mkdir -p lists/partial cache/archives/partial
    set -- -o "Dir::State::Lists=$PWD/lists" -o "Dir::Cache=$PWD/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1
    apt-get -q "$@" update >fetch.log 2>&1 && apt-get -q "$@" download "$package" >>fetch.log 2>&1
  } || {
    tail -n 3 fetch.log >&2
    echo "$package cannot be downloaded with apt-get" >&2
    exit 1
  }
  dpkg -x "$package"_*.deb .
  rm -f "$package"_*.deb
done
rm -rf lists cache fetch.log
