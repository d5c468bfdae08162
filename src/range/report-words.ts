/** The closed word lists of the contract, without the schema library. */

export { PLACEMENT_ORDER as PLACEMENT_RESULTS } from '../patch/conflict.ts';

export const BUG_STATES = ['absent', 'latent', 'masked', 'exposed', 'fixed', 'unknown'] as const;

/** From best to worst; the verdict of a release is the worst of its built configurations. */
export const VERDICTS = [
	'not-built',
	'not-needed',
	'superseded',
	'safe',
	'needs-prerequisites',
	'needs-rework',
	'unknown',
	'unsafe',
] as const;
