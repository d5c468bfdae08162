/** Lines of a view as ink draws them, one below the other. */
import { Box, Text } from 'ink';
import type { Line } from '../views/text.ts';
import { paintLine } from './paint.ts';

export interface Looks {
	readonly width: number;
	/** With the terminal's colours. */
	readonly color: boolean;
}

export function Lines({ lines, width, color }: Looks & { readonly lines: readonly Line[] }) {
	return (
		<Box flexDirection="column" width={width}>
			{lines.map((line, i) => (
				// Lines have no identity but their place.
				<Text key={i} wrap="truncate-end">
					{paintLine(line, width, color) || ' '}
				</Text>
			))}
		</Box>
	);
}
