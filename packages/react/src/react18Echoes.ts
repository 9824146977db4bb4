import { version } from 'react';

let running = 0;

/** Tells whether what runs is only an echo: React 18 in development will say of the same error what became of it. */
export function isEcho(): boolean {
  return running > 0;
}

/**
 * React 18 in development runs each render and handler that fails within an event of an element of its own, so that the
 * page's `error` listeners hear of it, in renders that are then tried again, before a boundary may catch it, and before
 * it is thrown to the page in earnest where none does. Sentry's handlers are kept from these echoes; our own ask
 * `isEcho`. Answers how to undo it.
 * https://github.com/facebook/react/blob/v18.3.1/packages/shared/invokeGuardedCallbackImpl.js
 */
export function muffleEchoes(): () => void {
  if (!version.startsWith('18.')) return () => {};
  // The element is a <react>. Of the page's own elements none is unknown.
  const { prototype } = HTMLUnknownElement;
  const { addEventListener, dispatchEvent } = prototype;
  const isReacts = (type: string) => type.startsWith('react-');
  Object.assign(prototype, {
    addEventListener(this: EventTarget, ...[type, listener, options]: Parameters<typeof addEventListener>) {
      // Sentry wraps each listener, to report what it throws.
      const own = isReacts(type) ? Reflect.get(listener, '__sentry_original__') : undefined;
      addEventListener.call(this, type, own ?? listener, options);
    },
    dispatchEvent(this: EventTarget, event: Event) {
      if (!isReacts(event.type)) return dispatchEvent.call(this, event);
      const { onerror } = window;
      window.onerror = null;
      running += 1;
      try {
        return dispatchEvent.call(this, event);
      } finally {
        running -= 1;
        window.onerror = onerror;
      }
    },
  });
  return () => {
    Reflect.deleteProperty(prototype, 'addEventListener');
    Reflect.deleteProperty(prototype, 'dispatchEvent');
  };
}
