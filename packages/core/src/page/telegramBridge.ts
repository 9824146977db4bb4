import type { TelegramEventData } from '../telemetry';
import { attempt, type Environment, listen } from './environment';

// Stub until the integrations are merged.
export function telegramWebApp(environment: Environment): {
  close?(): void;
  onEvent?(e: string, run: () => void): void;
} {
  return (environment as { Telegram?: { WebApp?: object } }).Telegram?.WebApp ?? {};
}
export function watchTelegram(
  environment: Environment,
  onEvent: (event: string, data: TelegramEventData) => void,
): () => void {
  attempt(() => {
    telegramWebApp(environment).onEvent?.('deactivated', () =>
      onEvent('visibility_changed', { is_visible: false }),
    );
    telegramWebApp(environment).onEvent?.('activated', () =>
      onEvent('visibility_changed', { is_visible: true }),
    );
  });
  return listen([]);
}
