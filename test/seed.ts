/**
 * Properties are tried on the same cases in every run, so that a failure is due to the change that is tested;
 * `SEED=N npm test` tries others.
 */
import fc from 'fast-check';

const { SEED = '20261123' } = process.env;
if (!/^\d{1,9}$/.test(SEED))
	throw new Error(`SEED is a number of at most nine digits, not ${SEED}`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(SEED) });
