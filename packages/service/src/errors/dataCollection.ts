import { sentryCollection } from '@artel/telemetry-protocol/scrub';
import type { NodeOptions } from '@sentry/node';

/** Nothing, and every category that this SDK knows is spoken of: the compiler sees to that. */
export const dataCollection = sentryCollection satisfies Required<NonNullable<NodeOptions['dataCollection']>>;
