# First part of the user data of every Windows builder and tester: a scheduled task of the system's own shuts the machine down some time
# after its bake's deadline, also when no worker is left to end it. A task outlives reboots; the seal removes it. Never in the way: whatever
# goes wrong here, the rest of the user data runs. The worker fills in the time, as seconds since 1970.
try {
  $orphanEnd = [DateTimeOffset]::FromUnixTimeSeconds([long] '@ORPHAN_END@').LocalDateTime
  Register-ScheduledTask -TaskName BakeWorkerOrphan -User SYSTEM -RunLevel Highest -Force `
    -Trigger (New-ScheduledTaskTrigger -Once -At $orphanEnd) `
    -Settings (New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries) `
    -Action (New-ScheduledTaskAction -Execute "$env:SystemRoot\System32\shutdown.exe" -Argument '/s /f /t 60') -ErrorAction Stop | Out-Null
} catch {
  Write-Output "bakeworker: the orphan timer could not be armed: $_"
}
