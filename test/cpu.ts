/** What a test that limits time measures: other programs on the machine take wall clock, not this. */

/** CPU milliseconds that this process has taken, of all its threads. */
export function cpuTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

/** CPU milliseconds that a run takes, of all threads of the process. */
export function cpuTaken(run: () => void): number {
	const start = cpuTime();
	run();
	return cpuTime() - start;
}
