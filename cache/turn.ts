/**
 * One process at a time, on one machine. The turn is a socket's name in Linux's abstract namespace: the kernel gives
 * it to one process and takes it back when that one ends, however it ends, so nothing is ever left behind to be judged
 * by its age. Elsewhere, and where sockets are forbidden, nobody waits.
 */
import { createServer, type Server } from 'node:net';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two tries, at most; by chance, so that two who wait do not keep step. */
const PAUSE = 5;

/**
 * Does something while no other process does anything of the same name.
 * @param patience milliseconds to wait for the turn; after them it is done all the same
 */
export async function inTurn<T>(name: string, patience: number, run: () => Promise<T>): Promise<T> {
	const turn = platform() === 'linux' ? await take(`\0rangefinder/${name}`, patience) : undefined;
	try {
		return await run();
	} finally {
		turn?.close();
	}
}

async function take(path: string, patience: number): Promise<Server | undefined> {
	const until = performance.now() + patience;
	for (;;) {
		const server = await listen(path);
		if (server !== 'taken') return server;
		if (performance.now() >= until) return undefined;
		await sleep(Math.random() * PAUSE);
	}
}

function listen(path: string): Promise<Server | 'taken' | undefined> {
	return new Promise((resolve) => {
		const server = createServer((socket) => socket.destroy());
		server.once('error', (error) => {
			resolve('code' in error && error.code === 'EADDRINUSE' ? 'taken' : undefined);
		});
		server.listen({ path, exclusive: true }, () => {
			server.unref();
			resolve(server);
		});
	});
}
