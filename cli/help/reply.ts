/** What the help of `reply` says after its options. */
export const REPLY_HELP = `
Examples:
  rangefinder reply --example
  rangefinder reply mail.txt --repo ~/linux-stable > reply.txt
  git send-email reply.txt
  b4 am -o - MESSAGE-ID | rangefinder reply -

It answers to the sender, with copies to whom the mail went, in its thread, and
quotes only what asks where the patch may go. From, Date and Message-ID are left
to whoever sends it. Addresses that an archive has hidden are left out.

Exit codes:
  0    answered
  2    the words or the input are wrong
  3    the repository cannot be read
  125  cannot tell: every release is unknown`;
