import { eventIdOf } from '@artel/telemetry-core';
import { Component, type ContextType, type ErrorInfo, type ReactNode } from 'react';
import { TelemetryContext } from '../TelemetryProvider';
import { captureOnce } from './captureOnce';
import { isControlFlow } from './controlFlow';
import { ErrorCard } from './ErrorCard';

/** What a fallback receives. */
export interface FallbackProps {
  /** What was thrown: nearly always an `Error`, but JavaScript may throw anything. */
  readonly error: unknown;
  /** Renders the children again. */
  readonly resetError: () => void;
  /** Id of the report, the same in Sentry and in the logs, for a player to quote. */
  readonly eventId: string;
}

/** Adds to a report before it is sent. */
export interface CaptureScope {
  /** Adds a tag, by which Sentry can search, and a field of the log line. */
  setTag(name: string, value: string | number | boolean): void;
  /** Adds a group of facts. */
  setContext(name: string, context: Readonly<Record<string, unknown>>): void;
}

/** Props of `ErrorBoundary`. */
export interface ErrorBoundaryProps {
  readonly children?: ReactNode;
  /** What is shown in place of the children: a node, or a function of the error. Default: a small card. */
  readonly fallback?: ReactNode | ((props: FallbackProps) => ReactNode);
  /** Name of this boundary in its reports. Default: none. */
  readonly name?: string;
  /** The children are rendered again when one of these changes while the fallback is shown. Default: none. */
  readonly resetKeys?: readonly unknown[];
  /** Called after the error is reported. */
  readonly onError?: (error: unknown, componentStack: string) => void;
  /** Called before the children are rendered again. */
  readonly onReset?: () => void;
  /** Called before the error is reported, to add to the report. If it throws, the error is still reported. */
  readonly beforeCapture?: (scope: CaptureScope, error: unknown, componentStack: string) => void;
}

interface State {
  readonly error?: unknown;
  /** Set while the fallback is shown. */
  readonly eventId?: string | undefined;
}

/**
 * Shows a fallback in place of a subtree that threw, and reports the error once: to the client, which counts it in
 * `frontend_error_total`, and to Sentry if the app uses it, as handled and with the component stack. The control flow of
 * frameworks, such as Next's `redirect()`, passes through.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  static override contextType = TelemetryContext;
  declare context: ContextType<typeof TelemetryContext>;

  override state: State = {};

  /** @internal */
  static getDerivedStateFromError(error: unknown): State {
    // As Next's own boundaries do: the next boundary above receives it, and `componentDidCatch` is not called.
    if (isControlFlow(error)) throw error;
    return { error, eventId: eventIdOf(error) };
  }

  /** @internal */
  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    const { name, beforeCapture, onError } = this.props;
    const componentStack = info.componentStack ?? '';
    const tags: Record<string, string | number | boolean> = name ? { boundary: name } : {};
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
        componentStack,
        tags,
        contexts,
        eventId: this.state.eventId,
      });
    }
    onError?.(error, componentStack);
  }

  /** @internal */
  override componentDidUpdate(before: ErrorBoundaryProps, { eventId }: State): void {
    // Not in the update that brought the error: its keys may be the cause.
    if (
      this.state.eventId &&
      eventId &&
      this.props.resetKeys?.some((key, index) => !Object.is(key, before.resetKeys?.[index]))
    ) {
      this.resetError();
    }
  }

  /** Renders the children again. */
  readonly resetError = (): void => {
    this.props.onReset?.();
    this.setState({ eventId: undefined });
  };

  /** @internal */
  override render(): ReactNode {
    const { error, eventId } = this.state;
    const { children, fallback = ErrorCard } = this.props;
    if (!eventId) return children;
    return typeof fallback === 'function'
      ? fallback({ error, eventId, resetError: this.resetError })
      : fallback;
  }
}
