import { Component, type ContextType, type ErrorInfo, type ReactNode } from 'react';
import { captureOnce, eventIdOf } from './captureOnce';
import { ErrorCard } from './ErrorCard';
import { TelemetryContext } from './TelemetryContext';

/** What a fallback is given. */
export interface FallbackProps {
  /** What was thrown: nearly always an `Error`, but JavaScript may throw anything. */
  readonly error: unknown;
  /** Renders the children anew. */
  readonly resetError: () => void;
  /** Id of the report, the same in Sentry and in the logs: something a player can quote. */
  readonly eventId: string;
}

/** Adds to a report before it leaves. */
export interface CaptureScope {
  /** Adds a tag that Sentry can search by, and a field of the log line. */
  setTag(name: string, value: string | number | boolean): void;
  /** Adds a group of facts. */
  setContext(name: string, context: Readonly<Record<string, unknown>>): void;
}

/** Props of `ErrorBoundary`. */
export interface ErrorBoundaryProps {
  readonly children?: ReactNode;
  /** What to show in place of the children: a node, or a function of the error. A small card when left out. */
  readonly fallback?: ReactNode | ((props: FallbackProps) => ReactNode);
  /** Name of this boundary in its reports. */
  readonly name?: string;
  /** When one of these changes while the fallback is shown, the children are rendered anew. */
  readonly resetKeys?: readonly unknown[];
  /** Called once the error is reported. */
  readonly onError?: (error: unknown, componentStack: string) => void;
  /** Called before the children are rendered anew. */
  readonly onReset?: () => void;
  /** Called before the error is reported, to add to the report; what it throws is thrown after that. */
  readonly beforeCapture?: (scope: CaptureScope, error: unknown, componentStack: string) => void;
}

interface State {
  readonly caught: { readonly error: unknown; readonly eventId: string } | undefined;
}

function differ(one: readonly unknown[] = [], other: readonly unknown[] = []): boolean {
  return one.length !== other.length || one.some((key, index) => !Object.is(key, other[index]));
}

/**
 * Shows a fallback in place of a subtree that threw, and reports the error once: to the client, where it counts in
 * `frontend_error_total`, and to Sentry where the app has it, handled and with the component stack.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  static override contextType = TelemetryContext;
  declare context: ContextType<typeof TelemetryContext>;

  override state: State = { caught: undefined };

  /** @internal */
  static getDerivedStateFromError(error: unknown): State {
    return { caught: { error, eventId: eventIdOf(error) } };
  }

  /** @internal */
  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    const { name, beforeCapture, onError } = this.props;
    const componentStack = info.componentStack ?? '';
    const tags: Record<string, string | number | boolean> = name === undefined ? {} : { boundary: name };
    const contexts: Record<string, Readonly<Record<string, unknown>>> = {};
    const scope: CaptureScope = {
      setTag(tag, value) {
        tags[tag] = value;
      },
      setContext(key, context) {
        contexts[key] = context;
      },
    };
    try {
      beforeCapture?.(scope, error, componentStack);
    } finally {
      captureOnce(this.context, error, {
        mechanism: 'auto.function.react.error_boundary',
        handled: true,
        componentStack,
        tags,
        contexts,
        eventId: this.state.caught?.eventId ?? eventIdOf(error),
      });
    }
    onError?.(error, componentStack);
  }

  /** @internal */
  override componentDidUpdate(before: ErrorBoundaryProps, { caught }: State): void {
    // Not on the update in which the error came: its keys may be what made it.
    if (this.state.caught && caught && differ(before.resetKeys, this.props.resetKeys)) this.resetError();
  }

  /** Renders the children anew. */
  readonly resetError = (): void => {
    this.props.onReset?.();
    this.setState({ caught: undefined });
  };

  /** @internal */
  override render(): ReactNode {
    const { caught } = this.state;
    const { children, fallback } = this.props;
    if (!caught) return children;
    if (typeof fallback === 'function') return fallback({ ...caught, resetError: this.resetError });
    return fallback === undefined ? <ErrorCard error={caught.error} onRetry={this.resetError} /> : fallback;
  }
}
