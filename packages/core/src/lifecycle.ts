import { attempt, type Environment, listen } from './environment';

/** The part of `window.Telegram.WebApp` that is read here; older ones lack some of it, and any of it may throw. */
export interface TelegramWebApp {
  onEvent(type: string, run: (event?: { readonly isStateStable?: boolean }) => void): void;
  offEvent(type: string, run: () => void): void;
  close(): void;
  readonly initData: string;
  readonly platform: unknown;
  readonly version: unknown;
  readonly colorScheme: unknown;
  readonly isFullscreen: unknown;
  readonly isActive: unknown;
  readonly viewportStableHeight: number;
}

/** What telegram-web-app.js has made, where it is there. */
export function telegramWebApp(environment: Environment): Partial<TelegramWebApp> {
  const { Telegram } = environment as { Telegram?: { WebApp?: Partial<TelegramWebApp> } };
  return Telegram?.WebApp ?? {};
}

/** What Telegram's web clients send to the frame of a Mini App: `{"eventType":"visibility_changed","eventData":…}`. */
const VISIBILITY = /"visibility_changed".*"is_visible": ?(true|false)/;

/**
 * Watches the page's life; answers how to stop. Which of `visibilitychange`, `pagehide`, `freeze` and Telegram's
 * `deactivated` comes, and in which order, differs from client to client
 * (https://github.com/Telegram-Mini-Apps/issues/issues/26), so each of them means the same and all may come.
 */
export function watchLifecycle(
  environment: Environment,
  /** The page may die at any moment from now; `last` when it surely runs no more code in this life. */
  onHide: (last: boolean) => void,
  /** It is seen again, is back from the back/forward cache, or the network is: a good moment to send. */
  onShow: () => void,
): () => void {
  const { document } = environment;
  const hide = () => onHide(false);
  const leave = () => onHide(true);
  const stop = listen([
    [document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? hide() : onShow())],
    [environment, 'pagehide', leave],
    [document, 'freeze', leave],
    [environment, 'pageshow', ({ persisted }: PageTransitionEvent) => persisted && onShow()],
    [document, 'resume', onShow],
    [environment, 'online', onShow],
    [
      environment,
      'message',
      ({ data }: MessageEvent) => {
        const visible = typeof data === 'string' && VISIBILITY.exec(data)?.[1];
        if (visible) visible === 'true' ? onShow() : hide();
      },
    ],
  ]);
  // An old or foreign bridge may throw; the page's own events remain.
  const tell = (verb: 'onEvent' | 'offEvent') =>
    attempt(() => {
      const telegram = telegramWebApp(environment);
      telegram[verb]?.('deactivated', hide);
      telegram[verb]?.('activated', onShow);
    });
  tell('onEvent');
  return () => {
    stop();
    tell('offEvent');
  };
}
