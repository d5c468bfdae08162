/** What the help of `contains` says after its options. */
export const CONTAINS_HELP = `
Examples:
  rangefinder contains 0123456789ab
  rangefinder contains HEAD --repo ~/linux-stable
  rangefinder contains 0123456789ab --json | jq -r '.series[].first'

A copy is known by a line of its message (commit ID upstream, cherry picked from
commit ID), by its patch id, or by subject, author and a similar diff; each is
certain, likely or possible. A copy that was reverted does not count. Follow-ups
are commits that say Fixes: of it, and reverts; each with the releases that have
its code and lack it. Where the history of a shallow clone ends before a release
can be told, that is said, with the command that gets the rest.

Exit codes:
  0    contained in some release
  1    in none
  2    the words are wrong, or several commits are meant
  3    the repository cannot be read
  125  in none that can be told, and some cannot`;
