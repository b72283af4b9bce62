# Run by the worker on a Windows instance that booted from the captured image: secrets again, and whether the instance is nobody but itself.
#
# Environment, findings: see sweep.ps1; and, all optional:
#   INSTANCE_ID   whose agent state may be here
#   LAUNCHED      when the instance was launched, in seconds since 1970; default: its last start, which Sysprep's own restart makes later
# Exit codes: 0 clean, 20 findings, 1 the search itself failed.
. "$PSScriptRoot/sweep.ps1"

# What is older came with the image; clocks differ by less than it takes to shut a machine down, capture it and launch the next.
$epoch = [DateTime] '1970-01-01'
$launched = if ($env:LAUNCHED) { $epoch.AddSeconds([long] $env:LAUNCHED).AddMinutes(-3) } else { Get-BootTime }
# What changed since the bake began was changed by it. Where the release file does not say when that was, it takes less than a day.
if (-not $env:SINCE) {
  $env:SINCE = [string] [long] ($launched.AddDays(-1) - $epoch).TotalSeconds
  $release = [IO.Path]::Combine($env:ProgramData, 'bakeworker-release.txt')
  if ([IO.File]::Exists($release) -and [IO.File]::ReadAllText($release) -match '(?m)^BAKE_BEGAN="(\d{1,11})"\r?$') { $env:SINCE = $Matches[1] }
}

$setup = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'
if ($setup.ImageState -ne 'IMAGE_STATE_COMPLETE') { Add-Finding 'image-state' 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State' $setup.ImageState }

# Without a fresh mark EC2Launch has skipped its once-only tasks: no random password, no grown volume, no activation.
$mark = "$env:ProgramData\Amazon\EC2Launch\state\.run-once"
if (-not (Test-Path -LiteralPath $mark)) { Add-Finding 'ec2launch' $mark 'EC2Launch has not run its once-only tasks' }
elseif ((Get-Item -LiteralPath $mark -Force).LastWriteTimeUtc -lt $launched) { Add-Finding 'ec2launch' $mark 'came with the image' }

foreach ($file in Get-Item "$env:ProgramData\ssh\ssh_host_*_key", "$env:ProgramData\ssh\administrators_authorized_keys" -Force -ErrorAction SilentlyContinue) {
  if ($file.LastWriteTimeUtc -lt $launched) { Add-Finding 'ssh-host-key' $file.FullName 'came with the image' }
}
$states = @(Get-ChildItem "$env:ProgramData\Amazon\SSM\InstanceData" -Directory -Force -ErrorAction SilentlyContinue | Where-Object { $_.Name -like 'i-*' -and $_.Name -ne $env:INSTANCE_ID })
if ($states.Count -gt 1 -or ($states.Count -eq 1 -and $env:INSTANCE_ID)) { $states | ForEach-Object { Add-Finding 'ssm-state' $_.FullName 'state of another instance' } }
$old = Get-ChildItem "$env:ProgramData\bakeworker" -Recurse -File -Force -ErrorAction SilentlyContinue | Where-Object { $_.LastWriteTimeUtc -lt $launched }
if ($old) { Add-Finding 'bakeworker-state' "$env:ProgramData\bakeworker" "traces of the builder's steps" }
if ((Get-Service AmazonSSMAgent).StartType -eq 'Disabled') { Add-Finding 'failed-unit' 'AmazonSSMAgent' 'does not start at boot' }

Find-Secrets
Complete-Sweep
