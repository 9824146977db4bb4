import { ambientTelemetry } from './ambientTelemetry';
import { captureOnce } from './captureOnce';
import { ErrorBoundary } from './ErrorBoundary';
import { showError } from './showError';

/** What React tells a root's handlers beside the error. */
interface RootErrorInfo {
  readonly componentStack?: string | null | undefined;
  /** The boundary that caught it; React 19 tells. */
  readonly errorBoundary?: unknown;
}

type RootErrorHandler = (error: unknown, info: RootErrorInfo) => void;

/** Options for `createRoot` and `hydrateRoot`. */
export interface ReactErrorHandlers {
  readonly onUncaughtError: RootErrorHandler;
  readonly onCaughtError: RootErrorHandler;
  readonly onRecoverableError: RootErrorHandler;
}

function createHandler(kind: string, handled: boolean): RootErrorHandler {
  return (error, info) => {
    // Our own boundary reports with its name and tags as soon as React is done with this handler.
    if (!(info.errorBoundary instanceof ErrorBoundary)) {
      const componentStack = info.componentStack;
      captureOnce(ambientTelemetry, error, {
        handled,
        mechanism: `auto.function.react.${kind}`,
        ...(componentStack ? { componentStack } : {}),
      });
    }
    showError(error, !handled);
  };
}

/**
 * Handlers for a root: `createRoot(element, reactErrorHandlers())`. They report what no boundary of ours saw (uncaught
 * errors, those of other boundaries, failed hydrations) and show every error in the console as React would.
 */
export function reactErrorHandlers(): ReactErrorHandlers {
  return {
    onUncaughtError: createHandler('uncaught_error', false),
    onCaughtError: createHandler('caught_error', true),
    onRecoverableError: createHandler('recoverable_error', true),
  };
}
