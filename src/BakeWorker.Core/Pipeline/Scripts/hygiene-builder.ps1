# Run by the worker on a Windows builder, after the recipe's cleanup: what is left now would be in the image. What identifies the machine
# itself is left to the seal and to Sysprep.
#
# Environment, findings: see sweep.ps1. Exit codes: 0 clean, 20 findings, 1 the search itself failed.
. "$PSScriptRoot/sweep.ps1"

Find-Secrets
Complete-Sweep
