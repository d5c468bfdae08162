/** What the help of `bisect` and `probe` says after their options. */

const LANGUAGE = `
Predicates, joined by and, or, not and parentheses:
  style(DRIVER) == 'initcall@subsys'   the style, as rangefinder styles prints
                                       it; absent where there is no DRIVER
  style(DRIVER, ARM64, '!IOMMU_DMA')   the same with these CONFIG values
  reached(CALL, DRIVER) == probe       by what CALL is reached: initcall, probe,
                                       declared, called, core, none
  capability(NAME) == declared         what the framework offers; alone: it does
  symbol(NAME) in include/linux/x.h    the file declares or defines NAME
  places(PATCHFILE) == exact           how the patch lands; alone: it does
  contains(COMMIT)                     COMMIT or a certain or likely copy of it
                                       is an ancestor, and was not reverted
!= is the opposite of ==; ~ 'probe@*' holds where one of several values fits.
DRIVER is a name that rangefinder styles prints, or the path of a source.`;

export const BISECT_HELP = `
Examples:
  rangefinder bisect --good v4.14 --bad v4.19 --where "style(ipmmu) != absent"
  rangefinder bisect --good v4.9 --bad v4.15 -j 4 \\
      --where "reached(bus_set_iommu, arm-smmu) == probe and capability(lookup-defers)"
  rangefinder bisect --good v4.1 --bad v4.19 --flips --where "places(fix.patch)"
  rangefinder bisect --good v6.1 --bad HEAD --run -- make -j8 drivers/iommu/
${LANGUAGE}

With --run, CMD runs in a folder of its own that has the files of the commit and
is removed afterwards: 0 is good, 125 cannot be tested, others below 128 are bad,
128 and above end the search. RANGEFINDER_COMMIT names the commit.

Exit codes: 0 found; 2 the words are wrong, or contradict what is found; 3 the
repository cannot be read; 125 it cannot be told which of the commits it is: an
object is missing, or a shallow clone ends before it.`;

export const PROBE_HELP = `
Examples:
  rangefinder probe v4.15 --where "style(arm-smmu) ~ 'probe@*'"
  git bisect run rangefinder probe --not --where "style(arm-smmu) ~ 'probe@*'"
      the first commit where it holds: git takes exit code 0 for good (old)
  git bisect run rangefinder probe --where "symbol(bus_set_iommu) in include/linux/iommu.h"
      the first commit where it holds no longer
${LANGUAGE}

Exit codes: 0 it holds; 1 it does not (with --not the other way round); 125 it
cannot be told; 2 the words are wrong; 3 the repository cannot be read.
git bisect run takes 2 and 3 for bad: try the words on one commit first.`;
