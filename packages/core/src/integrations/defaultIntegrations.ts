import { attempt } from '../page/environment';
import type { Integration } from '../telemetry';
import { apiCalls } from './apiCalls/apiCalls';
import { errors } from './errors';
import { pageLoad } from './pageLoad';
import { isTelegram } from './telegram/isTelegram';
import { telegram } from './telegram/telegram';
import { webVitals } from './webVitals/webVitals';

/**
 * Returns what watches a page unless the app says otherwise: `webVitals`, `pageLoad`, `apiCalls` and `errors`, and
 * `telegram` where Telegram is present. Call it while the app's first module is evaluated, as `telegram`.
 */
export function defaultIntegrations(): readonly Integration[] {
  // There is no window on a server.
  const inTelegram = attempt(() => isTelegram(window));
  return [...(inTelegram ? [telegram()] : []), webVitals(), pageLoad(), apiCalls(), errors()];
}
