import { expect, it } from 'vitest';
import { endpointTemplate } from './endpointTemplate';

it.each([
  ['/sessions/42', '/sessions/:id'],
  ['https://api.test/sessions/42/pot?ball=7#x', '/sessions/:id/pot'],
  ['//api.test/users/3f2b8c1e-9a4d-4f6b-8c2d-1e5a7b9c0d3f', '/users/:id'],
  ['/files/deadbeef01', '/files/:id'],
  ['/t/V1StGXR8Z5jdHi6BmyT7a', '/t/:id'],
  ['/kolkhoz/leaderboard', '/kolkhoz/leaderboard'],
  ['sessions/7', '/sessions/:id'],
  ['https://api.test', '/'],
  ['', '/'],
])('%s becomes %s', (url, template) => {
  expect(endpointTemplate(url)).toBe(template);
  expect(endpointTemplate(template)).toBe(template);
});

it('cuts a long path at a code point', () => {
  for (const length of [125, 126, 127]) {
    expect(endpointTemplate(`/${'x'.repeat(length)}\u{1f3b1}\u{1f3b1}`)).toMatch(
      /^\/x{1,126}(?:\u{1f3b1})?\u2026?$/u,
    );
  }
});
