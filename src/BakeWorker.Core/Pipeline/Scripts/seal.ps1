# Run by the worker as the Windows builder's last command: arms the seal as a scheduled task and exits 0, so that the agent can still report
# this command. The task stops the agent, wipes its state, and hands the machine to EC2Launch's Sysprep, which shuts it down. It is one of the
# built-in Administrator's: run as SYSTEM, Sysprep leaves Windows Server 2025 without the packages that its desktop needs. The worker
# trusts only the machine's own shutdown: when something fails, the agent comes back, and C:\ProgramData\bakeworker-seal-failed.txt says why.
#
# Environment: SEAL_DELAY, seconds between this command's end and the seal (default 5).
# Exit codes: 0 armed, 1 the machine cannot be sealed as it is, 2 a value that cannot be used.
$ErrorActionPreference = 'Stop'
$delay = 5
if ($env:SEAL_DELAY) {
  if ($env:SEAL_DELAY -notmatch '^\d{1,4}(\.\d{1,3})?$') { [Console]::Error.WriteLine("seal: SEAL_DELAY must be a number of seconds, not '$env:SEAL_DELAY'"); exit 2 }
  $delay = [int] [math]::Ceiling([double] $env:SEAL_DELAY)
}

function Stop-Seal([string] $why) { [Console]::Error.WriteLine("seal: $why"); exit 1 }

# Sysprep on a machine in the middle of something makes an image that never boots.
$launcher = "$env:ProgramFiles\Amazon\EC2Launch\EC2Launch.exe"
if (-not (Test-Path -LiteralPath $launcher)) { Stop-Seal "EC2Launch v2 is not installed; Windows images are sealed through it" }
$state = (Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State').ImageState
if ($state -ne 'IMAGE_STATE_COMPLETE') { Stop-Seal "Windows Setup is in state $state" }
foreach ($key in 'Component Based Servicing\RebootPending', 'WindowsUpdate\Auto Update\RebootRequired') {
  if (Test-Path "HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\$key") { Stop-Seal "a restart is pending ($key); give the last step reboot: if-needed" }
}

$script = "$env:SystemRoot\Temp\bakeworker-seal.ps1"
@'
param([int] $Delay)
$ErrorActionPreference = 'Stop'
$failed = "$env:ProgramData\bakeworker-seal-failed.txt"
try {
  # PowerShell has read this file whole, and the task has done its part: neither may be in the image.
  Remove-Item -LiteralPath $PSCommandPath -Force
  Unregister-ScheduledTask -TaskName BakeWorkerSeal -Confirm:$false
  Unregister-ScheduledTask -TaskName BakeWorkerOrphan -Confirm:$false -ErrorAction SilentlyContinue
  Remove-Item -LiteralPath $failed -Force -ErrorAction SilentlyContinue
  Start-Sleep -Seconds $Delay
  Stop-Service AmazonSSMAgent -Force
  foreach ($place in "$env:ProgramData\Amazon\SSM\InstanceData", "$env:ProgramData\Amazon\SSM\Vault", "$env:ProgramData\Amazon\SSM\Logs", "$env:ProgramData\Amazon\SSM\Download",
    "$env:ProgramData\Amazon\SSM\runtimeconfig", "$env:ProgramData\bakeworker") {
    # What the agent started may hold its files for a moment longer than the agent runs.
    for ($try = 1; Test-Path -LiteralPath $place; $try++) {
      try { Remove-Item -LiteralPath $place -Recurse -Force } catch { if ($try -eq 10) { throw }; Start-Sleep -Seconds 2 }
    }
  }
  $profiles = "$env:SystemDrive\Users\*", "$env:SystemRoot\System32\config\systemprofile"
  foreach ($profile in $profiles) {
    Remove-Item "$profile\AppData\Roaming\Microsoft\Windows\PowerShell\PSReadLine\*_history.txt", "$profile\AppData\Local\Temp\*" -Recurse -Force -ErrorAction SilentlyContinue
  }
  Remove-Item "$env:ProgramData\ssh\ssh_host_*", "$env:ProgramData\ssh\administrators_authorized_keys" -Force -ErrorAction SilentlyContinue
  Remove-Item "$env:SystemRoot\Temp\*", "$env:SystemRoot\Panther\unattend*.xml", "$env:SystemRoot\SoftwareDistribution\Download\*" -Recurse -Force -ErrorAction SilentlyContinue
  # Some logs refuse, and say so where a script that stops at errors would stop.
  $ErrorActionPreference = 'Continue'
  foreach ($log in & wevtutil.exe el) { & wevtutil.exe cl $log 2>$null }
  $ErrorActionPreference = 'Stop'
  # EC2Launch runs its once-only tasks again on every instance of the image, such as a new password for the Administrator.
  & "$env:ProgramFiles\Amazon\EC2Launch\EC2Launch.exe" sysprep --shutdown=true --clean=true
  if ($LASTEXITCODE -ne 0) { throw "EC2Launch sysprep ended with exit code $LASTEXITCODE; see C:\Windows\System32\Sysprep\Panther\setuperr.log" }
} catch {
  Set-Content -LiteralPath $failed -Value "$_"
  Start-Service AmazonSSMAgent
}
'@ | Set-Content -LiteralPath $script -Encoding UTF8

# A task outlives the agent and this command; a child process would end with them. The password goes with the task: nobody ever knows it.
$account = Get-LocalUser | Where-Object { "$($_.SID)" -like '*-500' }
if (-not $account.Enabled) { Stop-Seal "the built-in Administrator is disabled, whom Sysprep needs; disable the account on instances, not in the image" }
$bytes = [byte[]]::new(36)
$random = [Security.Cryptography.RandomNumberGenerator]::Create()
$random.GetBytes($bytes)
$random.Dispose()
$password = "aA1!$([Convert]::ToBase64String($bytes))"
try {
  $account | Set-LocalUser -Password (ConvertTo-SecureString $password -AsPlainText -Force)
  $action = New-ScheduledTaskAction -Execute "$env:SystemRoot\System32\WindowsPowerShell\v1.0\powershell.exe" -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File $script -Delay $delay"
  [void] (Register-ScheduledTask -TaskName BakeWorkerSeal -Action $action -User "$env:COMPUTERNAME\$($account.Name)" -Password $password -RunLevel Highest -Force)
  Start-ScheduledTask -TaskName BakeWorkerSeal
} catch {
  Stop-Seal "the task that seals cannot be started: $_"
}
[Console]::Out.WriteLine("{`"step`":`"seal`",`"armed`":true,`"seconds`":$delay}")
exit 0
