/** What the help of `prereqs` says after its options. */
export const PREREQS_HELP = `
Examples:
  rangefinder prereqs 0123456789ab --onto v4.14.336 --repo ~/linux-stable
  rangefinder prereqs fix.patch --onto linux-5.4.y --onto linux-4.19.y
  rangefinder prereqs HEAD --onto v5.10 --explain 89abcdef0123
  rangefinder prereqs HEAD --onto v5.10 --json | jq '.targets[].prerequisites'

A prerequisite is textual (only lines around it need it: a small rework is the
alternative), symbol (a name that the patch uses comes with it) or registration
(a rule asks for how the driver registers itself). Every list is minimal:
without any of its commits something fails, and that is what is said. proved
means that git cherry-pick of the list and the patch gave the very tree.

Exit codes:
  0    for every target: contained, or it lands, with prerequisites or without
  1    for some target it takes a rework or an adaptation, or is unsafe
  2    the words or the input are wrong
  3    the repository cannot be read
  125  for no target it can be told`;

/** What the help of `export` says after its options. */
export const EXPORT_HELP = `
Examples:
  rangefinder export 0123456789ab --onto linux-5.4.y -o series --repo ~/linux-stable
  git -C ~/linux-5.4 am series/0001-* series/0002-*

Each mail says "commit ID upstream."; prerequisites say Stable-dep-of:, and a
commit whose lines had to be merged has a note in brackets. 0000-* is the cover
letter. Nothing is written unless git itself has picked all of it.

Exit codes:
  0    written
  1    the patch does not land there, or is not proved to
  2    the words or the input are wrong
  3    the repository cannot be read`;
