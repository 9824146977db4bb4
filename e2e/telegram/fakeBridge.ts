import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** What the page has posted to Telegram. */
    posted: [event: string, data: string][];
    TelegramWebviewProxy?: { postEvent(event: string, data: string): void };
  }
}

/** A native client's side of the bridge, as far as pages can tell. Call it before the page is opened. */
export async function installBridge(page: Page, { throws = false } = {}): Promise<void> {
  await page.addInitScript((hostile) => {
    window.posted = [];
    window.TelegramWebviewProxy = {
      postEvent(event, data) {
        window.posted.push([event, data]);
        if (hostile) throw new Error('Error invoking postEvent: Java object is gone');
      },
    };
  }, throws);
}

/** Says something to the page as iOS and the desktops do. */
export async function say(page: Page, event: string, data: unknown): Promise<void> {
  await page.evaluate(
    ([name, facts]) => {
      const { TelegramGameProxy } = window as unknown as {
        readonly TelegramGameProxy: { receiveEvent(event: string, data: unknown): void };
      };
      TelegramGameProxy.receiveEvent(name, facts);
    },
    [event, data] as const,
  );
}

/** The player goes to another chat, or comes back. The document stays visible. */
export function setVisible(page: Page, is_visible: boolean): Promise<void> {
  return say(page, 'visibility_changed', { is_visible });
}
