import { ambientTelemetry } from '../ambientTelemetry';
import { captureOnce } from './captureOnce';
import { ErrorBoundary } from './ErrorBoundary';

/** What React passes to a root's handlers besides the error. */
interface RootErrorInfo {
  readonly componentStack?: string | null | undefined;
  /** The boundary that caught it. Since React 19. */
  readonly errorBoundary?: unknown;
}

type RootErrorHandler = (error: unknown, info: RootErrorInfo) => void;

/** Options for `createRoot` and `hydrateRoot`. */
export interface ReactErrorHandlers {
  readonly onUncaughtError: RootErrorHandler;
  readonly onCaughtError: RootErrorHandler;
  readonly onRecoverableError: RootErrorHandler;
}

function createHandler(kind: string, handled = true): RootErrorHandler {
  return (error, { componentStack, errorBoundary }) => {
    // Our own boundary reports with its name and tags right after this handler.
    if (!(errorBoundary instanceof ErrorBoundary)) {
      captureOnce(ambientTelemetry, error, {
        handled,
        mechanism: `auto.function.react.${kind}`,
        ...(componentStack ? { componentStack } : {}),
      });
    }
    // Handlers replace React's own, which show the error: https://react.dev/reference/react-dom/client/createRoot#parameters
    // Listeners of `window.onerror` recognise an object that was reported before. They would count a primitive again, and
    // Sentry an object that it cannot mark.
    if (!handled && Object.isExtensible(error) && typeof reportError === 'function') reportError(error);
    // biome-ignore lint/suspicious/noConsole: stands in for React's own console.error
    else console.error(error);
  };
}

/**
 * Returns handlers for a root: `createRoot(element, reactErrorHandlers())`. They report what no boundary of ours caught
 * (uncaught errors, those of other boundaries, failed hydrations) and show every error in the console as React would.
 */
export function reactErrorHandlers(): ReactErrorHandlers {
  return {
    onUncaughtError: createHandler('uncaught_error', false),
    onCaughtError: createHandler('caught_error'),
    onRecoverableError: createHandler('recoverable_error'),
  };
}
