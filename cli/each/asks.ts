/** What the engine is asked of each patch: its options without what cannot cross to a thread. */
import type { RangeOptions } from '../engine.ts';
import type { LintOptions } from '../engines/lint.ts';

export type RangeAsk = Omit<RangeOptions, 'input' | 'progress' | 'read' | 'interruptible'>;
export type LintAsk = Omit<LintOptions, 'progress'>;
