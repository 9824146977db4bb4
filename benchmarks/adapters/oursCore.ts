import { ourAdapter } from './ourAdapter';

/** The client without integrations. */
export const { start, event } = ourAdapter(() => []);
