/** Every demand of a capability on the drivers of its tree. A further one is a file beside this, and its test. */
import type { Demand } from './demand.ts';
import { registersInProbe } from './registers-in-probe.ts';

export const DEMANDS: readonly Demand[] = [registersInProbe];
