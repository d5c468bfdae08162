/** The rules that are checked, in the order in which a reviewer would ask. */
import type { Rule } from '../situation.ts';
import { dmaAtProbe } from './dma-at-probe.ts';
import { installsBeforeState } from './installs-before-state.ts';
import { keepsInstalling } from './keeps-installing.ts';
import { lookupDefers } from './lookup-defers.ts';
import { registeredWithCore } from './registered-with-core.ts';
import { symbolsExist } from './symbols-exist.ts';
import { takesBusUnchecked } from './takes-bus-unchecked.ts';

export const rules: readonly Rule[] = [
	symbolsExist,
	takesBusUnchecked,
	keepsInstalling,
	lookupDefers,
	dmaAtProbe,
	registeredWithCore,
	installsBeforeState,
];
