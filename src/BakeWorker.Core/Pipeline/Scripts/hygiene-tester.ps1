# Run by the worker on a Windows instance that booted from the captured image: secrets again, and whether the instance is nobody but itself.
#
# Environment, findings: see sweep.ps1; and INSTANCE_ID (optional), whose agent state may be here.
# Exit codes: 0 clean, 20 findings, 1 the search itself failed.
. "$PSScriptRoot/sweep.ps1"

$booted = Get-BootTime
$setup = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'
if ($setup.ImageState -ne 'IMAGE_STATE_COMPLETE') { Add-Finding 'image-state' 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State' $setup.ImageState }

# Without a fresh mark EC2Launch has skipped its once-only tasks: no random password, no grown volume, no activation.
$mark = "$env:ProgramData\Amazon\EC2Launch\state\.run-once"
if (-not (Test-Path -LiteralPath $mark)) { Add-Finding 'ec2launch' $mark 'EC2Launch has not run its once-only tasks' }
elseif ((Get-Item -LiteralPath $mark -Force).LastWriteTimeUtc -lt $booted.AddDays(-1)) { Add-Finding 'ec2launch' $mark 'came with the image' }

# Sysprep restarts in between, so what is of today is the instance's own.
$own = $booted.AddHours(-12)
foreach ($file in Get-Item "$env:ProgramData\ssh\ssh_host_*_key", "$env:ProgramData\ssh\administrators_authorized_keys" -Force -ErrorAction SilentlyContinue) {
  if ($file.LastWriteTimeUtc -lt $own) { Add-Finding 'ssh-host-key' $file.FullName 'came with the image' }
}
$states = @(Get-ChildItem "$env:ProgramData\Amazon\SSM\InstanceData" -Directory -Force -ErrorAction SilentlyContinue | Where-Object { $_.Name -like 'i-*' -and $_.Name -ne $env:INSTANCE_ID })
if ($states.Count -gt 1 -or ($states.Count -eq 1 -and $env:INSTANCE_ID)) { $states | ForEach-Object { Add-Finding 'ssm-state' $_.FullName 'state of another instance' } }
$old = Get-ChildItem "$env:ProgramData\bakeworker" -Recurse -File -Force -ErrorAction SilentlyContinue | Where-Object { $_.LastWriteTimeUtc -lt $own } | Select-Object -First 1
if ($old) { Add-Finding 'bakeworker-state' "$env:ProgramData\bakeworker" "traces of the builder's steps" }
if ((Get-Service AmazonSSMAgent).StartType -eq 'Disabled') { Add-Finding 'failed-unit' 'AmazonSSMAgent' 'does not start at boot' }

Find-Secrets
Complete-Sweep
