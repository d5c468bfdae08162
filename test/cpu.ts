/** What a test that limits time measures: other programs on the machine take wall clock, not this. */

/** CPU milliseconds that a run takes, of all threads of the process. */
export function cpuTaken(run: () => void): number {
	const start = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(start);
	return (user + system) / 1000;
}
