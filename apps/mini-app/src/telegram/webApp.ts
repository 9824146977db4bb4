/** The part of `window.Telegram.WebApp` that this app uses; every member may be missing in an older client. */
export interface WebApp {
  readonly colorScheme?: string;
  ready?(): void;
  expand?(): void;
  close?(): void;
  onEvent?(type: string, listener: () => void): void;
  readonly HapticFeedback?: {
    impactOccurred?(style: string): void;
    notificationOccurred?(type: string): void;
  };
}

declare global {
  interface Window {
    Telegram?: { WebApp?: WebApp };
  }
}
