import type { Integration } from '../telemetry';

/** The browser's note that an observer will go on in the next frame; it is no fault of the page. */
const RESIZE_OBSERVER_NOTE = /^ResizeObserver loop/;

/** All that a browser tells about an error in a script of another origin loaded without CORS. */
const OPAQUE = /^Script error\.?$/;

/**
 * Reports uncaught errors and unhandled rejections. `ResizeObserver loop` notes are left out; a cross-origin
 * `Script error.`, which has no message, file or stack, is counted under `error_type="CrossOriginError"`.
 */
export function errors(): Integration {
  return {
    name: 'errors',
    setup(telemetry, { window }) {
      const onError = (event: ErrorEvent) => {
        if (RESIZE_OBSERVER_NOTE.test(event.message)) return;
        const opaque = !event.error && OPAQUE.test(event.message);
        const error: unknown =
          event.error ??
          Object.assign(new Error(event.message), {
            stack: '',
            ...(opaque ? { name: 'CrossOriginError' } : {}),
          });
        const place = event.filename ? { source: `${event.filename}:${event.lineno}:${event.colno}` } : {};
        telemetry.trackError(error, { handled: false, mechanism: 'onerror', ...place });
      };
      const onRejection = ({ reason }: PromiseRejectionEvent) => {
        telemetry.trackError(reason, { handled: false, mechanism: 'onunhandledrejection' });
      };
      window.addEventListener('error', onError);
      window.addEventListener('unhandledrejection', onRejection);
      return () => {
        window.removeEventListener('error', onError);
        window.removeEventListener('unhandledrejection', onRejection);
      };
    },
  };
}
