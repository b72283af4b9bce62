#!/bin/sh
# Stands before the tools that user data installs the SSM agent with: a sandbox has its agent already, so that part is left out.
for word; do
  case $word in
    *amazon-ssm* | *amazon_ssm*)
      case ${0##*/} in
        dpkg-query)
          echo "install ok installed"
          exit 0
          ;;
      esac
      echo "[sandbox] the agent is here already: not run: ${0##*/} $*"
      exit 0
      ;;
  esac
done
PATH=${PATH#/run/sandbox/agent:}
exec "${0##*/}" "$@"
