/** What the help of `demands` says after its options. */
export const DEMANDS_HELP = `
Examples:
  rangefinder demands --repo ~/linux-stable --release v6.12
  rangefinder demands --release v6.12 --assume match-under-device-lock
  rangefinder demands --release v6.12 --with core-change.patch --json
  rangefinder demands --release v6.12 --all

Capabilities that demand something:
  match-under-device-lock
      the driver core holds the lock of a device while drivers are matched with
      it; then no driver may register a driver of its own bus from its probe

A violation is shown with its whole way: from the probe, function by function,
to the call that registers, with the line in each. A way that goes through a
pointer is followed where the struct tells what is called. Where it does not,
it is listed as one that cannot be told, with what is missing. A driver of one
bus that registers a driver of another bus is no violation.

Exit codes:
  0    nothing demands anything, or all demands are met
  1    there are violations
  2    the words are wrong, or the patch does not land on the release
  3    the repository cannot be read
  125  no violation was found, and something cannot be told`;
