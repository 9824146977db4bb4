import type { Environment } from './environment';

/** What the page's life means to the client. */
export interface LifecycleHandlers {
  /** The page may die at any moment from now; `last` when it surely runs no more code in this life. */
  onHide(last: boolean): void;
  /** It is seen again, or the network is back: a good moment to send. */
  onShow(): void;
  /** It was frozen or in the back/forward cache and lives anew. */
  onRevive(): void;
}

interface TelegramWebApp {
  onEvent?(type: string, run: () => void): void;
  offEvent?(type: string, run: () => void): void;
  close?(): void;
}

/** `window.Telegram.WebApp`, where telegram-web-app.js has made it; older ones lack some of its verbs. */
export function telegramWebApp(window: Environment['window']): TelegramWebApp | undefined {
  return (window as { Telegram?: { WebApp?: TelegramWebApp } }).Telegram?.WebApp;
}

/** A client in a frame hears Telegram's web clients by message: `{"eventType":"visibility_changed",…}`. */
function telegramVisibility(event: MessageEvent): boolean | undefined {
  if (typeof event.data !== 'string' || !event.data.includes('"visibility_changed"')) return undefined;
  try {
    const data = JSON.parse(event.data) as { eventType?: unknown; eventData?: { is_visible?: unknown } };
    return data.eventType === 'visibility_changed' ? data.eventData?.is_visible === true : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Watches the page's life; answers how to stop. Which of `visibilitychange`, `pagehide`, `freeze` and Telegram's
 * `deactivated` comes, and in which order, differs from client to client
 * (https://github.com/Telegram-Mini-Apps/issues/issues/26), so each of them means the same and all may come.
 */
export function watchLifecycle({ window, document }: Environment, handlers: LifecycleHandlers): () => void {
  const undo: (() => void)[] = [];
  const on = (target: EventTarget, type: string, run: (event: Event) => void) => {
    target.addEventListener(type, run, { capture: true });
    undo.push(() => target.removeEventListener(type, run, { capture: true }));
  };

  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') handlers.onHide(false);
    else handlers.onShow();
  });
  on(window, 'pagehide', () => handlers.onHide(true));
  on(document, 'freeze', () => handlers.onHide(true));
  on(window, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) handlers.onRevive();
  });
  on(document, 'resume', handlers.onRevive);
  on(window, 'online', handlers.onShow);
  on(window, 'message', (event) => {
    const visible = telegramVisibility(event as MessageEvent);
    if (visible === false) handlers.onHide(false);
    else if (visible) handlers.onShow();
  });

  try {
    const telegram = telegramWebApp(window);
    const hide = () => handlers.onHide(false);
    telegram?.onEvent?.('deactivated', hide);
    telegram?.onEvent?.('activated', handlers.onShow);
    undo.push(() => {
      telegram?.offEvent?.('deactivated', hide);
      telegram?.offEvent?.('activated', handlers.onShow);
    });
  } catch {
    // An old or foreign bridge; the page's own events remain.
  }

  return () => {
    for (const run of undo.splice(0)) run();
  };
}
