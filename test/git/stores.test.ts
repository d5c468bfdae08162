/** Both stores on every kind of repository, and what the embedded one leaves to git. */
import { describe } from 'mocha';
import { openEmbeddedStore } from '../../src/git/embedded-store.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { conforms } from './conformance.ts';
import { COMMON_KINDS, NATIVE_KINDS } from './repositories.ts';

const ENV = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };

describe('the native store', () => {
	for (const [kind, make] of Object.entries({ ...COMMON_KINDS, ...NATIVE_KINDS })) {
		describe(`on a repository that is ${kind}`, () => {
			conforms(make, (dir) => openNativeStore(dir, { env: ENV }), { patches: true });
		});
	}
});

describe('the embedded store', () => {
	for (const [kind, make] of Object.entries(COMMON_KINDS)) {
		describe(`on a repository that is ${kind}`, () => {
			conforms(make, openEmbeddedStore, { patches: false });
		});
	}
});
