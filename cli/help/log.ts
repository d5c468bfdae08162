/** What the help of `log` says after its options. */
export const LOG_HELP = `
Examples:
  rangefinder log drivers/iommu --transitions --repo ~/linux-stable
  rangefinder log drivers/iommu/arm-smmu.c --rev v4.11..v4.13
  rangefinder log --json | jq -r 'select(.transition) | .commit'

A line is a commit, the first release that contains it, a driver and its style;
a line that starts with * is a transition. With --json each line is a JSON
value, printed as it is found. What was read is cached: a run that was
interrupted goes on where it stopped.`;
