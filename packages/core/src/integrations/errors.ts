import { listen } from '../page/environment';
import type { Integration } from '../telemetry';

/** The browser's note that an observer continues in the next frame; it is not an error of the page. */
const RESIZE_OBSERVER_NOTE = /^(?:Uncaught )?ResizeObserver loop/;

/** All that a browser says about an error in a script of another origin loaded without CORS. */
const OPAQUE = /^(?:Uncaught )?Script error\.?$/;

/**
 * Reports uncaught errors and unhandled rejections. `ResizeObserver loop` notes and resources that could not be loaded
 * are left out; a cross-origin `Script error.`, which has no message, file or stack, is counted under
 * `error_type="CrossOriginError"`.
 */
export function errors(): Integration {
  return {
    name: 'errors',
    setup({ telemetry, environment }) {
      const report = (error: unknown, mechanism: string, place?: object) =>
        telemetry.trackError(error, { handled: false, mechanism, ...place });
      const stop = listen([
        [
          environment,
          'error',
          ({ error, message, filename, lineno, colno }: ErrorEvent) => {
            // An image or a script that could not be loaded passes here too, without a message.
            if (typeof message !== 'string' || RESIZE_OBSERVER_NOTE.test(message)) return;
            const name = OPAQUE.test(message) ? 'CrossOriginError' : 'Error';
            report(
              error ?? Object.assign(new Error(message), { stack: '', name }),
              'onerror',
              filename ? { source: `${filename}:${lineno}:${colno}` } : {},
            );
          },
        ],
        [
          environment,
          'unhandledrejection',
          ({ reason }: PromiseRejectionEvent) => report(reason, 'onunhandledrejection'),
        ],
      ]);
      return { stop };
    },
  };
}
