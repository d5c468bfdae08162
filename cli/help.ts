/**
 * What the help of each command says after its options: examples, and what the answer means.
 */

const EXIT_CODES = `
Exit codes:
  0    answered
  1    answered, and no release is safe or needs-prerequisites
  2    the words or the input are wrong
  3    the repository cannot be read
  70   a fault of rangefinder itself
  125  cannot tell: every release is unknown`;

export const ROOT_HELP = `
Examples:
  rangefinder
      on a terminal: the app, with everything below a few keys away
  rangefinder range --example
      the answer for the patch that ships with the index; needs no clone
  rangefinder range fix.patch
      where is it safe? by the clone you are in, else by the index
  rangefinder range 0123abcd --repo ~/linux-stable --series 4.14.y
      a commit, on every point of one series
  rangefinder styles drivers/iommu/arm-smmu.c
      how this driver registers itself, release by release
  rangefinder log drivers/iommu --transitions --repo ~/linux-stable
      the commits that changed how drivers register
  rangefinder siblings fix.patch --release v4.14.5
      other drivers that do what the patch stops one from doing
  rangefinder built CONFIG_ARM_SMMU
      in which releases a driver can be built, and together with whom
  rangefinder repair mail.txt --repo ~/linux-stable | git am
      restore a patch that a mail archive damaged
  rangefinder contains 0123456789ab --repo ~/linux-stable
      which releases have this commit or a copy of it
  rangefinder tags fix.patch --repo ~/linux-stable
      the Fixes: and Cc: stable lines that follow
  rangefinder lint HEAD --repo ~/linux-stable
      whether the tags that a commit has are right
  rangefinder demands --release v6.12 --all
      what a change of the framework would break in a release
  rangefinder doctor --repo ~/linux-stable
      what of a clone helps or hurts, and the command that mends it

rangefinder COMMAND --help teaches each of them. Every command takes --json, for
scripts; schemas of what it prints are in the package under schema/. --quiet,
before or behind the command, leaves results on standard output and nothing but
errors on standard error.
${EXIT_CODES}`;

export const RANGE_HELP = `
Examples:
  rangefinder range --example
  rangefinder range fix.patch --repo ~/linux-stable
  rangefinder range HEAD --onto my-branch
  b4 am -o - MESSAGE-ID | rangefinder range -
  rangefinder range fix.patch --release v4.14.5 --release v4.19.79
  rangefinder range fix.patch --arch arm64 --why v4.14.5
  rangefinder range fix.patch --only placement
  rangefinder range fix.patch --json | jq -r '.ranges[] | .config + " " + .from'

Columns: lands says how the patch applies (already, exact, offset, merge, fuzz,
conflict, missing); bug whether the bug can strike there (absent, latent,
masked, exposed, fixed); patch is the verdict (safe, needs-prerequisites,
needs-rework, unsafe, superseded, not-needed, unknown). Marks in brackets refer
to the notes below the table.

With --only placement, exit code 1 means that it lands nowhere.
${EXIT_CODES}`;

export const STYLES_HELP = `
Examples:
  rangefinder styles drivers/iommu --release v4.11.0 --release v4.12.4
  rangefinder styles drivers/iommu/arm-smmu.c --repo ~/linux-stable
  rangefinder styles --json

A style is installer@level: initcall@subsys takes the bus in an initcall,
+dt after it looked for its hardware; probe@device+awaited installs in probe
and masters wait for it; probe@postcore has its probe forced early.`;

export const REPAIR_HELP = `
Examples:
  rangefinder repair mail.txt --repo ~/linux-stable -o fixed.patch
  rangefinder repair mail.txt --repo ~/linux-stable | git am

What was proved is said on standard error.`;

export const INDEX_HELP = `
Examples:
  rangefinder index info
  rangefinder index verify --repo ~/linux-stable
  rangefinder index build --repo ~/linux-stable -o releases.rfx`;

export const INDEX_SUBCOMMAND_HELP = {
	build: `
Examples:
  rangefinder index build --repo ~/linux-stable -o releases.rfx
  rangefinder index build --repo a --repo b -o releases.rfx --example mail.txt

An index holds blob ids, fingerprints of lines and facts, no source text.`,
	info: `
Examples:
  rangefinder index info
  rangefinder index info --index releases.rfx --json`,
	verify: `
Examples:
  rangefinder index verify
  rangefinder index verify --index releases.rfx --repo ~/linux-stable

Exit code 1 means that there are differences; they are printed.`,
} as const;
