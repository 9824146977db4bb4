import { randomBytes } from 'node:crypto';
import { get } from 'node:http';

/**
 * Opens the WebSocket on which a game is told live, waits for its first word and reads nothing of it. Answers what breaks it
 * off without a word. An own handshake (https://www.rfc-editor.org/rfc/rfc6455#section-4.1), because Node 20 has no WebSocket client.
 */
export function watchSession(game: string, id: number | string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const request = get(`${game}/api/game/sessions/${id}/live`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    request.once('upgrade', (_response, socket, head) => {
      const told = () => resolve(() => socket.destroy());
      socket.on('error', () => {});
      // The first word may have come in one packet with the handshake.
      if (head.length > 0) told();
      else socket.once('data', told);
      socket.resume();
    });
    request.once('response', (response) => {
      response.resume();
      reject(new Error(`the live game of session ${id} answered ${response.statusCode}`));
    });
    request.once('error', reject);
  });
}
