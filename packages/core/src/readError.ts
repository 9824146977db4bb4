import { cleanFields } from '@artel/telemetry-protocol';

/** Name, message and stack of whatever was thrown; nothing that it does when read reaches the caller. */
export function readError(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
} {
  try {
    if (error instanceof Error) {
      const stack = typeof error.stack === 'string' ? { stack: error.stack } : {};
      return { name: String(error.name) || 'Error', message: String(error.message), ...stack };
    }
    if (typeof error === 'object' && error !== null) {
      return { name: 'NonError', message: JSON.stringify(cleanFields(error)) };
    }
    return { name: 'NonError', message: String(error) };
  } catch {
    return { name: 'NonError', message: 'an error that cannot be read' };
  }
}
