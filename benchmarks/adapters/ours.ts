import { apiCalls, errors, pageLoad, telegram, webVitals } from '../../packages/core/dist/index.js';
import { ourAdapter } from './ourAdapter';

/** The client with every integration, Telegram's included. */
export const { start, event } = ourAdapter(() => [webVitals(), pageLoad(), apiCalls(), errors(), telegram()]);
