import { randomBytes } from 'node:crypto';
import { get } from 'node:http';

/**
 * Opens the WebSocket on which a game is told live, and reads nothing of it. Answers what closes it. An own handshake
 * (https://www.rfc-editor.org/rfc/rfc6455#section-4.1), because Node 20 has no WebSocket client.
 */
export function watchSession(game: string, id: number): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const request = get(`${game}/api/game/sessions/${id}/live`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    request.once('upgrade', (_response, socket) => {
      socket.on('error', () => {});
      socket.resume();
      resolve(() => socket.destroy());
    });
    request.once('response', (response) => {
      response.resume();
      reject(new Error(`the live game of session ${id} answered ${response.statusCode}`));
    });
    request.once('error', reject);
  });
}
