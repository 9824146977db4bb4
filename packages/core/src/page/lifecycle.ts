import { type Environment, listen } from './environment';

interface LifecycleDeps {
  readonly environment: Environment;
  /** The page may die at any moment; `last` when it surely runs no more code in this life. */
  readonly onHide: (last: boolean) => void;
  /** The page is visible again, restored from the back/forward cache, or online: a good moment to send. */
  readonly onShow: () => void;
}

/**
 * Watches the page's life. Returns how to stop. Which of `visibilitychange`, `pagehide`, `freeze` and Telegram's
 * `deactivated` comes, and in which order, differs between clients
 * (https://github.com/Telegram-Mini-Apps/issues/issues/26), so each of them means the same and all may come.
 */
export function watchLifecycle({ environment, onHide, onShow }: LifecycleDeps): () => void {
  const { document } = environment;
  const leave = () => onHide(true);
  return listen([
    [document, 'visibilitychange', () => (document.hidden ? onHide(false) : onShow())],
    [environment, 'pagehide', leave],
    [document, 'freeze', leave],
    [environment, 'pageshow', ({ persisted }: PageTransitionEvent) => persisted && onShow()],
    [document, 'resume', onShow],
    [environment, 'online', onShow],
  ]);
}
