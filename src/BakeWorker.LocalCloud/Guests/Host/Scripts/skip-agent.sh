#!/bin/sh
# Stands before the tools that user data installs the SSM agent with: the agent comes from outside, so that part is left out.
for word; do
  case $word in
    *amazon-ssm* | *amazon_ssm*)
      case ${0##*/} in
        dpkg-query)
          echo "install ok installed"
          exit 0
          ;;
      esac
      echo "[host] the agent is here already: not run: ${0##*/} $*"
      exit 0
      ;;
  esac
done
PATH=${PATH#"${0%/*}:"}
exec "${0##*/}" "$@"
