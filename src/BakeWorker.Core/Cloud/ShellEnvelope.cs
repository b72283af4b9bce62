using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Cloud;

/// <summary>The Linux half of <see cref="StepEnvelope"/>. POSIX sh with base64, gzip, flock, head, tail and sort: a minimal Debian has them.</summary>
internal static class ShellEnvelope
{
    public static IReadOnlyList<string> Lines(
        string folder,
        RebootPolicy reboot,
        IReadOnlyList<string> script,
        IReadOnlyList<string> environment
    ) =>
        [
            .. Start.Replace("@FOLDER@", folder).Replace("@REBOOT@", Policy(reboot)).Split('\n'),
            "base64 -d <<'BW_SCRIPT' | gzip -dc >\"$bw_dir/script\" || bw_fail 'the script did not arrive whole'",
            .. script,
            "BW_SCRIPT",
            "bw_environment() {",
            .. environment.Count == 0 ? ["  :"] : new[] { "base64 -d <<'BW_ENV' | gzip -dc" },
            .. environment,
            .. environment.Count == 0 ? [] : new[] { "BW_ENV" },
            "}",
            .. Run.Split('\n'),
        ];

    public static IReadOnlyList<string> TailLines(string folder) => Tail.Replace("@FOLDER@", folder).Split('\n');

    private static string Policy(RebootPolicy reboot) =>
        reboot switch
        {
            RebootPolicy.Always => "always",
            RebootPolicy.IfNeeded => "if-needed",
            RebootPolicy.WhenAsked => "when-asked",
            _ => "never",
        };

    // A restart is seen by the kernel's boot id, or by another start time of process 1 where the kernel is somebody else's.
    // The output is printed once, by the run that ends the step: SSM joins what the runs before and after a restart print.
    private const string Start = """
        #!/bin/sh
        # BakeWorker: runs the script below once and remembers its answer in this directory.
        set -u
        bw_dir='@FOLDER@'
        bw_reboot='@REBOOT@'
        bw_fail() {
          echo "bakeworker: $1" >&2
          exit 101
        }
        bw_boot() {
          bw_stat=$(cat /proc/1/stat 2>/dev/null) || bw_stat=''
          # shellcheck disable=SC2086
          set -- ${bw_stat##*)}
          printf '%s %s\n' "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" "${20:-0}"
        }
        bw_show() {
          [ -f "$1" ] || return 0
          bw_size=$(wc -c <"$1")
          if [ "$bw_size" -le "$(($2 + $3))" ]; then
            cat "$1"
            return 0
          fi
          head -c "$2" "$1"
          printf '\n[bakeworker: %d bytes left out here; all of it is in %s on the instance]\n' "$((bw_size - $2 - $3))" "$1"
          tail -c "$3" "$1"
        }
        bw_end() {
          bw_show "$bw_dir/out" 6000 14000
          bw_show "$bw_dir/err" 2000 5500 >&2
          exit "$1"
        }
        bw_needs_reboot() {
          if [ -e /run/reboot-required ] || [ -e /var/run/reboot-required ]; then return 0; fi
          bw_code=0
          if command -v needs-restarting >/dev/null 2>&1; then
            needs-restarting -r >/dev/null 2>&1 || bw_code=$?
          elif dnf -q needs-restarting --help >/dev/null 2>&1; then
            dnf -q needs-restarting -r >/dev/null 2>&1 || bw_code=$?
          fi
          [ "$bw_code" -ne 1 ] || return 0
          bw_running=$(uname -r)
          bw_newest=$(
            for bw_kernel in /boot/vmlinuz-*; do
              if [ -e "$bw_kernel" ]; then printf '%s\n' "${bw_kernel#/boot/vmlinuz-}"; fi
            done | sort -V | tail -n 1
          )
          [ -n "$bw_newest" ] && [ "$bw_newest" != "$bw_running" ] &&
            [ "$(printf '%s\n%s\n' "$bw_running" "$bw_newest" | sort -V | tail -n 1)" = "$bw_newest" ]
        }
        bw_umask=$(umask)
        umask 077
        mkdir -p "$bw_dir" || bw_fail "cannot make $bw_dir"
        exec 9>"$bw_dir/lock"
        flock 9 || bw_fail "cannot lock $bw_dir/lock"
        if [ -f "$bw_dir/done" ]; then
          if [ -f "$bw_dir/reboot" ] && [ "$(cat "$bw_dir/reboot")" = "$(bw_boot)" ]; then exit 194; fi
          bw_end "$(cat "$bw_dir/done")"
        fi
        """;

    // env takes the values as arguments, so a variable named like one of ours, or PATH, cannot disturb this shell. The script gets
    // neither the lock (a daemon it leaves behind would hold it) nor the private umask (its files belong to the image).
    private const string Run = """
        chmod 700 "$bw_dir/script"
        (
          umask "$bw_umask"
          cd / || exit 101
          : "${HOME:=/root}" "${PATH:=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
          export HOME PATH
          set --
          while IFS=' ' read -r bw_name bw_value; do
            if [ -z "$bw_name" ]; then continue; fi
            bw_value=$(printf '%s' "$bw_value" | base64 -d && printf '.') || exit 101
            set -- "$@" "$bw_name=${bw_value%.}"
          done <<BW_VALUES
        $(bw_environment)
        BW_VALUES
          exec env "$@" "$bw_dir/script"
        ) </dev/null >>"$bw_dir/out" 2>>"$bw_dir/err" 9>&-
        bw_exit=$?
        mkdir -p "$bw_dir"
        if [ "$bw_exit" -eq 194 ] && [ "$bw_reboot" != never ]; then exit 194; fi
        if [ "$bw_exit" -eq 194 ]; then
          echo "bakeworker: the script asked for a reboot (exit code 194), but its step says reboot: never; say reboot: if-needed" >>"$bw_dir/err"
          bw_exit=100
        elif [ "$bw_exit" -eq 0 ]; then
          if [ "$bw_reboot" = always ] || { [ "$bw_reboot" = if-needed ] && bw_needs_reboot; }; then bw_boot >"$bw_dir/reboot"; fi
        fi
        printf '%s\n' "$bw_exit" >"$bw_dir/done.new" && mv "$bw_dir/done.new" "$bw_dir/done"
        if [ -f "$bw_dir/reboot" ]; then exit 194; fi
        bw_end "$bw_exit"
        """;

    private const string Tail = """
        #!/bin/sh
        # BakeWorker: the end of what the script has written so far.
        bw_dir='@FOLDER@'
        if [ -f "$bw_dir/out" ]; then tail -c 14000 "$bw_dir/out"; else echo "bakeworker: no output was kept in $bw_dir"; fi
        if [ -f "$bw_dir/err" ]; then tail -c 5500 "$bw_dir/err" >&2; fi
        exit 0
        """;
}
