/** What the help of `lint` says after its options. */
export const LINT_HELP = `
Examples:
  rangefinder lint fix.patch
  rangefinder lint fix.patch --repo ~/linux-stable
  rangefinder lint HEAD --repo ~/linux-stable
  rangefinder lint v4.14.4..v4.14.5 --repo ~/linux-stable --json
  b4 am -o - MESSAGE-ID | rangefinder lint -

The rules are those of submitting-patches.rst, stable-kernel-rules.rst and
checkpatch.pl; each finding names its own. Without a clone ids are not looked
up. Where the patch asks for stable series it is judged on the releases as range
does it, by the clone if that has release tags, else by the index.

Exit codes:
  0    nothing found
  1    something found
  2    the words or the input are wrong
  3    the repository cannot be read`;
