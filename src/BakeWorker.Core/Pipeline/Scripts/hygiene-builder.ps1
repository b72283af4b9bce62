# Run by the worker on a Windows builder, after the recipe's cleanup: what is left now would be in the image. What identifies the machine
# itself is left to the seal and to Sysprep.
#
# Environment, findings: see sweep.ps1. Exit codes: 0 clean, 20 findings, 1 the search itself failed.
. "$PSScriptRoot/sweep.ps1"

Find-Secrets
# The sweep of an instance looks back as far as this one.
$release = [IO.Path]::Combine($env:ProgramData, 'bakeworker-release.txt')
if ([IO.File]::Exists($release)) {
  $lines = @([IO.File]::ReadAllLines($release) | Where-Object { $_ -notlike 'BAKE_BEGAN=*' })
  $began = [long] [math]::Floor(((Get-Since) - [DateTime] '1970-01-01').TotalSeconds)
  [IO.File]::WriteAllLines($release, [string[]] ($lines + "BAKE_BEGAN=`"$began`""))
}
Complete-Sweep
