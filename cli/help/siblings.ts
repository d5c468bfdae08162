/** What the help of `siblings` says after its options. */
export const SIBLINGS_HELP = `
Examples:
  rangefinder siblings --example
  rangefinder siblings fix.patch --release v4.13.9 --release v4.14.5
  rangefinder siblings fix.patch --repo ~/linux-stable --arch arm64 --json

What the patch removes is told from the facts of its driver before and after it,
on the releases where it lands. A driver is listed where some configuration of
the release builds it and it has the same; the place is that of the call.

Exit codes: 0 some driver has it, 1 none has, 125 what the patch removes is not
known.`;
