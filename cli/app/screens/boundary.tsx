/** Stands between ink and the app: ink would draw the error of a component as it is, with whatever it quotes. */
import { Component, type ReactNode } from 'react';

interface BoundaryProps {
	/** Told of the error that a component threw; nothing more is drawn. */
	readonly onError: (error: unknown) => void;
	readonly children: ReactNode;
}

export class ErrorBoundary extends Component<BoundaryProps, { readonly failed: boolean }> {
	override state = { failed: false };

	static getDerivedStateFromError() {
		return { failed: true };
	}

	override componentDidCatch(error: unknown) {
		this.props.onError(error);
	}

	override render(): ReactNode {
		return this.state.failed ? null : this.props.children;
	}
}
