/** What the help of `tags` says after its options. */
export const TAGS_HELP = `
Examples:
  rangefinder tags --example
  rangefinder tags fix.patch --repo ~/linux-stable
  rangefinder tags fix.patch --as-of 2018-03-01
  rangefinder tags HEAD --repo ~/linux-stable --write | git am
  rangefinder tags fix.patch --noautosel "needs the new firmware"

The forms are those of stable-kernel-rules.rst and submitting-patches.rst.
A line "# 4.14.x" asks for 4.14 and every newer series, so it is proposed only
where no series that was looked at from there on would be harmed. --write puts
the lines before the trailers the patch has; what it says already is not said
again.

Exit codes:
  0    there are tags, or the patch was printed
  1    nothing should be proposed; standard error says why
  2    the words or the input are wrong
  3    the repository cannot be read
  125  cannot tell: every release is unknown`;
