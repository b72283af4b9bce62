#!/bin/sh
# The action modules of Image Builder components. A step of a component is this text and, below it, one call for each of its inputs.
# Values come in variables and as arguments, never as text of the script.
# Ends with 0; what cannot be done ends it with 1 and a line that says why.
set -eu

fail() {
  echo "component: $1" >&2
  exit 1
}

# take NAME KEY...: sets the variable NAME to what earlier steps printed in their last run.
take() {
  take_name=$1
  shift
  take_all=''
  for take_key in "$@"; do
    take_from=''
    for take_folder in "${ROOT-}/var/lib/bakeworker/$BAKE_ID/$take_key" "${ROOT-}/var/lib/bakeworker/$BAKE_ID/$take_key"/*; do
      if [ -f "$take_folder/done" ]; then take_from=$take_folder; fi
    done
    [ -n "$take_from" ] || fail "the step $take_key has left no output here"
    take_all="$take_all${take_all:+
}$(cat "$take_from/out")"
  done
  eval "$take_name=\$take_all"
}

# fill NAME WHAT TEXT: puts TEXT in the place of WHAT wherever the variable NAME holds it.
fill() {
  eval "fill_rest=\${$1-}"
  fill_done=''
  while :; do
    case $fill_rest in
      *"$2"*)
        fill_done=$fill_done${fill_rest%%"$2"*}$3
        fill_rest=${fill_rest#*"$2"}
        ;;
      *) break ;;
    esac
  done
  eval "$1=\$fill_done\$fill_rest"
}

# replaces PATH OVERWRITE: whether PATH may be written.
replaces() {
  if [ -e "$1" ] || [ -h "$1" ]; then
    [ "$2" = true ] || fail "$1 exists, and overwrite is false"
  fi
}

parent() {
  case $1 in
    */*) mkdir -p -- "${1%/*}/" ;;
    *) ;;
  esac
}

# own PATH OWNER GROUP PERMISSIONS
own() {
  if [ -n "$2" ] || [ -n "$3" ]; then chown -- "$2${3:+:$3}" "$1"; fi
  if [ -n "$4" ]; then chmod -- "$4" "$1"; fi
}

create_file() {
  if [ -d "$1" ]; then fail "$1 is a folder"; fi
  replaces "$1" "$6"
  parent "$1"
  printf '%s' "$2" >"$1"
  own "$1" "$3" "$4" "$5"
}

append_file() {
  if [ -d "$1" ]; then fail "$1 is a folder"; fi
  parent "$1"
  printf '%s' "$2" >>"$1"
}

create_folder() {
  replaces "$1" "$5"
  mkdir -p -- "$1"
  own "$1" "$2" "$3" "$4"
}

create_symlink() {
  [ -e "$2" ] || fail "$2, to which $1 should lead, does not exist"
  if [ -h "$1" ]; then
    [ "$3" = true ] || fail "$1 exists, and force is false"
  elif [ -e "$1" ]; then
    fail "$1 exists and is no symbolic link"
  fi
  parent "$1"
  ln -sfn -- "$2" "$1"
}

# put VERB KIND SOURCE DESTINATION OVERWRITE: copies or moves what SOURCE stands for; KIND is f or d.
put() {
  put_verb=$1 put_kind=$2 put_to=$4 put_overwrite=$5 put_source=${3%/}
  case $put_source$put_to in
    *'*'*/) ;;
    *'*'*) fail "$put_source may stand for several, so $put_to must end in /" ;;
    *) ;;
  esac
  put_ifs=$IFS
  IFS=''
  # shellcheck disable=SC2086
  set -- $put_source
  IFS=$put_ifs
  for put_from in "$@"; do
    test "-$put_kind" "$put_from" || fail "there is no $put_from of the kind that this step is for"
    put_target=$put_to
    case $put_to in
      */) put_target=$put_to${put_from##*/} ;;
      *) ;;
    esac
    replaces "$put_target" "$put_overwrite"
    parent "$put_target"
    if [ "$put_kind" = d ] && [ -e "$put_target" ]; then rm -rf -- "${put_target:?}"; fi
    if [ "$put_verb" = move ]; then mv -f -- "$put_from" "$put_target"; else cp -R -- "$put_from" "$put_target"; fi
  done
}

copy_file() { put copy f "$@"; }
copy_folder() { put copy d "$@"; }
move_file() { put move f "$@"; }
move_folder() { put move d "$@"; }

delete_file() {
  delete_ifs=$IFS
  IFS=''
  # shellcheck disable=SC2086
  set -- $1
  IFS=$delete_ifs
  for delete_one in "$@"; do
    if [ -d "$delete_one" ]; then
      case $# in 1) fail "$delete_one is a folder" ;; *) continue ;; esac
    fi
    rm -f -- "$delete_one"
  done
}

delete_folder() {
  if [ "$2" = true ]; then
    rm -rf -- "${1:?}"
  elif [ -e "$1" ]; then
    rmdir -- "$1"
  fi
}

# list_files FOLDER PATTERN RECURSIVE: one line, with commas between the files.
list_files() {
  [ -d "$1" ] || fail "there is no folder $1"
  if [ "$3" = true ]; then set -- "$1" "$2" 99; else set -- "$1" "$2" 1; fi
  find "${1%/}/" -maxdepth "$3" -type f -name "${2:-*}" | sort | tr '\n' ',' | sed 's/,$//'
  echo
}

read_file() { cat -- "$1"; }

set_file_owner() {
  [ -f "$1" ] || fail "there is no file $1"
  chown -- "$2:$3" "$1"
}

set_folder_owner() {
  [ -d "$1" ] || fail "there is no folder $1"
  if [ "$4" = true ]; then chown -R -- "$2:$3" "$1"; else chown -- "$2:$3" "$1"; fi
}

set_file_permissions() {
  [ -f "$1" ] || fail "there is no file $1"
  chmod -- "$2" "$1"
}

set_folder_permissions() {
  [ -d "$1" ] || fail "there is no folder $1"
  if [ "$3" = true ]; then chmod -R -- "$2" "$1"; else chmod -- "$2" "$1"; fi
}

# is_what FILE CHECKSUM ALGORITHM
is_what() {
  case $3 in SHA512) is_sum=$(sha512sum <"$1") ;; *) is_sum=$(sha256sum <"$1") ;; esac
  [ "${is_sum%% *}" = "$(printf '%s' "$2" | tr 'A-F' 'a-f')" ]
}

web_download() {
  case $1 in https://* | http://*) ;; *) fail "$1 is no address of the web" ;; esac
  web_to=$2
  web_name=${1%%[?#]*}
  case $web_to in
    */) web_to=$web_to${web_name##*/} ;;
    *) ;;
  esac
  if [ -f "$web_to" ] && is_what "$web_to" "$3" "$4"; then return 0; fi
  replaces "$web_to" "$5"
  parent "$web_to"
  web_part=$web_to.part
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --retry 4 --connect-timeout 20 -o "$web_part" -- "$1" || fail "$1 cannot be downloaded"
  elif command -v wget >/dev/null 2>&1; then
    wget -q --tries=5 --timeout=20 -O "$web_part" -- "$1" || fail "$1 cannot be downloaded"
  else
    fail "there is neither curl nor wget here; install one of them in a step before"
  fi
  if ! is_what "$web_part" "$3" "$4"; then
    rm -f -- "$web_part"
    fail "what came from $1 does not have the checksum $3"
  fi
  mv -f -- "$web_part" "$web_to"
}

# update_os INCLUDE EXCLUDE: names of packages, one a line; none to include means all.
update_os() {
  update_include=$1 update_exclude=$2
  set --
  # shellcheck disable=SC2086
  if command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 update
    # What is held already was so before this step, and stays it.
    update_held=" $(apt-mark showhold | tr '\n' ' ')"
    for update_one in $update_exclude; do
      case $update_held in *" $update_one "*) ;; *) set -- "$@" "$update_one" ;; esac
    done
    if [ "$#" -gt 0 ]; then apt-mark hold "$@"; fi
    update_code=0
    if [ -n "$update_include" ]; then
      apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install --only-upgrade $update_include || update_code=$?
    else
      apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold upgrade --with-new-pkgs || update_code=$?
    fi
    if [ "$#" -gt 0 ]; then apt-mark unhold "$@"; fi
    [ "$update_code" -eq 0 ] || fail "apt-get ended with $update_code"
  elif command -v dnf >/dev/null 2>&1 || command -v yum >/dev/null 2>&1; then
    update_tool=yum
    if command -v dnf >/dev/null 2>&1; then update_tool=dnf; fi
    for update_one in $update_exclude; do set -- "$@" "--exclude=$update_one"; done
    "$update_tool" -y upgrade "$@" $update_include
  else
    fail "neither apt nor dnf is here"
  fi
}
