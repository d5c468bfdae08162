/** The rules that are checked, in the order in which a reviewer would ask. */
import type { Profile } from '../../driver/profile.ts';
import type { Rule } from '../situation.ts';
import { dmaAtProbe } from './dma-at-probe.ts';
import { installsBeforeState } from './installs-before-state.ts';
import { keepsInstalling } from './keeps-installing.ts';
import { keepsRegistering } from './keeps-registering.ts';
import { lookupDefers } from './lookup-defers.ts';
import { namesExist } from './names-exist.ts';
import { registeredWithCore } from './registered-with-core.ts';
import { registersAsBefore } from './registers-as-before.ts';
import { registersOnce } from './registers-once.ts';
import { symbolsExist } from './symbols-exist.ts';
import { takesBusUnchecked } from './takes-bus-unchecked.ts';
import { undoneOnFailure } from './undone-on-failure.ts';
import { unregistersAsBefore } from './unregisters-as-before.ts';

/** For IOMMU drivers. */
export const rules: readonly Rule[] = [
	symbolsExist,
	takesBusUnchecked,
	keepsInstalling,
	lookupDefers,
	dmaAtProbe,
	registeredWithCore,
	installsBeforeState,
	registersOnce,
	unregistersAsBefore,
	undoneOnFailure,
];

/** For drivers of any kind. */
export const anyDriverRules: readonly Rule[] = [
	namesExist,
	keepsRegistering,
	registersAsBefore,
	registersOnce,
	unregistersAsBefore,
];

/** Those that are about the drivers of a profile, out of the rules for its subsystem. */
export function rulesFor(
	ofSubsystem: readonly Rule[],
	{ anyDriver }: Pick<Profile, 'anyDriver'>,
): readonly Rule[] {
	return anyDriver === undefined ? ofSubsystem : anyDriverRules;
}
