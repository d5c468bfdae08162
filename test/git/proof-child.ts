/** A process that proves the same again and again, to be killed: DIR AREA TARGET COMMIT. */
import { openNativeStore } from '../../src/git/native-store.ts';
import { prove } from '../../src/git/proof.ts';
import { demandGit } from '../../src/git/store.ts';

const [dir = '', temporary = '', target = '', commit = ''] = process.argv.slice(2);
const store = await openNativeStore(dir, { env: process.env });
const world = { env: process.env, pid: process.pid, isRunning: () => true, temporary };
for (;;) await prove(demandGit(store, 'a proof'), target, [{ commit }], world);
