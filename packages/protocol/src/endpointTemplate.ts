import { truncate } from './scrub/truncate';

const ID = /^(?:\d+|[\da-f]{8}-[\da-f-]{27}|(?=\D*\d)[\da-f]{8,}|(?=\D*\d)[\w-]{20,})$/i;

/**
 * Returns the path of a URL as a template: without origin, query and fragment, and with `:id` in place of each segment
 * that is a number, a UUID, a long hex string or a long token. `https://x/sessions/42?a=1` becomes `/sessions/:id`.
 */
export function endpointTemplate(url: string): string {
  const path = url
    .slice(0, 2_048)
    .replace(/^[a-z][\w+.-]*:\/\/[^/?#]*|^\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/s, '');
  const segments = path.split('/', 12).map((segment) => (ID.test(segment) ? ':id' : segment));
  const template = truncate(segments.join('/'), 128);
  return template[0] === '/' ? template : `/${template}`;
}
